/* factorise_estimate.h - what descents on factors will take. */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_ESTIMATE_H
#define ERMINE_EXPERIMENTS_FACTORISE_ESTIMATE_H

#include "experiments/experiment.h"
#include "experiments/factorise_keys.h"

/* Whether a run of `runs` is to have all threads of a pool to itself: where its steps are worth splitting,
 * and it is one of few or far too large to be beside others. */
bool er_factorise_is_large(const struct er_point *point, const struct er_recovery *problem, int64_t runs,
                           int threads);

/* er_experiment.estimate: every run up to its last step, by some steps of each kind, and the rival of each
 * problem by its flops; what is recorded is not counted. */
enum er_status er_factorise_estimate(const struct er_point *point, int64_t n,
                                     const struct er_data_places *places, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_estimate *out,
                                     struct er_error *err);

#endif
