/* memorise_estimate.h - what the runs of `memorise` will take, before any is computed.
 */
#ifndef ERMINE_EXPERIMENTS_MEMORISE_ESTIMATE_H
#define ERMINE_EXPERIMENTS_MEMORISE_ESTIMATE_H

#include "experiments/experiment.h"

/* Bytes of a run on a split: network, targets and outputs. */
double er_memorise_run_bytes(const struct er_split *split);

/* er_experiment.estimate: memory by formula, time by that of a network for some examples. */
enum er_status er_memorise_estimate(const struct er_point *point, int64_t n,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_estimate *out,
                                    struct er_error *err);

#endif
