/* recover_tables.h - keys, columns and default figures of the experiment `recover`. */
#ifndef ERMINE_EXPERIMENTS_RECOVER_TABLES_H
#define ERMINE_EXPERIMENTS_RECOVER_TABLES_H

#include "experiments/experiment.h"
#include "experiments/point.h"
#include "experiments/recover_method.h"

enum {
    ER_RECOVER_TEST_ERROR,
    ER_RECOVER_TEST_RMSE,
    ER_RECOVER_TEST_LOW,
    ER_RECOVER_TEST_HIGH,
    ER_RECOVER_TRAIN_ERROR,
    ER_RECOVER_TRAIN_RMSE,
    ER_RECOVER_PRIMAL,
    ER_RECOVER_DUAL,
    ER_RECOVER_GAP,
    ER_RECOVER_ITERATIONS,
    ER_RECOVER_LAMBDA,
    ER_RECOVER_NUCLEAR,
    ER_RECOVER_FROBENIUS,
    ER_RECOVER_RANK,
    ER_RECOVER_EFFECTIVE_RANK,
    ER_RECOVER_TRUTH_NUCLEAR,
    ER_RECOVER_TRUTH_RANK,
    ER_RECOVER_OBSERVATIONS,
    ER_RECOVER_VALUES
};

extern const struct er_schema_row er_recover_row[];
extern const struct er_column er_recover_run_column[], er_recover_curve_column[];
extern const struct er_default_figure er_recover_figure[];

/* The method of a point. */
struct er_method_spec er_recover_keys_spec(const struct er_point *point);

#endif
