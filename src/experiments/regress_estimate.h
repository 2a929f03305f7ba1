/* regress_estimate.h - what the runs of `regress` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_ESTIMATE_H
#define ERMINE_EXPERIMENTS_REGRESS_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate: memory by formula (regress_memory.h), time by that of a small decomposition, of steps of
 * gradient descent on its matrix, and of some features. */
enum er_status er_regress_estimate(const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_estimate *out,
                                   struct er_error *err);

#endif
