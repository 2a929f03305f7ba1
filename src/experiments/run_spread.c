/* run_spread.c - see run_spread.h. */
#include "experiments/run_spread.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/memory_gate.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* One call of er_run_spread(). */
struct call {
    struct er_run_spread *spread;
    const int64_t *run;
    int64_t failed; /* the first task that did, in order; -1: none */
    enum er_status status;
    struct er_error why;
    struct er_memory_gate gate; /* where spread->bytes is given */
};

enum er_status er_spread_curves(struct er_spread_result *result, const char *what, int columns, int64_t n,
                                struct er_error *err)
{
    result->curve[0] = er_alloc(n * columns, sizeof **result->curve);
    if (!result->curve[0])
        return er_fail(err, ER_E_NOMEM, "%s: out of memory for %" PRId64 " records", what, n);
    for (int64_t i = 0; i < n * columns; i++) result->curve[0][i] = (double)NAN;
    for (int c = 1; c < columns; c++) result->curve[c] = result->curve[0] + c * n;
    return ER_OK;
}

/* Says how far all runs are; the lock is held. */
static void say(const struct er_run_spread *s)
{
    const struct er_progress_report so_far = {.what = s->what,
                                              .unit = "runs",
                                              .done = (double)s->done + s->under_way,
                                              .total = (double)s->runs,
                                              .doing = s->doing};
    if (s->progress && s->progress->report) s->progress->report(s->progress->ctx, &so_far);
}

void er_run_spread_doing(struct er_run_spread *spread, const char *doing)
{
    pthread_mutex_lock(&spread->lock);
    snprintf(spread->doing, sizeof spread->doing, "%s", doing);
    say(spread);
    pthread_mutex_unlock(&spread->lock);
}

static void still(void *ctx, const struct er_progress_report *report)
{
    struct er_run_spread *spread = ctx;
    (void)report;
    pthread_mutex_lock(&spread->lock);
    say(spread);
    pthread_mutex_unlock(&spread->lock);
}

struct er_progress er_run_spread_still(struct er_run_spread *spread)
{
    return (struct er_progress){
        .report = still, .ctx = spread, .stop = spread->progress ? spread->progress->stop : NULL};
}

/* A run that says how far it is. */
struct part {
    struct er_run_spread *spread;
    double share;
};

static void set_share(struct part *part, double share, bool aloud)
{
    pthread_mutex_lock(&part->spread->lock);
    part->spread->under_way += share - part->share;
    part->share = share;
    if (aloud) say(part->spread);
    pthread_mutex_unlock(&part->spread->lock);
}

static void hear(void *ctx, const struct er_progress_report *report)
{
    if (report->total > 0) set_share(ctx, report->done / report->total, true);
}

static enum er_status compute_run(struct er_run_spread *s, int64_t run, struct er_spread_result *result,
                                  struct er_error *err)
{
    struct part part = {.spread = s};
    const struct er_progress progress = {
        .report = hear, .ctx = &part, .stop = s->progress ? s->progress->stop : NULL};
    if (!s->parts) return s->compute(s->ctx, run, s->progress, result, err);
    const enum er_status status = s->compute(s->ctx, run, &progress, result, err);
    set_share(&part, 0, false);
    return status;
}

static enum er_status compute_one(struct er_run_spread *s, int64_t run, struct er_error *err)
{
    const double began = er_clock_s();
    struct er_spread_result result = {.outcome = ""};
    bool skip = false;
    for (int i = 0; i < ER_SPREAD_VALUES; i++) result.value[i] = (double)NAN;
    enum er_status status =
        s->events->begin(s->events->ctx, run, &skip, &result.state, &result.state_bytes, err);
    if (status != ER_OK || skip) return status;
    status = compute_run(s, run, &result, err);
    if (status == ER_OK) {
        const struct er_record record = {.outcome = result.outcome,
                                         .note = result.note,
                                         .seconds = result.seconds + er_clock_s() - began,
                                         .value = result.value,
                                         .curve = (const double *const *)result.curve,
                                         .n_curve = result.n_curve};
        status = s->events->end(s->events->ctx, run, &record, err);
    }
    er_free(result.curve[0]);
    return status;
}

/* The same, once there is room for it. */
static enum er_status compute_in_room(struct call *c, int64_t run, struct er_error *err)
{
    struct er_run_spread *s = c->spread;
    if (!s->bytes) return compute_one(s, run, err);
    char what[64];
    const double bytes = s->bytes(s->ctx, run);
    snprintf(what, sizeof what, "%s: the numbers of a run", s->what);
    er_memory_gate_enter(&c->gate, bytes);
    enum er_status status = er_memory_check(bytes, what, err);
    if (status == ER_OK) status = compute_one(s, run, err);
    er_memory_gate_leave(&c->gate, bytes);
    return status;
}

static void report(struct er_run_spread *s)
{
    pthread_mutex_lock(&s->lock);
    s->done++;
    say(s);
    pthread_mutex_unlock(&s->lock);
}

static void run_task(void *ctx, int64_t task, int worker)
{
    struct call *c = ctx;
    struct er_run_spread *s = c->spread;
    struct er_error why = {0};
    (void)worker;
    pthread_mutex_lock(&s->lock);
    const bool failed = c->failed >= 0;
    pthread_mutex_unlock(&s->lock);
    if (failed) return;
    const enum er_status status = er_progress_stopped(s->progress)
                                      ? er_fail(&why, ER_E_STOPPED, "%s: interrupted", s->what)
                                      : compute_in_room(c, c->run ? c->run[task] : task, &why);
    if (status == ER_OK) {
        report(s);
        return;
    }
    pthread_mutex_lock(&s->lock);
    if (c->failed < 0 || task < c->failed) {
        c->failed = task;
        c->status = status;
        c->why = why;
    }
    pthread_mutex_unlock(&s->lock);
}

enum er_status er_run_spread(struct er_run_spread *spread, int64_t n, const int64_t *run,
                             struct er_pool *pool, struct er_error *err)
{
    struct call c = {.spread = spread, .run = run, .failed = -1, .status = ER_OK};
    if (spread->bytes && !er_memory_gate_open(&c.gate))
        return er_fail(err, ER_E_NOMEM, "%s: out of memory", spread->what);
    er_memory_gate_resize(&c.gate, (double)er_memory_available());
    er_pool_run(pool, n, run_task, &c);
    if (spread->bytes) er_memory_gate_close(&c.gate);
    if (c.failed >= 0 && err) *err = c.why;
    return c.status;
}

void er_spread_estimate(int64_t n, const double *cost, double unit_seconds, double bytes,
                        const struct er_pool *pool, struct er_estimate *out)
{
    const int64_t threads = er_pool_threads(pool);
    double sum = 0, longest = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += cost[i];
        longest = fmax(longest, cost[i]);
    }
    *out = (struct er_estimate){.ensembles = 1,
                                .at_once = n < threads ? n : threads,
                                .run_bytes = (size_t)bytes,
                                .memory = er_memory_available()};
    out->seconds = unit_seconds * fmax(longest, sum / (double)out->at_once);
}

enum er_status er_spread_points(
    const char *what,
    enum er_status (*compute)(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err),
    const struct er_point *point, int64_t n, struct er_pool *pool, const struct er_progress *progress,
    const struct er_run_events *events, struct er_error *err)
{
    struct er_run_spread spread = {.what = what,
                                   .events = events,
                                   .progress = progress,
                                   .runs = n,
                                   .ctx = (void *)point,
                                   .compute = compute,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};
    return er_run_spread(&spread, n, NULL, pool, err);
}
