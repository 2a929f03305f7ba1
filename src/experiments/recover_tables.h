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
    ER_RECOVER_VIOLATION,
    ER_RECOVER_GRADIENT,
    ER_RECOVER_ITERATIONS,
    ER_RECOVER_LAMBDA,
    ER_RECOVER_NUCLEAR,
    ER_RECOVER_FROBENIUS,
    ER_RECOVER_RANK,
    ER_RECOVER_EFFECTIVE_RANK,
    ER_RECOVER_USERS,
    ER_RECOVER_ITEMS,
    ER_RECOVER_REPEATED,
    ER_RECOVER_TRUTH_NUCLEAR,
    ER_RECOVER_TRUTH_RANK,
    ER_RECOVER_OBSERVATIONS,
    ER_RECOVER_VALUES
};

/* Of soft-impute that chooses its lambda, a record each. */
enum {
    ER_RECOVER_C_LAMBDA,
    ER_RECOVER_C_VALIDATION,
    ER_RECOVER_C_PRIMAL,
    ER_RECOVER_C_DUAL,
    ER_RECOVER_C_GAP,
    ER_RECOVER_C_ITERATIONS,
    ER_RECOVER_C_NUCLEAR,
    ER_RECOVER_C_RANK,
    ER_RECOVER_CURVES
};

extern const struct er_schema_row er_recover_row[];
extern const struct er_column er_recover_run_column[], er_recover_curve_column[];
extern const struct er_default_figure er_recover_figure[];

/* er_matrix_centre. */
const char *er_recover_keys_centre(const struct er_point *point);

/* The method of a point. */
struct er_method_spec er_recover_keys_spec(const struct er_point *point);

#endif
