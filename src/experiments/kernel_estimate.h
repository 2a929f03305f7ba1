/* kernel_estimate.h - what the runs of `kernel` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_ESTIMATE_H
#define ERMINE_EXPERIMENTS_KERNEL_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate: memory by formula; time by that of a few kernel entries of each model, and by flops of what
 * follows at the speed of a Cholesky factor. A search (tune) counts as 100 matrices of the training set. */
enum er_status er_kernel_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err);

#endif
