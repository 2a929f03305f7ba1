/* connect.c - the experiment `connect`: two minima of one model on one training set, and a path between them.
 *
 * A and B are found by samplers from seeds of their own (with `start: same` from one initial network); the path
 * (<ermine/paths.h>) is the straight line, or a curve whose bend is trained so that the loss along it is low; before,
 * B's hidden units may change places so that it comes near A. Straight line and path are measured at the same places.
 *
 * Runs go in waves of a few a thread: the minima of a wave are found side by side, then each thread aligns and bends
 * a run of its own, then each run's places are spread over the threads.
 *
 * Sources: <ermine/paths.h>.
 */
#include "experiments/connect_keys.h"
#include "experiments/connect_pair.h"
#include "experiments/connect_record.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/minima_held.h"
#include "experiments/minima_request.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"
#include "experiments/train_nets.h"
#include "minima/sampler.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { RUNS_A_THREAD = 2 };

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "t", .y = "train_loss line_train_loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "t", .y = "test_error line_test_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "t", .y = "train_loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "t", .y = "test_error", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "point", .x = "axis", .y = "barrier line_barrier", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

/* A run of a wave. */
struct joining {
    int64_t run;
    const struct er_minimum_request *request; /* of A; that of B follows */
    struct er_connect_pair pair;
    enum er_status status;
    struct er_error error;
};

/* One call of run(). */
struct connecting {
    const struct er_point *point;
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_pool *pool;
    struct er_data_groups groups;
    struct er_train_nets nets;
    int64_t runs, done, wave;           /* all; those that have ended; at most in a wave */
    struct joining *joining;            /* of the wave under way */
    struct er_minimum_request *request; /* two a run */
    struct er_held_minimum *held;       /* likewise */
    int64_t n;                          /* runs in the wave */
};

static void report(const struct connecting *c, double done)
{
    const struct er_progress_report whole = {
        .what = "connect", .unit = "runs", .done = done, .total = (double)c->runs};
    if (c->progress && c->progress->report) c->progress->report(c->progress->ctx, &whole);
}

/* Samplers count the minima of the wave, two a run. */
static void on_report(void *ctx, const struct er_progress_report *part)
{
    const struct connecting *c = ctx;
    report(c, (double)c->done + part->done / 2);
}

static bool found(const struct connecting *c, int64_t i)
{
    return c->held[2 * i].w && c->held[2 * i + 1].w;
}

static void join(void *ctx, int64_t task, int worker)
{
    struct connecting *c = ctx;
    struct joining *j = &c->joining[task];
    (void)worker;
    if (found(c, task)) j->status = er_connect_pair_join(&j->pair, c->progress, &j->error);
}

/* Paths of the wave, and their records. */
static enum er_status join_all(struct connecting *c, struct er_error *err)
{
    for (int64_t i = 0; i < c->n; i++) {
        const struct er_minimum_request *request = c->joining[i].request;
        c->joining[i].pair =
            (struct er_connect_pair){.net = request->net,
                                     .train = request->train,
                                     .test = request->test,
                                     .end = {&c->held[2 * i], &c->held[2 * i + 1]},
                                     .settings = er_connect_keys_settings(&c->point[c->joining[i].run])};
    }
    er_pool_run(c->pool, c->n, join, c);
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < c->n && status == ER_OK; i++) {
        struct joining *j = &c->joining[i];
        status = j->status;
        if (status != ER_OK && err) *err = j->error;
        if (status == ER_OK && found(c, i))
            status = er_connect_pair_measure(&j->pair, c->pool, c->progress, err);
        if (status == ER_OK) status = er_connect_record(&j->pair, &c->held[2 * i], j->run, c->events, err);
        if (status == ER_OK) report(c, (double)++c->done);
    }
    for (int64_t i = 0; i < c->n; i++) er_connect_pair_clear(&c->joining[i].pair);
    return status;
}

static enum er_status end_wave(struct connecting *c, struct er_error *err)
{
    const struct er_progress progress = {
        .report = on_report, .ctx = c, .stop = c->progress ? c->progress->stop : NULL};
    if (c->n == 0) return ER_OK;
    enum er_status status = er_minima_hold(c->request, 2 * c->n, c->pool, &progress, c->held, err);
    if (status == ER_OK) status = join_all(c, err);
    er_minima_let_go(c->held, 2 * c->n);
    memset(c->joining, 0, (size_t)c->n * sizeof *c->joining);
    c->n = 0;
    return status;
}

/* Takes a run into the wave, unless somebody else has it. */
static enum er_status add(struct connecting *c, int64_t run, const struct er_split *split,
                          struct er_error *err)
{
    const struct er_point *point = &c->point[run];
    const struct er_connect_settings settings = er_connect_keys_settings(point);
    const struct er_net *net = NULL;
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    if (er_progress_stopped(c->progress)) return er_fail(err, ER_E_STOPPED, "connect: stopped");
    enum er_status status = c->events->begin(c->events->ctx, run, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) {
        c->done += skip;
        return status;
    }
    status = er_data_keys_augment_check(point, split->train.shape, err);
    if (status == ER_OK) status = er_train_nets_find(&c->nets, point, &split->train, &net, err);
    if (status != ER_OK) return status;
    for (int i = 0; i < 2; i++)
        c->request[2 * c->n + i] = er_minimum_request_of(point, split, net, settings.end[i], i);
    if (settings.same_start) c->request[2 * c->n + 1].seed_initialise = c->request[2 * c->n].seed_initialise;
    c->joining[c->n] = (struct joining){.run = run, .request = &c->request[2 * c->n]};
    c->n++;
    return c->n == c->wave ? end_wave(c, err) : ER_OK;
}

static enum er_status run_groups(struct connecting *c, int64_t from, int64_t to, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to && status == ER_OK; g++)
        for (int64_t i = 0; i < c->groups.group[g].n && status == ER_OK; i++)
            status = add(c, c->groups.group[g].run[i], &c->groups.group[g].split, err);
    return status == ER_OK ? end_wave(c, err) : status;
}

static enum er_status open_connecting(struct connecting *c, struct er_error *err)
{
    c->joining = er_alloc(c->wave, sizeof *c->joining);
    c->request = er_alloc(2 * c->wave, sizeof *c->request);
    c->held = er_alloc(2 * c->wave, sizeof *c->held);
    if (!c->joining || !c->request || !c->held)
        return er_fail(err, ER_E_NOMEM, "connect: out of memory for %lld runs", (long long)c->wave);
    const enum er_status status = er_train_nets_new(c->runs, &c->nets, err);
    return status == ER_OK ? er_data_groups_new(c->point, c->runs, &c->groups, err) : status;
}

static void close_connecting(struct connecting *c)
{
    er_free(c->joining);
    er_free(c->request);
    er_free(c->held);
    er_train_nets_clear(&c->nets);
    er_data_groups_clear(&c->groups);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct connecting c = {.point = point,
                           .events = events,
                           .progress = progress,
                           .pool = pool,
                           .runs = n,
                           .wave = (int64_t)RUNS_A_THREAD * er_pool_threads(pool)};
    enum er_status status = open_connecting(&c, err);
    for (int64_t from = 0, to; status == ER_OK && from < c.groups.n; from = to) {
        status = er_data_groups_load(&c.groups, point, places, from, ER_TRAIN_DATA_BYTES, &to, err);
        if (status == ER_OK) status = run_groups(&c, from, to, err);
        if (status == ER_OK) er_data_groups_release(&c.groups, from, to);
    }
    close_connecting(&c);
    return status;
}

/* Two trainings a run; the path is not counted. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    struct er_point *training = er_alloc(2 * n, sizeof *training);
    bool trains = true;
    if (!training) return er_fail(err, ER_E_NOMEM, "connect: out of memory for %lld runs", (long long)n);
    for (int64_t i = 0; i < n; i++) {
        const struct er_connect_settings settings = er_connect_keys_settings(&point[i]);
        training[2 * i] = training[2 * i + 1] = point[i];
        trains = trains && settings.end[0]->info.trains && settings.end[1]->info.trains;
    }
    const enum er_status status = er_train_estimate(training, 2 * n, places, pool, progress, out, err);
    er_free(training);
    if (status == ER_OK && !trains) out->seconds = (double)NAN;
    return status;
}

extern const struct er_experiment er_experiment_connect;
const struct er_experiment er_experiment_connect = {
    .name = "connect",
    .help =
        "joins two minima by a line or a curve, units aligned or not: the barrier of the loss between them",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train minima",
    .schema = er_connect_keys_row,
    .run_column = er_connect_run_column,
    .curve_column = er_connect_curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = er_connect_keys_check,
    .estimate = estimate,
    .run = run,
};
