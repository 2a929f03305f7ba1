/* lazy_run.h - one run of `lazy`: a point and its data -> the values and the curve of a record.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_RUN_H
#define ERMINE_EXPERIMENTS_LAZY_RUN_H

#include "experiments/lazy_keys.h"
#include "experiments/run_spread.h"

#include <ermine/progress.h>
#include <ermine/regression.h>

/* The run columns, in the order of lazy_tables.c. */
enum er_lazy_value {
    ER_LAZY_STEPS,
    ER_LAZY_PARAMETERS,
    ER_LAZY_TRAIN_MSE,
    ER_LAZY_TEST_MSE,
    ER_LAZY_TRAIN_ERROR,
    ER_LAZY_TEST_ERROR,
    ER_LAZY_MOVEMENT,
    ER_LAZY_SIGN_FLIPS,
    ER_LAZY_KERNEL_DISTANCE,
    ER_LAZY_KERNEL_ANGLE,
    ER_LAZY_ALIGNMENT_START,
    ER_LAZY_ALIGNMENT,
    ER_LAZY_CENTRED_START,
    ER_LAZY_CENTRED,
    ER_LAZY_LINEAR_TEST_MSE,
    ER_LAZY_LINEAR_GAP,
    ER_LAZY_LIMIT_TEST_MSE,
    ER_LAZY_INFINITE_DISTANCE,
    ER_LAZY_VALUES
};

/* The curve columns. */
enum er_lazy_curve {
    ER_LAZY_C_STEP,
    ER_LAZY_C_TRAIN_MSE,
    ER_LAZY_C_TEST_MSE,
    ER_LAZY_C_TRAIN_ERROR,
    ER_LAZY_C_TEST_ERROR,
    ER_LAZY_C_MOVEMENT,
    ER_LAZY_C_SIGN_FLIPS,
    ER_LAZY_C_KERNEL_DISTANCE,
    ER_LAZY_C_ALIGNMENT,
    ER_LAZY_C_CENTRED,
    ER_LAZY_C_LINEAR_TEST_MSE,
    ER_LAZY_C_LINEAR_GAP,
    ER_LAZY_CURVES
};

/* Bytes of a run on n training and m test examples of d numbers. */
double er_lazy_run_bytes(const struct er_lazy_spec *spec, int64_t n, int64_t m, int64_t d);

/* Computes a run on its split, which has one target an example, and fills the result. Outcomes: "steps", "train_mse",
 * "diverged". ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_lazy_run(const struct er_lazy_spec *spec, const struct er_regression_split *split,
                           const struct er_progress *progress, struct er_spread_result *result,
                           struct er_error *err);

#endif
