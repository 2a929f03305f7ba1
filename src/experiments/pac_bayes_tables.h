/* pac_bayes_tables.h - columns, default figures and claims of the experiment `pac-bayes`.
 */
#ifndef ERMINE_EXPERIMENTS_PAC_BAYES_TABLES_H
#define ERMINE_EXPERIMENTS_PAC_BAYES_TABLES_H

#include "experiments/experiment.h"

enum {
    ER_PAC_BAYES_BOUND,
    ER_PAC_BAYES_TRAIN,
    ER_PAC_BAYES_TEST,
    ER_PAC_BAYES_UPPER,
    ER_PAC_BAYES_ROOM,
    ER_PAC_BAYES_KL,
    ER_PAC_BAYES_RATIO,
    ER_PAC_BAYES_EXAMPLES,
    ER_PAC_BAYES_VARIANCE,
    ER_PAC_BAYES_DZIUGAITE_ROY,
    ER_PAC_BAYES_CLASSIC,
    ER_PAC_BAYES_QUADRATIC,
    ER_PAC_BAYES_NETWORK_TRAIN,
    ER_PAC_BAYES_NETWORK_TEST,
    ER_PAC_BAYES_EPOCHS,
    ER_PAC_BAYES_PARAMETERS,
    ER_PAC_BAYES_RUN_COLUMNS
};
enum {
    ER_PAC_BAYES_C_EPOCH,
    ER_PAC_BAYES_C_LOSS,
    ER_PAC_BAYES_C_KL,
    ER_PAC_BAYES_C_VALUE,
    ER_PAC_BAYES_CURVES
};

extern const struct er_column er_pac_bayes_run_column[], er_pac_bayes_curve_column[];
extern const struct er_default_figure er_pac_bayes_figure[];
extern const struct er_default_claim er_pac_bayes_claim[];

#endif
