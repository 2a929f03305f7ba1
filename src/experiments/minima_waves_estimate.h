/* minima_waves_estimate.h - what runs that look at several minima together will take: their trainings, and what follows.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_WAVES_ESTIMATE_H
#define ERMINE_EXPERIMENTS_MINIMA_WAVES_ESTIMATE_H

#include "experiments/experiment.h"

#include <ermine/minima.h>

/* What is known when a point's work is tried: its data, cut to a few hundred examples, and an untrained network. */
struct er_minima_trial {
    const struct er_point *point;
    const struct er_net *net;
    const float *w, *statistics;
    const struct er_dataset *some;
    double examples; /* of the training and the test set together, in full */
};

struct er_minima_waves_estimate {
    int64_t each; /* as in struct er_minima_waves */
    int64_t (*samplers)(const struct er_point *point, const struct er_sampler *sampler[]);
    /* Seconds that a run takes on one thread once its minima are there, from trying a part of it. */
    enum er_status (*try)(const struct er_minima_trial *trial, double *seconds, struct er_error *err);
};

/* er_experiment.estimate, each minimum counted as a training of its point, as long and as large as
 * er_minima_estimate_factor() and _copies() say. What follows is tried once for
 * seeds of one point. The time is not told (NaN) where a sampler does not train. */
enum er_status er_minima_waves_estimate(const struct er_minima_waves_estimate *of,
                                        const struct er_point *point, int64_t n,
                                        const struct er_data_places *places, struct er_pool *pool,
                                        const struct er_progress *progress, struct er_estimate *out,
                                        struct er_error *err);

/* Seconds of one of `work`'s units on this thread, beside what it takes to begin: tried with 1, 2, 4, ... of them until
 * they are `fewest` and take long enough to be timed, or take long. */
typedef enum er_status er_minima_work(void *ctx, int64_t units, struct er_error *err);
enum er_status er_minima_time(er_minima_work *work, void *ctx, int64_t fewest, double *seconds,
                              struct er_error *err);

#endif
