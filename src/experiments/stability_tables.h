/* stability_tables.h - columns, keys and figures of `stability`. */
#ifndef ERMINE_EXPERIMENTS_STABILITY_TABLES_H
#define ERMINE_EXPERIMENTS_STABILITY_TABLES_H

#include "experiments/experiment.h"

enum er_stability_value {
    ER_STABILITY_STEPS,
    ER_STABILITY_TRAIN_LOSS,
    ER_STABILITY_TRAIN_ERROR,
    ER_STABILITY_TEST_LOSS,
    ER_STABILITY_TEST_ERROR,
    ER_STABILITY_INITIAL,
    ER_STABILITY_FINAL,
    ER_STABILITY_LIMIT,
    ER_STABILITY_CROSSES,
    ER_STABILITY_CROSSING,
    ER_STABILITY_SETTLED,
    ER_STABILITY_RATIO,
    ER_STABILITY_RATIO_SD,
    ER_STABILITY_RISING,
    ER_STABILITY_RISING_BEFORE,
    ER_STABILITY_FALL,
    ER_STABILITY_RESIDUAL,
    ER_STABILITY_PRODUCTS,
    ER_STABILITY_PARAMETERS,
    ER_STABILITY_RUN_COLUMNS
};

enum er_stability_curve {
    ER_STABILITY_C_STEP,
    ER_STABILITY_C_TRAIN_LOSS,
    ER_STABILITY_C_TRAIN_ERROR,
    ER_STABILITY_C_TEST_LOSS,
    ER_STABILITY_C_TEST_ERROR,
    ER_STABILITY_C_SHARPNESS,
    ER_STABILITY_C_THRESHOLD,
    ER_STABILITY_C_RATIO,
    ER_STABILITY_C_RISING,
    ER_STABILITY_C_RESIDUAL,
    ER_STABILITY_CURVE_COLUMNS
};

extern const struct er_column er_stability_run_column[], er_stability_curve_column[];
extern const struct er_default_figure er_stability_figure[];
extern const struct er_schema_row er_stability_row[];

#endif
