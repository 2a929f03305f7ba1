/* train_estimate.h - what the runs of `train` will take. */
#ifndef ERMINE_EXPERIMENTS_TRAIN_ESTIMATE_H
#define ERMINE_EXPERIMENTS_TRAIN_ESTIMATE_H

#include "experiments/experiment.h"

/* er_experiment.estimate of `train`. */
enum er_status er_train_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                 struct er_pool *pool, const struct er_progress *progress,
                                 struct er_estimate *out, struct er_error *err);

/* The same where a point stands for trainings(point) >= 1 trainings. ER_E_NOMEM. */
enum er_status er_train_estimate_of(int64_t (*trainings)(const struct er_point *point),
                                    const struct er_point *point, int64_t n,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_estimate *out,
                                    struct er_error *err);

#endif
