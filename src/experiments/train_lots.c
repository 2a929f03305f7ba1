/* train_lots.c - members of runs, gathered a lot of data at a time and trained as one ensemble. */
#include "experiments/train_lots.h"

#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/lots_progress.h"
#include "experiments/train_member.h"
#include "experiments/train_nets.h"

#include <ermine/memory.h>
#include <string.h>

struct whose {
    int64_t run, draw;
};

/* One call of er_lots_train(). */
struct training {
    const struct er_lots *lots;
    const struct er_point *point;
    struct er_lots_progress progress;
    struct er_data_groups groups;
    struct er_train_nets nets;
    struct er_member *member;   /* of the lot under way */
    struct whose *whose;        /* of each of these */
    struct er_dataset *redrawn; /* of each, where it is a draw: the split's inputs with labels of their own */
    int64_t members;
};

static int64_t draws_of(const struct training *t, const struct er_point *point)
{
    return t->lots->draws ? t->lots->draws(point) : 0;
}

/* --- what the trainer says of members is handed on with whose they are --- */

static struct er_lots_member whose(const struct training *t, int64_t member)
{
    const struct whose *w = &t->whose[member];
    return (struct er_lots_member){w->run, w->draw, &t->point[w->run], &t->member[member]};
}

static enum er_status on_begin(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_lots_member of = whose(t, member);
    return t->lots->begin(t->lots->ctx, &of, skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, int64_t member, const void *state, size_t bytes,
                                    struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_lots_member of = whose(t, member);
    return t->lots->checkpoint(t->lots->ctx, &of, state, bytes, err);
}

static enum er_status on_keep(void *ctx, int64_t member, const struct er_kept *kept, struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_lots_member of = whose(t, member);
    return t->lots->keep(t->lots->ctx, &of, kept, err);
}

static enum er_status on_record(void *ctx, int64_t member, const struct er_curve_point *point,
                                const struct er_kept *at, struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_lots_member of = whose(t, member);
    return t->lots->record(t->lots->ctx, &of, point, at, err);
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_lots_member of = whose(t, member);
    return t->lots->end(t->lots->ctx, &of, result, err);
}

/* The same inputs with the labels of a draw. */
static enum er_status redraw(const struct training *t, const struct er_point *point, int64_t draw,
                             const struct er_dataset *train, struct er_dataset *out, struct er_error *err)
{
    *out = *train;
    out->label = er_alloc(train->n, sizeof *out->label);
    if (!out->label)
        return er_fail(err, ER_E_NOMEM, "train: out of memory for %lld labels", (long long)train->n);
    t->lots->relabel(point, train, draw, out->label);
    return ER_OK;
}

/* Only the labels are a draw's own. */
static void clear_redrawn(struct training *t)
{
    for (int64_t i = 0; t->redrawn && i < t->members; i++) er_free(t->redrawn[i].label);
    if (t->redrawn) memset(t->redrawn, 0, (size_t)t->members * sizeof *t->redrawn);
    t->members = 0;
}

static enum er_status add_member(struct training *t, int64_t run, int64_t draw, const struct er_split *split,
                                 struct er_error *err)
{
    const struct er_point *point = &t->point[run];
    const int64_t place = t->members++;
    struct er_member *member = &t->member[place];
    *member = er_train_member(point, split);
    t->whose[place] = (struct whose){run, draw};
    enum er_status status = er_train_nets_find(&t->nets, point, member->train, &member->net, err);
    if (status != ER_OK || draw == 0) return status;
    status = redraw(t, point, draw, member->train, &t->redrawn[place], err);
    member->train = &t->redrawn[place];
    member->test = NULL; /* there are no such labels to test on */
    return status;
}

/* Members for the runs of groups from..to-1, whose splits are loaded. */
static enum er_status gather(struct training *t, int64_t from, int64_t to, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to; g++) {
        const struct er_data_group *group = &t->groups.group[g];
        for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
            const struct er_point *point = &t->point[group->run[i]];
            const int64_t draws = draws_of(t, point);
            status = er_data_keys_augment_check(point, group->split.train.shape, err);
            for (int64_t draw = 0; draw <= draws && status == ER_OK; draw++)
                status = add_member(t, group->run[i], draw, &group->split, err);
        }
    }
    return status;
}

static enum er_status train_lot(struct training *t, int64_t from, int64_t to, struct er_pool *pool,
                                struct er_error *err)
{
    const struct er_train_events events = {.ctx = t,
                                           .begin = on_begin,
                                           .checkpoint = t->lots->checkpoint ? on_checkpoint : NULL,
                                           .keep = t->lots->keep ? on_keep : NULL,
                                           .record = t->lots->record ? on_record : NULL,
                                           .end = on_end,
                                           .checkpoint_seconds = t->lots->checkpoint_seconds,
                                           .memory = er_train_member_memory()};
    const struct er_progress progress = er_lots_progress_part(&t->progress);
    enum er_status status = gather(t, from, to, err);
    if (status == ER_OK) status = er_train(t->member, t->members, pool, &progress, &events, err);
    er_lots_progress_next(&t->progress, t->members);
    clear_redrawn(t);
    return status;
}

static enum er_status open_training(struct training *t, int64_t n, struct er_error *err)
{
    int64_t all = 0;
    for (int64_t i = 0; i < n; i++) all += 1 + draws_of(t, &t->point[i]);
    t->progress.trainings = all;
    t->member = er_alloc(all, sizeof *t->member);
    t->whose = er_alloc(all, sizeof *t->whose);
    t->redrawn = er_alloc(all, sizeof *t->redrawn);
    if (!t->member || !t->whose || !t->redrawn)
        return er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
    enum er_status status = er_train_nets_new(n, &t->nets, err);
    return status == ER_OK ? er_data_groups_new(t->point, n, &t->groups, err) : status;
}

static void close_training(struct training *t)
{
    er_train_nets_clear(&t->nets);
    er_free(t->member);
    er_free(t->whose);
    er_free(t->redrawn);
    er_data_groups_clear(&t->groups);
}

enum er_status er_lots_train(const struct er_lots *lots, const struct er_point *point, int64_t n,
                             const struct er_data_places *places, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err)
{
    struct training t = {
        .lots = lots, .point = point, .progress = {.what = "train", .caller = progress, .runs = n}};
    enum er_status status = open_training(&t, n, err);
    for (int64_t from = 0, to; status == ER_OK && from < t.groups.n; from = to) {
        status = er_data_groups_load(&t.groups, point, places, from, ER_TRAIN_DATA_BYTES, &to, err);
        if (status == ER_OK) status = train_lot(&t, from, to, pool, err);
        if (status == ER_OK) er_data_groups_release(&t.groups, from, to);
    }
    close_training(&t);
    return status;
}
