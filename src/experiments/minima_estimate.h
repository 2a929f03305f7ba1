/* minima_estimate.h - what the runs of `minima` will take. */
#ifndef ERMINE_EXPERIMENTS_MINIMA_ESTIMATE_H
#define ERMINE_EXPERIMENTS_MINIMA_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate of `minima`. A run that learns other examples besides takes as many times the time of its
 * plain training as it has examples more. The time of samplers that do not train is not told: NaN. */
enum er_status er_minima_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err);

#endif
