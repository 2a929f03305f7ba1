/* minima_asked.c - what samplers hand over from any thread, gathered and put in order. */
#include "experiments/minima_asked.h"

#include "experiments/minima_request.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    const struct er_asking *asking;
    struct er_sitting *sitting;
    int kind;
    unsigned char *done;  /* asking->n: whether a request is */
    pthread_mutex_t lock; /* of `done` and the sitting */
};

static enum er_status on_begin(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct asked *a = ctx;
    (void)err;
    *skip = a->done[request];
    if (a->asking->n > 1) return ER_OK;
    *state = a->sitting->inner;
    *bytes = a->sitting->inner_bytes;
    return ER_OK;
}

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *err)
{
    struct asked *a = ctx;
    struct er_asked_row row = {.request = a->asking->first + request, .number = minimum->number};
    if (!minimum->interpolates) return ER_OK;
    enum er_status status = a->asking->values(a->asking->ctx, minimum, row.value, err);
    if (status != ER_OK) return status;
    pthread_mutex_lock(&a->lock);
    status = er_asked_add(&a->sitting->asked[a->kind], &row, err);
    pthread_mutex_unlock(&a->lock);
    return status;
}

static enum er_status offer(const struct asked *a, const void *inner, size_t bytes, struct er_error *err)
{
    return er_sitting_offer(a->sitting, a->kind, a->asking->first, a->done, a->asking->n, inner, bytes, err);
}

/* Of a single request. */
static enum er_status on_checkpoint(void *ctx, int64_t request, const void *state, size_t bytes,
                                    struct er_error *err)
{
    (void)request;
    return offer(ctx, state, bytes, err);
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    struct asked *a = ctx;
    enum er_status status = ER_OK;
    pthread_mutex_lock(&a->lock);
    a->sitting->asked[a->kind].tried += result->tried;
    a->done[request] = 1;
    if (er_sitting_due(a->sitting)) status = offer(a, NULL, 0, err);
    pthread_mutex_unlock(&a->lock);
    return status;
}

static int by_request(const void *left, const void *right)
{
    const struct er_asked_row *a = left, *b = right;
    if (a->request != b->request) return a->request < b->request ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Asks for the requests that are there. */
static enum er_status find(struct asked *a, const struct er_minimum_request *request, struct er_pool *pool,
                           const struct er_progress *progress, struct er_error *err)
{
    struct er_sitting *sitting = a->sitting;
    struct er_asked *out = &sitting->asked[a->kind];
    const bool single = a->asking->n == 1 && sitting->events->checkpoint;
    const struct er_minima_events events = {.ctx = a,
                                            .begin = on_begin,
                                            .checkpoint = single ? on_checkpoint : NULL,
                                            .found = on_found,
                                            .end = on_end,
                                            .checkpoint_seconds = sitting->events->checkpoint_seconds,
                                            .memory = er_train_member_memory()};
    if (sitting->requests == a->asking->n) memcpy(a->done, sitting->done, (size_t)a->asking->n);
    enum er_status status = er_minima_find(request, a->asking->n, pool, progress, &events, err);
    if (status == ER_E_STOPPED && !single) {
        const enum er_status kept = offer(a, NULL, 0, err);
        if (kept != ER_OK) status = kept;
    }
    if (status != ER_OK) return status;
    if (out->n > 0) qsort(out->row, (size_t)out->n, sizeof *out->row, by_request);
    sitting->calls++;
    sitting->requests = 0;
    sitting->inner = NULL;
    sitting->inner_bytes = 0;
    return ER_OK;
}

enum er_status er_asked_find(const struct er_asking *asking, struct er_sitting *sitting, int kind,
                             struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    const int64_t n = asking->n;
    struct er_minimum_request *request = er_alloc(n, sizeof *request);
    struct asked a = {.asking = asking,
                      .sitting = sitting,
                      .kind = kind,
                      .done = er_alloc(n, 1),
                      .lock = PTHREAD_MUTEX_INITIALIZER};
    enum er_status status = ER_OK;
    if (request && a.done) {
        for (int64_t i = 0; i < n; i++)
            request[i] = er_minimum_request_of(asking->point, asking->split, asking->net, asking->sampler,
                                               asking->first + i);
        status = find(&a, request, pool, progress, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld requests", (long long)n);
    }
    er_free(request);
    er_free(a.done);
    return status;
}

static void report(const struct er_asked_progress *p, double share)
{
    const struct er_progress_report whole = {
        .what = p->what, .unit = "runs", .done = (double)p->run + share, .total = (double)p->runs};
    if (p->caller && p->caller->report) p->caller->report(p->caller->ctx, &whole);
}

static void on_report(void *ctx, const struct er_progress_report *part)
{
    const struct er_asked_progress *p = ctx;
    const double share = part->total > 0 ? part->done / part->total : 0;
    report(p, ((double)p->part + share) / (double)p->parts);
}

struct er_progress er_asked_progress_part(struct er_asked_progress *p)
{
    return (struct er_progress){.report = on_report, .ctx = p, .stop = p->caller ? p->caller->stop : NULL};
}

void er_asked_progress_end(struct er_asked_progress *p)
{
    p->run++;
    p->part = 0;
    report(p, 0);
}
