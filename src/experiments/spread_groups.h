/* spread_groups.h - runs of one thread each that learn from data: group after group that shares a split, each spread over the
 * pool (experiments/run_spread.h).
 */
#ifndef ERMINE_EXPERIMENTS_SPREAD_GROUPS_H
#define ERMINE_EXPERIMENTS_SPREAD_GROUPS_H

#include "experiments/run_spread.h"

#include <ermine/data.h>

/* What `compute` and `bytes` get as ctx: all points, the split that the runs under way learn from, and the call's events. */
struct er_group_runs {
    const struct er_point *point;
    const struct er_split *split;
    const struct er_run_events *events;
};

/* What an experiment does with such runs; er_run_spread has the meaning of each. ctx is an er_group_runs. */
struct er_group_work {
    const char *what; /* the experiment */
    enum er_status (*compute)(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err);
    double (*bytes)(void *ctx, int64_t run);
    bool parts; /* as there */
};

/* er_experiment.run of such an experiment. One split is in memory at a time. */
enum er_status er_spread_groups(const struct er_group_work *work, const struct er_point *point, int64_t n,
                                const struct er_data_places *places, struct er_pool *pool,
                                const struct er_progress *progress, const struct er_run_events *events,
                                struct er_error *err);

#endif
