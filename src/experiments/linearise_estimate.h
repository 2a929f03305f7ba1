/* linearise_estimate.h - what runs of `linearise` will take. */
#ifndef ERMINE_EXPERIMENTS_LINEARISE_ESTIMATE_H
#define ERMINE_EXPERIMENTS_LINEARISE_ESTIMATE_H

#include "experiments/linearise_run.h"

/* A point's specification and net. */
struct er_linearise_spec er_linearise_spec(const struct er_point *point);
enum er_status er_linearise_net(const struct er_point *point, const struct er_dataset *train,
                                struct er_wide_net *net, struct er_error *err);

/* Bytes of a run on this data; 0 for a model that does not fit it. */
double er_linearise_run_bytes(const struct er_point *point, const struct er_split *split);

enum er_status er_linearise_estimate(const struct er_point *point, int64_t n,
                                     const struct er_data_places *places, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_estimate *out,
                                     struct er_error *err);

#endif
