/* posterior_tables.h - columns, default figures and claims, and keys of the experiment `posterior`.
 */
#ifndef ERMINE_EXPERIMENTS_POSTERIOR_TABLES_H
#define ERMINE_EXPERIMENTS_POSTERIOR_TABLES_H

#include "experiments/experiment.h"

enum {
    ER_POSTERIOR_ACCEPTANCE,
    ER_POSTERIOR_BAYES_FOUND,
    ER_POSTERIOR_SGD_FOUND,
    ER_POSTERIOR_FUNCTIONS,
    ER_POSTERIOR_COMPARED,
    ER_POSTERIOR_CORRELATION,
    ER_POSTERIOR_OVERLAP,
    ER_POSTERIOR_BAYES_ERRORS,
    ER_POSTERIOR_SGD_ERRORS,
    ER_POSTERIOR_CHANCE_ERRORS,
    ER_POSTERIOR_BAYES_TRUTH,
    ER_POSTERIOR_SGD_TRUTH,
    ER_POSTERIOR_WIDE_EVIDENCE,
    ER_POSTERIOR_WIDE_CORRELATION,
    ER_POSTERIOR_WIDE_OVERLAP,
    ER_POSTERIOR_WIDE_ERRORS,
    ER_POSTERIOR_RUN_COLUMNS
};
enum {
    ER_POSTERIOR_C_RANK,
    ER_POSTERIOR_C_BAYES,
    ER_POSTERIOR_C_SGD,
    ER_POSTERIOR_C_WIDE,
    ER_POSTERIOR_C_WRONG,
    ER_POSTERIOR_CURVE_COLUMNS
};

/* In that order, each ended by a column without name. */
extern const struct er_column er_posterior_run_column[], er_posterior_curve_column[];

/* Ended by a figure without mark, a claim without sentence, a row without path. */
extern const struct er_default_figure er_posterior_figure[];
extern const struct er_default_claim er_posterior_claim[];
extern const struct er_schema_row er_posterior_row[];

#endif
