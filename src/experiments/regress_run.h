/* regress_run.h - one run of `regress`: a point and its data -> the values and the curve of a record.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_RUN_H
#define ERMINE_EXPERIMENTS_REGRESS_RUN_H

#include <ermine/progress.h>
#include <ermine/regression.h>
#include <ermine/schema.h>

/* The run columns, in the order of regress_tables.c. */
enum er_regress_value {
    ER_REGRESS_PARAMETERS,
    ER_REGRESS_RANK,
    ER_REGRESS_CONDITION,
    ER_REGRESS_NORM,
    ER_REGRESS_TRAIN_MSE,
    ER_REGRESS_TRAIN_RMSE,
    ER_REGRESS_TRAIN_SSE,
    ER_REGRESS_TRAIN_ERROR,
    ER_REGRESS_VALIDATION_RMSE,
    ER_REGRESS_VALIDATION_ERROR,
    ER_REGRESS_TEST_MSE,
    ER_REGRESS_TEST_RMSE,
    ER_REGRESS_TEST_ERROR,
    ER_REGRESS_INTERPOLATES,
    ER_REGRESS_EXCESS_RISK,
    ER_REGRESS_THEORY_RISK,
    ER_REGRESS_BIAS2,
    ER_REGRESS_VARIANCE,
    ER_REGRESS_BIAS2_MEDIAN,
    ER_REGRESS_VARIANCE_MEDIAN,
    ER_REGRESS_TOTAL_RISK,
    ER_REGRESS_STEPS,
    ER_REGRESS_DISTANCE,
    ER_REGRESS_VALUES
};

/* The curve columns. */
enum er_regress_curve {
    ER_REGRESS_C_X,
    ER_REGRESS_C_TARGET,
    ER_REGRESS_C_TRUTH,
    ER_REGRESS_C_FIT,
    ER_REGRESS_C_SPREAD,
    ER_REGRESS_C_STEP,
    ER_REGRESS_C_TRAIN_MSE,
    ER_REGRESS_C_TEST_MSE,
    ER_REGRESS_C_EXCESS_RISK,
    ER_REGRESS_C_NORM,
    ER_REGRESS_C_DISTANCE,
    ER_REGRESS_CURVES
};

struct er_regress_result {
    const char *outcome;              /* "solved", "steps", "diverged" */
    char note[128];                   /* "" or a line for people */
    double value[ER_REGRESS_VALUES];  /* NaN: does not apply */
    double *curve[ER_REGRESS_CURVES]; /* n_curve each, of one block that curve[0] holds; NULL without any */
    int64_t n_curve;
};

/* Computes the run of a point on its split. Freed by er_regress_result_clear(); untouched on failure. Errors:
 * er_regress_keys_fit()'s with a place, those of its parts. */
enum er_status er_regress_run(const struct er_point *point, const struct er_data_places *places,
                              const struct er_regression_split *split, const struct er_progress *progress,
                              struct er_regress_result *out, struct er_error *err);

void er_regress_result_clear(struct er_regress_result *result);

#endif
