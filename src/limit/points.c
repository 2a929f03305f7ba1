/* points.c - points of a limit, prepared side by side. */
#include "limit/program.h"

#include "math/task_count.h"
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { TOGETHER = 16 };

struct work {
    struct er_limit_points *points;
    const struct er_limit_engine *engine;
    char *scratch;
    size_t each; /* of a worker */
    bool training;
    struct er_task_count count;
};

static int64_t flaw_of(const double *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(value[i])) return i;
    return -1;
}

static void prepare_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const struct er_limit *limit = w->points->limit;
    const int64_t from = task * TOGETHER, left = w->points->n - from, n = left < TOGETHER ? left : TOGETHER;
    if (er_task_count_stopped(&w->count)) return;
    w->engine->prepare(limit, n, w->points->x + from * er_limit_inputs(limit), w->training,
                       w->points->block + from * limit->point_block, w->scratch + (size_t)worker * w->each);
    er_task_count_add(&w->count, (double)n * er_limit_flops(limit));
}

static bool drops(const struct er_limit *limit)
{
    for (int64_t i = 0; i < limit->n; i++)
        if (limit->node[i].map.form == ER_KERNEL_DROPOUT) return true;
    return false;
}

static enum er_status prepare(struct work *w, struct er_pool *pool, const struct er_progress *progress,
                              struct er_error *err)
{
    const struct er_limit_points *points = w->points;
    er_task_count_open(&w->count, progress, (double)points->n * er_limit_flops(points->limit));
    er_pool_run(pool, (points->n + TOGETHER - 1) / TOGETHER, prepare_task, w);
    const enum er_status status = er_task_count_close(&w->count, "variances", err);
    if (status != ER_OK) return status;
    const int64_t flaw = flaw_of(points->block, points->n * points->limit->point_block);
    if (flaw < 0) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "infinite width: a variance of example %" PRId64 " is not finite",
                   flaw / points->limit->point_block);
}

enum er_status er_limit_points_new(const struct er_limit *limit, int64_t n, const double *x, bool training,
                                   struct er_pool *pool, const struct er_progress *progress,
                                   struct er_limit_points **out, struct er_error *err)
{
    const int64_t d = er_limit_inputs(limit), flaw = flaw_of(x, n * d);
    if (flaw >= 0)
        return er_fail(err, ER_E_NONFINITE,
                       "infinite width: input %" PRId64 " of example %" PRId64 " is not finite", flaw % d,
                       flaw / d);
    struct work w = {.engine = er_limit_engine_of(limit),
                     .each = (size_t)er_limit_scratch_bytes(limit),
                     .training = training};
    w.points = er_alloc(1, sizeof *w.points);
    w.scratch = er_alloc(er_pool_threads(pool), w.each);
    double *block = er_alloc(n, (size_t)limit->point_block * sizeof *block);
    enum er_status status = ER_OK;
    if (!w.points || !w.scratch || !block) {
        er_free(block);
        status = er_fail(err, ER_E_NOMEM, "infinite width: out of memory for %" PRId64 " examples", n);
    } else {
        *w.points = (struct er_limit_points){
            .limit = limit, .n = n, .x = x, .block = block, .masked = training && drops(limit)};
        status = prepare(&w, pool, progress, err);
    }
    er_free(w.scratch);
    if (status != ER_OK) {
        if (w.points) er_limit_points_free(w.points);
        return status;
    }
    *out = w.points;
    return ER_OK;
}

void er_limit_points_free(struct er_limit_points *points)
{
    if (!points) return;
    er_free(points->block);
    er_free(points);
}

double er_limit_points_bytes(const struct er_limit *limit, int64_t n)
{
    return (double)n * (double)limit->point_block * sizeof(double);
}

/* Rounded up to whole lines, so that those of several workers may lie side by side. */
double er_limit_scratch_bytes(const struct er_limit *limit)
{
    return ER_ALIGN * ceil(er_limit_engine_of(limit)->scratch_bytes(limit) / ER_ALIGN);
}

void er_limit_diagonal(const struct er_limit_points *points, double *k, double *theta)
{
    const struct er_limit *limit = points->limit;
    const double *self = points->block + er_limit_self_at(limit);
    for (int64_t i = 0; i < points->n; i++) {
        if (k) k[i] = self[i * limit->point_block];
        if (theta) theta[i] = self[i * limit->point_block + 1];
    }
}
