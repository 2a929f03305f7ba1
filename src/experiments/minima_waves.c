/* minima_waves.c - runs gathered into waves, their minima held until all of a run are there. */
#include "experiments/minima_waves.h"

#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/minima_request.h"
#include "experiments/train_member.h"
#include "experiments/train_nets.h"

#include <ermine/memory.h>
#include <string.h>

enum { RUNS_A_THREAD = 2 };

/* One call of er_minima_waves(). */
struct waving {
    const struct er_minima_waves *waves;
    const struct er_point *point;
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_pool *pool;
    struct er_data_groups groups;
    struct er_train_nets nets;
    int64_t runs, done;             /* all; those that have ended */
    int64_t most, n;                /* runs of a wave, and in the one under way */
    struct er_minima_wave_run *run; /* of the wave */
    struct er_minimum_request *request;
    struct er_held_minimum *held;
    int64_t requests;       /* in the wave */
    struct er_error *error; /* of each of its runs, from being prepared */
};

static void report(const struct waving *w, double done)
{
    const struct er_progress_report whole = {
        .what = w->waves->what, .unit = "runs", .done = done, .total = (double)w->runs};
    if (w->progress && w->progress->report) w->progress->report(w->progress->ctx, &whole);
}

/* Samplers count the minima of the wave. */
static void on_report(void *ctx, const struct er_progress_report *part)
{
    const struct waving *w = ctx;
    report(w, (double)w->done + part->done * (double)w->n / (double)w->requests);
}

static void prepare(void *ctx, int64_t task, int worker)
{
    const struct waving *w = ctx;
    const struct er_progress quiet = {.stop = w->progress ? w->progress->stop : NULL};
    struct er_error *error = &w->error[task];
    (void)worker;
    error->code = w->waves->prepare(w->waves->ctx, &w->run[task], &quiet, error);
}

/* Prepares all runs of the wave; the error of the first that has one. */
static enum er_status prepare_all(struct waving *w, struct er_error *err)
{
    if (!w->waves->prepare) return ER_OK;
    er_pool_run(w->pool, w->n, prepare, w);
    for (int64_t i = 0; i < w->n; i++) {
        if (w->error[i].code == ER_OK) continue;
        if (err) *err = w->error[i];
        return w->error[i].code;
    }
    return ER_OK;
}

static enum er_status end_wave(struct waving *w, struct er_error *err)
{
    const struct er_progress finding = {
        .report = on_report, .ctx = w, .stop = w->progress ? w->progress->stop : NULL};
    if (w->n == 0) return ER_OK;
    enum er_status status = er_minima_hold(w->request, w->requests, w->pool, &finding, w->held, err);
    if (status == ER_OK) status = prepare_all(w, err);
    for (int64_t i = 0; i < w->n && status == ER_OK; i++) {
        status = w->waves->finish(w->waves->ctx, &w->run[i], w->pool, w->progress, err);
        if (status == ER_OK) report(w, (double)++w->done);
    }
    er_minima_let_go(w->held, w->requests);
    w->n = w->requests = 0;
    return status;
}

/* The requests of a run, which is begun. */
static enum er_status ask(struct waving *w, int64_t run, const struct er_split *split, struct er_error *err)
{
    const struct er_point *point = &w->point[run];
    const struct er_sampler *sampler[ER_HELD_MOST];
    const struct er_net *net = NULL;
    enum er_status status = er_data_keys_augment_check(point, split->train.shape, err);
    if (status == ER_OK) status = er_train_nets_find(&w->nets, point, &split->train, &net, err);
    if (status == ER_OK && w->waves->check) status = w->waves->check(point, net, err);
    if (status != ER_OK) return status;
    const int64_t n = w->waves->samplers(point, sampler), first = w->requests;
    for (int64_t i = 0; i < n; i++) {
        w->held[first + i] =
            (struct er_held_minimum){.most = w->waves->records ? w->waves->records(point) : 0};
        w->request[first + i] = er_minimum_request_of(point, split, net, sampler[i], i);
    }
    if (w->waves->change) w->waves->change(point, &w->request[first]);
    w->run[w->n++] = (struct er_minima_wave_run){run, point, &w->request[first], &w->held[first], n};
    w->requests += n;
    return ER_OK;
}

/* Takes a run into the wave, unless somebody else has it. */
static enum er_status add(struct waving *w, int64_t run, const struct er_split *split, struct er_error *err)
{
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    if (er_progress_stopped(w->progress)) return er_fail(err, ER_E_STOPPED, "%s: stopped", w->waves->what);
    enum er_status status = w->events->begin(w->events->ctx, run, &skip, &state, &bytes, err);
    w->done += status == ER_OK && skip;
    if (status != ER_OK || skip) return status;
    status = ask(w, run, split, err);
    return status == ER_OK && w->n == w->most ? end_wave(w, err) : status;
}

static enum er_status run_groups(struct waving *w, int64_t from, int64_t to, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to && status == ER_OK; g++)
        for (int64_t i = 0; i < w->groups.group[g].n && status == ER_OK; i++)
            status = add(w, w->groups.group[g].run[i], &w->groups.group[g].split, err);
    return status == ER_OK ? end_wave(w, err) : status;
}

static enum er_status begin(struct waving *w, struct er_error *err)
{
    w->run = er_alloc(w->most, sizeof *w->run);
    w->request = er_alloc(w->most * w->waves->each, sizeof *w->request);
    w->held = er_alloc(w->most * w->waves->each, sizeof *w->held);
    w->error = er_alloc(w->most, sizeof *w->error);
    if (!w->run || !w->request || !w->held || !w->error)
        return er_fail(err, ER_E_NOMEM, "%s: out of memory for %lld runs", w->waves->what,
                       (long long)w->most);
    const enum er_status status = er_train_nets_new(w->runs, &w->nets, err);
    return status == ER_OK ? er_data_groups_new(w->point, w->runs, &w->groups, err) : status;
}

enum er_status er_minima_waves(const struct er_minima_waves *waves, const struct er_point *point, int64_t n,
                               const struct er_data_places *places, struct er_pool *pool,
                               const struct er_progress *progress, const struct er_run_events *events,
                               struct er_error *err)
{
    struct waving w = {.waves = waves,
                       .point = point,
                       .events = events,
                       .progress = progress,
                       .pool = pool,
                       .runs = n,
                       .most = (int64_t)RUNS_A_THREAD * er_pool_threads(pool)};
    enum er_status status = begin(&w, err);
    for (int64_t from = 0, to; status == ER_OK && from < w.groups.n; from = to) {
        status = er_data_groups_load(&w.groups, point, places, from, ER_TRAIN_DATA_BYTES, &to, err);
        if (status == ER_OK) status = run_groups(&w, from, to, err);
        if (status == ER_OK) er_data_groups_release(&w.groups, from, to);
    }
    if (w.held) er_minima_let_go(w.held, w.requests);
    er_free(w.run);
    er_free(w.request);
    er_free(w.held);
    er_free(w.error);
    er_train_nets_clear(&w.nets);
    er_data_groups_clear(&w.groups);
    return status;
}
