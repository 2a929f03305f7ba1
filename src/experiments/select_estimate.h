/* select_estimate.h - what the runs of `select` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_SELECT_ESTIMATE_H
#define ERMINE_EXPERIMENTS_SELECT_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate: memory by formula, time by that of fewer classifiers, drawn for one repeat on each thread. */
enum er_status er_select_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err);

#endif
