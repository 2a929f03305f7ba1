/* minima_lots.c - requests of runs, gathered a lot of data at a time. */
#include "experiments/minima_lots.h"

#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/lots_progress.h"
#include "experiments/minima_keys.h"
#include "experiments/minima_request.h"
#include "experiments/train_member.h"
#include "experiments/train_nets.h"

#include <ermine/memory.h>

/* One call of er_minima_lots_find(). */
struct search {
    const struct er_minima_lots *lots;
    const struct er_point *point;
    struct er_lots_progress progress;
    struct er_data_groups groups;
    struct er_train_nets nets;
    struct er_minimum_request *request; /* of the lot under way */
    int64_t *run;                       /* of each of these */
    int64_t n;
};

static struct er_minima_run run_of(const struct search *s, int64_t request)
{
    const int64_t run = s->run[request];
    return (struct er_minima_run){run, &s->point[run], &s->request[request]};
}

static enum er_status on_begin(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct search *s = ctx;
    const struct er_minima_run run = run_of(s, request);
    return s->lots->begin(s->lots->ctx, &run, skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, int64_t request, const void *state, size_t bytes,
                                    struct er_error *err)
{
    const struct search *s = ctx;
    const struct er_minima_run run = run_of(s, request);
    return s->lots->checkpoint(s->lots->ctx, &run, state, bytes, err);
}

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *err)
{
    const struct search *s = ctx;
    const struct er_minima_run run = run_of(s, request);
    return s->lots->found(s->lots->ctx, &run, minimum, err);
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    const struct search *s = ctx;
    const struct er_minima_run run = run_of(s, request);
    return s->lots->end(s->lots->ctx, &run, result, err);
}

/* Requests of the runs of groups from..to-1, whose splits are loaded. */
static enum er_status gather(struct search *s, int64_t from, int64_t to, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to; g++) {
        const struct er_data_group *group = &s->groups.group[g];
        for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
            const struct er_point *point = &s->point[group->run[i]];
            const struct er_net *net = NULL;
            status = er_data_keys_augment_check(point, group->split.train.shape, err);
            if (status == ER_OK) status = er_train_nets_find(&s->nets, point, &group->split.train, &net, err);
            s->run[s->n] = group->run[i];
            s->request[s->n++] =
                er_minimum_request_of(point, &group->split, net, er_minima_keys_sampler(point), 0);
        }
    }
    return status;
}

static enum er_status find_lot(struct search *s, int64_t from, int64_t to, struct er_pool *pool,
                               struct er_error *err)
{
    const struct er_minima_events events = {.ctx = s,
                                            .begin = on_begin,
                                            .checkpoint = s->lots->checkpoint ? on_checkpoint : NULL,
                                            .found = on_found,
                                            .end = on_end,
                                            .checkpoint_seconds = s->lots->checkpoint_seconds,
                                            .memory = er_train_member_memory()};
    const struct er_progress progress = er_lots_progress_part(&s->progress);
    enum er_status status = gather(s, from, to, err);
    if (status == ER_OK) status = er_minima_find(s->request, s->n, pool, &progress, &events, err);
    er_lots_progress_next(&s->progress, s->n);
    s->n = 0;
    return status;
}

enum er_status er_minima_lots_find(const struct er_minima_lots *lots, const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_error *err)
{
    struct search s = {.lots = lots,
                       .point = point,
                       .progress = {.what = "minima", .caller = progress, .runs = n, .trainings = n}};
    s.request = er_alloc(n, sizeof *s.request);
    s.run = er_alloc(n, sizeof *s.run);
    enum er_status status =
        s.request && s.run ? er_train_nets_new(n, &s.nets, err)
                           : er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)n);
    if (status == ER_OK) status = er_data_groups_new(point, n, &s.groups, err);
    for (int64_t from = 0, to; status == ER_OK && from < s.groups.n; from = to) {
        status = er_data_groups_load(&s.groups, point, places, from, ER_TRAIN_DATA_BYTES, &to, err);
        if (status == ER_OK) status = find_lot(&s, from, to, pool, err);
        if (status == ER_OK) er_data_groups_release(&s.groups, from, to);
    }
    er_data_groups_clear(&s.groups);
    er_train_nets_clear(&s.nets);
    er_free(s.request);
    er_free(s.run);
    return status;
}
