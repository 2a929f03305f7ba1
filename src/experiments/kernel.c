/* kernel.c - the experiment `kernel`: each run is one prediction by a network of infinite width (<ermine/predict.h>).
 *
 * Nothing in it is random but the data. Runs that have the same data and model share their kernel matrices, which take
 * most of the time: all of them are claimed, the matrices are computed, then run follows run, each on all threads. What
 * is done of the matrices is kept as the state of the last of them.
 */
#include "core/clock.h"
#include "experiments/data_fixed.h"
#include "experiments/data_groups.h"
#include "experiments/experiment.h"
#include "experiments/kernel_estimate.h"
#include "experiments/kernel_keys.h"
#include "experiments/kernel_predict.h"
#include "experiments/kernel_state.h"
#include "experiments/kernel_tables.h"
#include "experiments/kernel_tune.h"
#include "experiments/run_progress.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

/* A call. */
struct call {
    const struct er_point *point;
    const struct er_run_events *events;
    struct er_pool *pool;
    const struct er_progress *progress;
    struct er_run_progress runs;
};

/* Runs that share their matrices. */
struct sharing {
    struct call *call;
    const struct er_split *split;
    int64_t *run; /* n of them, in order: of the group, then those that were claimed */
    int64_t n;
    bool ntk;
    struct er_limit *limit;
    struct er_kernel_matrices matrices;
    struct er_kernel_tuned tuned;
    struct er_kernel_flows flows;
    double kept_at; /* of the clock: when a state was kept */
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_fixed_check(point, "kernel", err);
    return status == ER_OK ? er_kernel_keys_check(point, err) : status;
}

static struct er_kernel_request request_of(const struct sharing *s, int64_t run)
{
    struct er_kernel_request request = er_kernel_keys_request(&s->call->point[run]);
    if (s->tuned.found) {
        request.limit.weight_std = s->tuned.weight_std;
        request.limit.bias_std = s->tuned.bias_std;
        request.ridge.value = s->tuned.ridge;
    }
    request.limit.ntk = s->ntk;
    return request;
}

static enum er_status new_limit(struct sharing *s, struct er_error *err)
{
    const struct er_kernel_request request = request_of(s, s->run[0]);
    er_limit_free(s->limit);
    s->limit = NULL;
    return er_kernel_keys_limit(&s->call->point[s->run[0]], s->split->train.shape, &request.limit, &s->limit,
                                err);
}

/* Claims the runs, and takes up what was left. Those that somebody else has are left out. */
static enum er_status claim(struct sharing *s, struct er_error *err)
{
    int64_t claimed = 0;
    enum er_status status = new_limit(s, err);
    for (int64_t i = 0; i < s->n && status == ER_OK; i++) {
        const int64_t run = s->run[i];
        const void *state = NULL;
        size_t bytes = 0;
        bool skip = false;
        status = s->call->events->begin(s->call->events->ctx, run, &skip, &state, &bytes, err);
        if (status == ER_OK && !skip && claimed == 0)
            status = er_kernel_matrices_new(s->limit, s->split, s->ntk, &s->matrices, err);
        if (status == ER_OK && !skip) {
            er_kernel_state_restore(&s->matrices, &s->tuned, state, bytes);
            s->run[claimed++] = run;
        } else if (status == ER_OK)
            er_run_progress_end(&s->call->runs);
    }
    s->n = claimed;
    return status;
}

static enum er_status keep_now(struct sharing *s, struct er_error *err)
{
    const struct er_run_events *events = s->call->events;
    void *state;
    size_t bytes;
    if (!er_kernel_state_worth(&s->matrices)) return ER_OK;
    enum er_status status = er_kernel_state_save(&s->matrices, &s->tuned, &state, &bytes, err);
    if (status == ER_OK) status = events->checkpoint(events->ctx, s->run[s->n - 1], state, bytes, err);
    er_free(state);
    s->kept_at = er_clock_s();
    return status;
}

/* er_kernel_keeper */
static enum er_status keep(void *ctx, const struct er_kernel_matrices *matrices, struct er_error *err)
{
    struct sharing *s = ctx;
    const double every = s->call->events->checkpoint_seconds;
    const bool last = matrices->done == er_kernel_matrices_blocks(matrices);
    const bool due = er_clock_s() - s->kept_at >= every || (last && matrices->seconds >= every);
    return every > 0 && due ? keep_now(s, err) : ER_OK;
}

static enum er_status tune(struct sharing *s, struct er_error *err)
{
    struct er_kernel_request request = er_kernel_keys_request(&s->call->point[s->run[0]]);
    if (!request.tune || s->tuned.found) return ER_OK;
    return er_kernel_tune(&s->call->point[s->run[0]], &request, s->split, s->matrices.x, s->call->pool,
                          s->call->progress, &s->tuned, err);
}

/* The matrices; a stop leaves what is done of them. */
static enum er_status compute(struct sharing *s, struct er_error *err)
{
    const struct er_progress progress = er_run_progress_part(&s->call->runs);
    s->kept_at = er_clock_s();
    enum er_status status = tune(s, err);
    if (status == ER_OK) status = new_limit(s, err);
    if (status != ER_OK) return status;
    const double entries = er_kernel_matrices_entries(s->matrices.n, s->matrices.m);
    er_run_progress_begin(&s->call->runs, entries * er_limit_flops(s->limit));
    status = er_kernel_matrices_compute(&s->matrices, s->limit, keep, s, s->call->pool, &progress, err);
    const double every = s->call->events->checkpoint_seconds;
    if (status == ER_E_STOPPED && s->matrices.done > 0 && every > 0 && isfinite(every)) {
        const enum er_status kept = keep_now(s, err);
        if (kept != ER_OK) return kept;
        return er_fail(err, ER_E_STOPPED, "kernel: interrupted");
    }
    return status;
}

static enum er_status predict(struct sharing *s, int64_t run, double shared_seconds, struct er_error *err)
{
    const struct er_kernel_request request = request_of(s, run);
    const double began = er_clock_s();
    const struct er_progress progress = er_run_progress_part(&s->call->runs);
    struct er_kernel_prediction prediction;
    double value[ER_KERNEL_COLUMNS];
    const char *note;
    er_run_progress_begin(&s->call->runs, er_kernel_predict_flops(&request, s->matrices.n, s->matrices.m,
                                                                  s->split->train.classes));
    enum er_status status = er_kernel_predict(&request, &s->matrices, s->split, &s->flows, s->call->pool,
                                              &progress, &prediction, err);
    if (status != ER_OK) return status;
    er_kernel_values(&prediction, value);
    if (s->tuned.found) {
        value[ER_KERNEL_TUNED_WEIGHT_STD] = s->tuned.weight_std;
        value[ER_KERNEL_TUNED_BIAS_STD] = s->tuned.bias_std;
        value[ER_KERNEL_TUNED_RIDGE] = s->tuned.ridge;
    }
    const char *outcome = er_kernel_outcome(&prediction, &note);
    const struct er_record record = {
        .outcome = outcome, .note = note, .seconds = er_clock_s() - began + shared_seconds, .value = value};
    status = s->call->events->end(s->call->events->ctx, run, &record, err);
    er_run_progress_end(&s->call->runs);
    return status;
}

static void clear(struct sharing *s)
{
    er_limit_free(s->limit);
    er_kernel_matrices_clear(&s->matrices);
    er_kernel_flows_clear(&s->flows);
    er_free(s->run);
}

static enum er_status do_sharing(struct sharing *s, struct er_error *err)
{
    enum er_status status = claim(s, err);
    if (status != ER_OK || s->n == 0) return status;
    status = compute(s, err);
    const double seconds = (s->matrices.seconds + s->tuned.seconds) / (double)s->n;
    for (int64_t i = 0; i < s->n && status == ER_OK; i++) {
        if (er_progress_stopped(s->call->progress)) return er_fail(err, ER_E_STOPPED, "kernel: interrupted");
        status = predict(s, s->run[i], seconds, err);
    }
    return status;
}

/* The runs of a group that share with run `first`, marked as taken. */
static enum er_status take_sharing(struct call *call, const struct er_data_group *group, int64_t first,
                                   bool *taken, struct sharing *out, struct er_error *err)
{
    *out = (struct sharing){.call = call, .split = &group->split};
    out->run = er_alloc(group->n, sizeof *out->run);
    if (!out->run) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for %" PRId64 " runs", group->n);
    for (int64_t i = first; i < group->n; i++) {
        const int64_t run = group->run[i];
        if (taken[run] || !er_kernel_keys_share(&call->point[group->run[first]], &call->point[run])) continue;
        taken[run] = true;
        out->run[out->n++] = run;
        out->ntk |= er_kernel_keys_request(&call->point[run]).ntk;
    }
    return ER_OK;
}

static enum er_status do_group(struct call *call, const struct er_data_group *group, bool *taken,
                               struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        struct sharing sharing;
        if (taken[group->run[i]]) continue;
        status = take_sharing(call, group, i, taken, &sharing, err);
        if (status == ER_OK) status = do_sharing(&sharing, err);
        clear(&sharing);
    }
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct call call = {.point = point,
                        .events = events,
                        .pool = pool,
                        .progress = progress,
                        .runs = {.what = "kernel", .caller = progress, .runs = n}};
    struct er_data_groups groups = {0};
    bool *taken = er_alloc(n, sizeof *taken);
    enum er_status status = taken ? er_data_groups_new(point, n, &groups, err)
                                  : er_fail(err, ER_E_NOMEM, "kernel: out of memory for %" PRId64 " runs", n);
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        if (status == ER_OK) status = do_group(&call, &groups.group[g], taken, err);
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
    er_free(taken);
    return status;
}

extern const struct er_experiment er_experiment_kernel;
const struct er_experiment er_experiment_kernel = {
    .name = "kernel",
    .help = "predicts with networks of infinite width: the exact NNGP and NTK kernels of the model",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .schema = er_kernel_keys_row,
    .run_column = er_kernel_run_column,
    .curve_column = er_kernel_curve_column,
    .figure = er_kernel_figure,
    .arithmetic = "1",
    .check = check,
    .estimate = er_kernel_estimate,
    .run = run,
};
