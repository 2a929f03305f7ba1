/* recover_estimate.h - what the recovery of matrices will take. */
#ifndef ERMINE_EXPERIMENTS_RECOVER_ESTIMATE_H
#define ERMINE_EXPERIMENTS_RECOVER_ESTIMATE_H

#include "experiments/experiment.h"

#include <ermine/recovery.h>

/* Whether a run of `runs` is to have all threads of a pool to itself: its observations say that, whatever the
 * method. */
bool er_recover_is_large(const struct er_point *point, const struct er_recovery *problem, int64_t runs,
                         int threads);

/* er_experiment.estimate: flops of each method by formula, at the speed of this machine. */
enum er_status er_recover_estimate(const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_estimate *out,
                                   struct er_error *err);

#endif
