/* spread_groups.c - one split after the other. */
#include "experiments/spread_groups.h"

#include "experiments/data_groups.h"

enum er_status er_spread_groups(const struct er_group_work *work, const struct er_point *point, int64_t n,
                                const struct er_data_places *places, struct er_pool *pool,
                                const struct er_progress *progress, const struct er_run_events *events,
                                struct er_error *err)
{
    struct er_data_groups groups;
    struct er_group_runs runs = {.point = point, .events = events};
    struct er_run_spread spread = {.what = work->what,
                                   .events = events,
                                   .progress = progress,
                                   .runs = n,
                                   .ctx = &runs,
                                   .compute = work->compute,
                                   .bytes = work->bytes,
                                   .parts = work->parts,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        const struct er_data_group *group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        runs.split = &group->split;
        if (status == ER_OK) status = er_run_spread(&spread, group->n, group->run, pool, err);
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
    return status;
}
