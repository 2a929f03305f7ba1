/* wide_estimate.h - what runs of `wide` will take. */
#ifndef ERMINE_EXPERIMENTS_WIDE_ESTIMATE_H
#define ERMINE_EXPERIMENTS_WIDE_ESTIMATE_H

#include "experiments/experiment.h"

/* Bytes of a run on this training set, about; 0 for a model that does not fit it. */
double er_wide_bytes(const struct er_point *point, const struct er_dataset *train);

enum er_status er_wide_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct er_estimate *out, struct er_error *err);

#endif
