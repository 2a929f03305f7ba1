/* kernel_regression_estimate.h - what the runs of `kernel-regression` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_REGRESSION_ESTIMATE_H
#define ERMINE_EXPERIMENTS_KERNEL_REGRESSION_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate: memory by formula, time by that of a kernel matrix and a factor of 1024 examples. */
enum er_status er_kernel_regression_estimate(const struct er_point *point, int64_t n,
                                             const struct er_data_places *places, struct er_pool *pool,
                                             const struct er_progress *progress, struct er_estimate *out,
                                             struct er_error *err);

#endif
