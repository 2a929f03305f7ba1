/* recorder.c - what er_train() says, kept. */
#include "support/recorder.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

static void *copy(const void *from, size_t bytes)
{
    void *to = er_alloc((int64_t)bytes, 1);
    if (to && bytes) memcpy(to, from, bytes);
    return to;
}

struct recorder recorder_open(const struct er_member *member, int64_t n)
{
    struct recorder r = {.member = member, .n = n};
    r.member_record = er_alloc(n, sizeof *r.member_record);
    return r;
}

void recorder_close(struct recorder *r)
{
    for (int64_t i = 0; i < r->n; i++) {
        er_free(r->member_record[i].curve);
        er_free(r->member_record[i].w);
        er_free(r->member_record[i].w_init);
        er_free(r->member_record[i].w_kept);
        er_free(r->member_record[i].statistics);
        er_free(r->member_record[i].state);
    }
    er_free(r->member_record);
}

static enum er_status begin(void *ctx, int64_t i, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err)
{
    (void)err;
    struct recorder *r = ctx;
    *skip = r->member_record[i].ended;
    *state = r->member_record[i].state;
    *bytes = r->member_record[i].bytes;
    return ER_OK;
}

static enum er_status checkpoint(void *ctx, int64_t i, const void *state, size_t bytes, struct er_error *err)
{
    struct recorder *r = ctx;
    unsigned char *kept = copy(state, bytes);
    if (!kept) return er_fail(err, ER_E_NOMEM, "out of memory");
    er_free(r->member_record[i].state);
    r->member_record[i].state = kept;
    r->member_record[i].bytes = bytes;
    if (r->stop && atomic_fetch_add(&r->checkpoints, 1) + 1 >= r->stop_after) atomic_store(r->stop, true);
    return ER_OK;
}

static enum er_status keep(void *ctx, int64_t i, const struct er_kept *k, struct er_error *err)
{
    struct recorder *r = ctx;
    struct recorded *kept = &r->member_record[i];
    const char *const name[] = {"init", "epoch", "end"};
    if (r->fail_keep) return er_fail(err, ER_E_FULL, "no room for a network");
    const size_t used = strlen(kept->moments);
    snprintf(kept->moments + used, sizeof kept->moments - used, "%s%s %d.%d", used ? ", " : "",
             name[k->moment], (int)k->epoch, (int)k->step);
    float **w = k->moment == ER_KEPT_INIT ? &kept->w_init : &kept->w_kept;
    er_free(*w);
    *w = copy(k->w, (size_t)er_net_parameters(r->member[i].net) * sizeof **w);
    return *w ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory");
}

static enum er_status end(void *ctx, int64_t i, const struct er_train_result *result, struct er_error *err)
{
    struct recorder *r = ctx;
    if (r->fail_end) return er_fail(err, ER_E_IO, "the disk is gone");
    if (r->stop_at_end) atomic_store(r->stop, true);
    struct recorded *kept = &r->member_record[i];
    kept->ended = true;
    kept->reason = result->reason;
    memcpy(kept->cause, result->cause, sizeof kept->cause);
    kept->steps = result->steps;
    kept->epochs = result->epochs_done;
    kept->n_curve = result->n_curve;
    kept->P = er_net_parameters(r->member[i].net);
    kept->S = er_net_statistics(r->member[i].net);
    er_free(kept->curve);
    er_free(kept->w);
    er_free(kept->statistics);
    kept->curve = copy(result->curve, (size_t)result->n_curve * sizeof *kept->curve);
    kept->w = copy(result->w, (size_t)kept->P * sizeof *kept->w);
    kept->statistics = copy(result->statistics, (size_t)kept->S * sizeof *kept->statistics);
    return kept->curve && kept->w && kept->statistics ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory");
}

struct er_train_events recorder_events(struct recorder *r, double checkpoint_seconds)
{
    return (struct er_train_events){.ctx = r,
                                    .begin = begin,
                                    .checkpoint = checkpoint,
                                    .keep = keep,
                                    .end = end,
                                    .checkpoint_seconds = checkpoint_seconds};
}

enum er_status recorder_train(const struct er_member *member, int64_t n, int threads, struct recorder *r,
                              double checkpoint_seconds, const struct er_progress *progress,
                              struct er_error *err)
{
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, err);
    const struct er_train_events events = recorder_events(r, checkpoint_seconds);
    if (status == ER_OK) status = er_train(member, n, pool, progress, &events, err);
    er_pool_free(pool);
    return status;
}

bool recorded_equal(const struct recorded *a, const struct recorded *b)
{
    return a->ended && b->ended && a->reason == b->reason && a->steps == b->steps &&
           a->n_curve == b->n_curve && a->P == b->P &&
           memcmp(a->curve, b->curve, (size_t)a->n_curve * sizeof *a->curve) == 0 &&
           memcmp(a->w, b->w, (size_t)a->P * sizeof *a->w) == 0 && a->S == b->S &&
           memcmp(a->statistics, b->statistics, (size_t)a->S * sizeof *a->statistics) == 0;
}
