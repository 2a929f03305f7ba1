/* max_margin_tables.h - columns and default figures of the experiment `max-margin`.
 */
#ifndef ERMINE_EXPERIMENTS_MAX_MARGIN_TABLES_H
#define ERMINE_EXPERIMENTS_MAX_MARGIN_TABLES_H

#include "experiments/experiment.h"

enum {
    ER_MARGIN_LARGEST,
    ER_MARGIN_SUPPORTS,
    ER_MARGIN_STEPS,
    ER_MARGIN_SEPARATED_AT,
    ER_MARGIN_LOSS,
    ER_MARGIN_NORM,
    ER_MARGIN_NORM_GROWTH,
    ER_MARGIN_NORM_GROWTH_THEORY,
    ER_MARGIN_NORM_R2,
    ER_MARGIN_LOSS_SPREAD,
    ER_MARGIN_GAP,
    ER_MARGIN_GAP_LARGEST,
    ER_MARGIN_GAP_SHARE,
    ER_MARGIN_ANGLE,
    ER_MARGIN_TRAIN_ERROR,
    ER_MARGIN_TEST_ERROR,
    ER_MARGIN_TEST_LOSS,
    ER_MARGIN_TEST_LOSS_RISE,
    ER_MARGIN_VALUES
};

enum {
    ER_MARGIN_C_STEP,
    ER_MARGIN_C_LOSS,
    ER_MARGIN_C_LOSS_STEP,
    ER_MARGIN_C_NORM,
    ER_MARGIN_C_MARGIN,
    ER_MARGIN_C_GAP,
    ER_MARGIN_C_ANGLE,
    ER_MARGIN_C_ANGLE_LOG,
    ER_MARGIN_C_DIRECTION_GAP,
    ER_MARGIN_C_TRAIN_ERROR,
    ER_MARGIN_C_TEST_ERROR,
    ER_MARGIN_C_TEST_LOSS,
    ER_MARGIN_C_W1,
    ER_MARGIN_C_W2,
    ER_MARGIN_CURVES
};

extern const struct er_column er_max_margin_run_column[], er_max_margin_curve_column[];
extern const struct er_default_figure er_max_margin_figure[];

#endif
