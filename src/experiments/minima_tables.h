/* minima_tables.h - what a run of `minima` gives: its columns, and figures and claims of studies without their own.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_TABLES_H
#define ERMINE_EXPERIMENTS_MINIMA_TABLES_H

#include "experiments/experiment.h"

/* Of a run, and of a minimum: the records of its curve. */
enum {
    ER_MINIMA_FOUND,
    ER_MINIMA_TRIED,
    ER_MINIMA_ACCEPTANCE,
    ER_MINIMA_EPOCHS,
    ER_MINIMA_TRAIN_LOSS,
    ER_MINIMA_TRAIN_ERROR,
    ER_MINIMA_TEST_LOSS,
    ER_MINIMA_TEST_ERROR,
    ER_MINIMA_GAP,
    ER_MINIMA_DEVIATION,
    ER_MINIMA_MARGIN,
    ER_MINIMA_NORMALISED_LOSS,
    ER_MINIMA_NORM,
    ER_MINIMA_DISTANCE,
    ER_MINIMA_PARAMETERS,
    ER_MINIMA_COLUMNS
};
enum {
    ER_MINIMUM_NUMBER,
    ER_MINIMUM_TRIED,
    ER_MINIMUM_TRAIN_LOSS,
    ER_MINIMUM_TRAIN_ERROR,
    ER_MINIMUM_TEST_LOSS,
    ER_MINIMUM_TEST_ERROR,
    ER_MINIMUM_MARGIN,
    ER_MINIMUM_BIN,
    ER_MINIMUM_NORMALISED_LOSS,
    ER_MINIMUM_NORM,
    ER_MINIMUM_DISTANCE,
    ER_MINIMUM_EPOCHS,
    ER_MINIMUM_COLUMNS
};

extern const struct er_column er_minima_run_column[], er_minima_curve_column[];
extern const struct er_default_figure er_minima_figure[];
extern const struct er_default_claim er_minima_claim[];

#endif
