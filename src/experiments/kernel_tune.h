/* kernel_tune.h - weight_std, bias_std and ridge of the largest marginal likelihood.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_TUNE_H
#define ERMINE_EXPERIMENTS_KERNEL_TUNE_H

#include "experiments/kernel_keys.h"
#include "experiments/kernel_state.h"

/* Maximises log p(y) of the training set's posterior (NNGP) over all three, from what `request` says, or sqrt 2, 0.1 and
 * its ridge. x: the training examples in float64 (n x d). Errors of er_limit_kernel() and er_posterior_new(). */
enum er_status er_kernel_tune(const struct er_point *point, const struct er_kernel_request *request,
                              const struct er_split *split, const double *x, struct er_pool *pool,
                              const struct er_progress *progress, struct er_kernel_tuned *out,
                              struct er_error *err);

#endif
