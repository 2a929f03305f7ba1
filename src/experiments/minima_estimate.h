/* minima_estimate.h - what runs that ask samplers for minima will take. */
#ifndef ERMINE_EXPERIMENTS_MINIMA_ESTIMATE_H
#define ERMINE_EXPERIMENTS_MINIMA_ESTIMATE_H

#include "experiments/experiment.h"

#include <ermine/minima.h>

/* How many times as long a sampler's training is as that of `train`, of the same point; the bytes that it has besides,
 * for copies of the training set. */
double er_minima_estimate_factor(const struct er_point *point, const struct er_sampler *sampler);
size_t er_minima_estimate_copies(const struct er_point *point, const struct er_sampler *sampler);

/* er_experiment.estimate of `minima`. A run that learns other examples besides takes as many times the time of its
 * plain training as it has examples more. Samplers that do not train are tried for a moment (minima_calibrate.h), once
 * for each setting but the seed. */
enum er_status er_minima_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err);

/* What a run of another experiment asks for. */
struct er_minima_amount {
    const struct er_sampler *sampler; /* that does not train */
    int64_t searches, trainings;      /* by it; of the plain sampler `sgd` */
};

/* Of runs that ask one after the other, and ask for these: their searches and trainings alone. */
enum er_status er_minima_estimate_amounts(const struct er_point *point, int64_t n,
                                          struct er_minima_amount (*amount)(const struct er_point *point),
                                          const struct er_data_places *places, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_estimate *out,
                                          struct er_error *err);

#endif
