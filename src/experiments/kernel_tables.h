/* kernel_tables.h - columns and figures of the experiment `kernel`.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_TABLES_H
#define ERMINE_EXPERIMENTS_KERNEL_TABLES_H

#include "experiments/experiment.h"
#include "experiments/kernel_predict.h"

enum {
    ER_KERNEL_TRAIN_ERROR,
    ER_KERNEL_TEST_ERROR,
    ER_KERNEL_GAP,
    ER_KERNEL_TRAIN_MSE,
    ER_KERNEL_TEST_MSE,
    ER_KERNEL_NLPD,
    ER_KERNEL_MEMBER_LOSS,
    ER_KERNEL_LOG_MARGINAL,
    ER_KERNEL_CONDITION,
    ER_KERNEL_JITTER,
    ER_KERNEL_RESIDUAL,
    ER_KERNEL_SMALLEST,
    ER_KERNEL_LARGEST,
    ER_KERNEL_MAX_RATE,
    ER_KERNEL_TUNED_WEIGHT_STD,
    ER_KERNEL_TUNED_BIAS_STD,
    ER_KERNEL_TUNED_RIDGE,
    ER_KERNEL_COLUMNS
};

extern const struct er_column er_kernel_run_column[], er_kernel_curve_column[];
extern const struct er_default_figure er_kernel_figure[];

/* Values of a run; the tuned ones are NaN. */
void er_kernel_values(const struct er_kernel_prediction *prediction, double value[ER_KERNEL_COLUMNS]);

/* Why a run ended, and what people should know of it. */
const char *er_kernel_outcome(const struct er_kernel_prediction *prediction, const char **note);

#endif
