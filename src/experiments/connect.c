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
#include "core/available.h"
#include "experiments/connect_estimate.h"
#include "experiments/connect_keys.h"
#include "experiments/connect_pair.h"
#include "experiments/connect_record.h"
#include "experiments/experiment.h"
#include "experiments/minima_waves.h"

#include <ermine/memory.h>

enum { ENDS = 2 };

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "t", .y = "train_loss line_train_loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "t", .y = "test_error line_test_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "t", .y = "train_loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "t", .y = "test_error", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "point", .x = "axis", .y = "barrier line_barrier", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

/* One call of run(). */
struct connecting {
    const struct er_run_events *events;
    struct er_connect_pair *pair; /* of each run, while it is under way */
};

static int64_t samplers(const struct er_point *point, const struct er_sampler *sampler[])
{
    const struct er_connect_settings settings = er_connect_keys_settings(point);
    for (int i = 0; i < ENDS; i++) sampler[i] = settings.end[i];
    return ENDS;
}

static void change(const struct er_point *point, struct er_minimum_request *request)
{
    if (er_connect_keys_settings(point).same_start) request[1].seed_initialise = request[0].seed_initialise;
}

/* Aligning takes memory that two trainings do not. */
static enum er_status check(const struct er_point *point, const struct er_net *net, struct er_error *err)
{
    double bytes = 0;
    if (!er_connect_keys_settings(point).align) return ER_OK;
    const enum er_status status = er_net_align_bytes(net, &bytes, err);
    return status == ER_OK ? er_memory_check(bytes, "connect.align: hidden units beside each other", err)
                           : status;
}

static bool both(const struct er_minima_wave_run *run)
{
    return run->held[0].w && run->held[1].w;
}

static enum er_status prepare(void *ctx, const struct er_minima_wave_run *run,
                              const struct er_progress *progress, struct er_error *err)
{
    const struct connecting *c = ctx;
    struct er_connect_pair *pair = &c->pair[run->run];
    *pair = (struct er_connect_pair){.net = run->request->net,
                                     .train = run->request->train,
                                     .test = run->request->test,
                                     .end = {&run->held[0], &run->held[1]},
                                     .settings = er_connect_keys_settings(run->point)};
    return both(run) ? er_connect_pair_join(pair, progress, err) : ER_OK;
}

static enum er_status finish(void *ctx, const struct er_minima_wave_run *run, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err)
{
    const struct connecting *c = ctx;
    struct er_connect_pair *pair = &c->pair[run->run];
    enum er_status status = both(run) ? er_connect_pair_measure(pair, pool, progress, err) : ER_OK;
    if (status == ER_OK) status = er_connect_record(pair, run->held, run->run, c->events, err);
    er_connect_pair_clear(pair);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct connecting c = {.events = events, .pair = er_alloc(n, sizeof *c.pair)};
    const struct er_minima_waves waves = {.ctx = &c,
                                          .what = "connect",
                                          .each = ENDS,
                                          .samplers = samplers,
                                          .check = check,
                                          .change = change,
                                          .prepare = prepare,
                                          .finish = finish};
    if (!c.pair) return er_fail(err, ER_E_NOMEM, "connect: out of memory for %lld runs", (long long)n);
    const enum er_status status = er_minima_waves(&waves, point, n, places, pool, progress, events, err);
    for (int64_t i = 0; i < n; i++) er_connect_pair_clear(&c.pair[i]); /* those that were left half done */
    er_free(c.pair);
    return status;
}

static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    const struct er_minima_waves_estimate of = {ENDS, samplers, er_connect_try};
    return er_minima_waves_estimate(&of, point, n, places, pool, progress, out, err);
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
