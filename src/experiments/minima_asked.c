/* minima_asked.c - what samplers hand over from any thread, gathered and put in order. */
#include "experiments/minima_asked.h"

#include "experiments/minima_request.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <pthread.h>
#include <stdlib.h>

struct asking {
    int64_t first; /* number of request 0 */
    er_asked_values *values;
    void *ctx;
    pthread_mutex_t lock; /* of `out` */
    struct er_asked *out;
};

static enum er_status add(struct er_asked *out, const struct er_asked_row *row, struct er_error *err)
{
    if (out->n == out->room) {
        const int64_t room = out->room ? 2 * out->room : 64;
        struct er_asked_row *grown = er_grow(out->row, out->room, room, sizeof *grown);
        if (!grown) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld minima", (long long)room);
        out->row = grown;
        out->room = room;
    }
    out->row[out->n++] = *row;
    return ER_OK;
}

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *err)
{
    struct asking *a = ctx;
    struct er_asked_row row = {.request = a->first + request, .number = minimum->number};
    if (!minimum->interpolates) return ER_OK;
    enum er_status status = a->values(a->ctx, minimum, row.value, err);
    if (status != ER_OK) return status;
    pthread_mutex_lock(&a->lock);
    status = add(a->out, &row, err);
    pthread_mutex_unlock(&a->lock);
    return status;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    struct asking *a = ctx;
    (void)request;
    (void)err;
    pthread_mutex_lock(&a->lock);
    a->out->tried += result->tried;
    pthread_mutex_unlock(&a->lock);
    return ER_OK;
}

static int by_request(const void *left, const void *right)
{
    const struct er_asked_row *a = left, *b = right;
    if (a->request != b->request) return a->request < b->request ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

enum er_status er_asked_find(const struct er_point *point, const struct er_split *split,
                             const struct er_net *net, const struct er_sampler *sampler, int64_t first,
                             int64_t n, struct er_pool *pool, const struct er_progress *progress,
                             er_asked_values *values, void *ctx, struct er_asked *out, struct er_error *err)
{
    struct asking a = {
        .first = first, .values = values, .ctx = ctx, .lock = PTHREAD_MUTEX_INITIALIZER, .out = out};
    const struct er_minima_events events = {
        .ctx = &a, .found = on_found, .end = on_end, .memory = er_train_member_memory()};
    struct er_minimum_request *request = er_alloc(n, sizeof *request);
    if (!request) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld requests", (long long)n);
    for (int64_t i = 0; i < n; i++) request[i] = er_minimum_request_of(point, split, net, sampler, first + i);
    const enum er_status status = er_minima_find(request, n, pool, progress, &events, err);
    er_free(request);
    if (out->n > 0) qsort(out->row, (size_t)out->n, sizeof *out->row, by_request);
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

void er_asked_clear(struct er_asked *asked)
{
    er_free(asked->row);
    *asked = (struct er_asked){0};
}
