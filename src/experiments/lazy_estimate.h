/* lazy_estimate.h - what the runs of `lazy` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_ESTIMATE_H
#define ERMINE_EXPERIMENTS_LAZY_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate: memory by formula, time by that of some steps of each kind of run. */
enum er_status er_lazy_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct er_estimate *out, struct er_error *err);

#endif
