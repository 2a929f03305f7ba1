/* kernel.c - the experiment `kernel`: each run is one prediction by a network of infinite width (<ermine/predict.h>).
 *
 * Nothing in it is random but the data. Runs that have the same data and model share their kernel matrices, which take
 * most of the time: all of them are claimed, the matrices are computed, then run follows run, each on all threads.
 *
 * Of a process that is killed the next finds runs that ended; what a search found; and the matrices' tiles, where these
 * have files (er_kernel_matrices_worth(), or conjugate gradients alone). Lost are a search under way, the variances of
 * single points, matrices of vectors, and the decompositions that predictions make.
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
    bool rows; /* conjugate gradients alone */
    struct er_kernel_matrices matrices;
    struct er_kernel_state state;
    struct er_kernel_flows flows;
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
    const struct er_kernel_tuned *tuned = &s->state.tuned;
    if (tuned->found) {
        request.limit.weight_std = tuned->weight_std;
        request.limit.bias_std = tuned->bias_std;
        request.ridge.value = tuned->ridge;
    }
    request.limit.ntk = s->state.ntk;
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

static bool keeps(const struct sharing *s)
{
    return s->call->events->checkpoint_seconds > 0 && isfinite(s->call->events->checkpoint_seconds);
}

/* Claims the runs, and takes up what was left. Those that somebody else has are left out. */
static enum er_status claim(struct sharing *s, struct er_error *err)
{
    int64_t claimed = 0;
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < s->n && status == ER_OK; i++) {
        const int64_t run = s->run[i];
        const void *state = NULL;
        size_t bytes = 0;
        bool skip = false;
        status = s->call->events->begin(s->call->events->ctx, run, &skip, &state, &bytes, err);
        if (status == ER_OK && !skip) {
            er_kernel_state_take(&s->state, state, bytes);
            s->run[claimed++] = run;
        } else if (status == ER_OK)
            er_run_progress_end(&s->call->runs);
    }
    s->n = claimed;
    return status;
}

/* Work files where they are worth it, or the matrices are to stay in them. A check of results begins anew. */
static enum er_status make_room(struct sharing *s, struct er_error *err)
{
    struct er_kernel_place place = {.rows = s->rows, .anew = !keeps(s)};
    const struct er_split *split = s->split;
    enum er_status status = new_limit(s, err);
    if (status != ER_OK) return status;
    if (s->rows || (keeps(s) && er_kernel_matrices_worth(s->limit, split->train.n, split->test.n)))
        place.folder = s->call->events->work;
    status = er_kernel_matrices_new(s->limit, split, s->state.ntk, &place, &s->matrices, err);
    s->matrices.seconds = s->state.seconds;
    return status;
}

/* With the last run, which is the last to end. */
static enum er_status keep(struct sharing *s, struct er_error *err)
{
    const struct er_run_events *events = s->call->events;
    if (!keeps(s) || (!s->state.tuned.found && !s->matrices.place.folder)) return ER_OK;
    s->state.seconds = s->matrices.seconds;
    er_kernel_state_seal(&s->state);
    return events->checkpoint(events->ctx, s->run[s->n - 1], &s->state, sizeof s->state, err);
}

static enum er_status tune(struct sharing *s, struct er_error *err)
{
    struct er_kernel_request request = er_kernel_keys_request(&s->call->point[s->run[0]]);
    if (!request.tune || s->state.tuned.found) return ER_OK;
    const enum er_status status =
        er_kernel_tune(&s->call->point[s->run[0]], &request, s->split, s->matrices.x, s->call->pool,
                       s->call->progress, &s->state.tuned, err);
    return status == ER_OK ? new_limit(s, err) : status;
}

/* Of the matrices and of all predictions. */
static double flops_of(const struct sharing *s)
{
    const struct er_kernel_matrices *k = &s->matrices;
    double flops = er_kernel_matrices_flops(s->limit, k->n, k->m);
    for (int64_t i = 0; i < s->n; i++) {
        const struct er_kernel_request request = request_of(s, s->run[i]);
        flops += er_kernel_predict_flops(&request, k->n, k->m, s->split->train.classes);
    }
    return flops;
}

/* The matrices; a stop leaves what is done of them. */
static enum er_status compute(struct sharing *s, struct er_error *err)
{
    const struct er_progress progress = er_run_progress_part(&s->call->runs);
    enum er_status status = tune(s, err);
    if (status == ER_OK) status = keep(s, err);
    if (status != ER_OK) return status;
    er_run_progress_begin_together(&s->call->runs, s->n, flops_of(s));
    status = er_kernel_matrices_compute(&s->matrices, s->limit, s->call->pool, &progress, err);
    if (status != ER_E_STOPPED && status != ER_OK) return status;
    const enum er_status kept = keep(s, status == ER_OK ? err : NULL);
    return status == ER_OK ? kept : status;
}

static enum er_status predict(struct sharing *s, int64_t run, double shared_seconds, struct er_error *err)
{
    const struct er_kernel_request request = request_of(s, run);
    const double began = er_clock_s();
    const struct er_progress progress = er_run_progress_part(&s->call->runs);
    struct er_kernel_prediction prediction;
    double value[ER_KERNEL_COLUMNS];
    const char *note;
    enum er_status status = er_kernel_predict(&request, &s->matrices, s->split, &s->flows, s->call->pool,
                                              &progress, &prediction, err);
    if (status != ER_OK) return status;
    er_kernel_values(&prediction, value);
    if (s->state.tuned.found) {
        value[ER_KERNEL_TUNED_WEIGHT_STD] = s->state.tuned.weight_std;
        value[ER_KERNEL_TUNED_BIAS_STD] = s->state.tuned.bias_std;
        value[ER_KERNEL_TUNED_RIDGE] = s->state.tuned.ridge;
    }
    const char *outcome = er_kernel_outcome(&prediction, &note);
    if (!note[0]) note = s->matrices.unkept.msg;
    const struct er_record record = {
        .outcome = outcome, .note = note, .seconds = er_clock_s() - began + shared_seconds, .value = value};
    return s->call->events->end(s->call->events->ctx, run, &record, err);
}

/* Files of work that has ended, or that can't, are deleted. */
static void clear(struct sharing *s, enum er_status status)
{
    er_kernel_flows_clear(&s->flows);
    er_kernel_matrices_clear(&s->matrices, status == ER_OK || status == ER_E_NONFINITE);
    er_limit_free(s->limit);
    er_free(s->run);
}

static enum er_status do_sharing(struct sharing *s, struct er_error *err)
{
    enum er_status status = claim(s, err);
    if (status != ER_OK || s->n == 0) return status;
    status = make_room(s, err);
    if (status == ER_OK) status = compute(s, err);
    const double seconds = (s->matrices.seconds + s->state.tuned.seconds) / (double)s->n;
    for (int64_t i = 0; i < s->n && status == ER_OK; i++) {
        if (er_progress_stopped(s->call->progress)) return er_fail(err, ER_E_STOPPED, "kernel: interrupted");
        status = predict(s, s->run[i], seconds, err);
    }
    if (status == ER_OK) er_run_progress_end(&s->call->runs);
    return status;
}

/* The runs of a group that share with run `first`, marked as taken. */
static enum er_status take_sharing(struct call *call, const struct er_data_group *group, int64_t first,
                                   bool *taken, struct sharing *out, struct er_error *err)
{
    *out = (struct sharing){.call = call, .split = &group->split, .rows = true};
    out->run = er_alloc(group->n, sizeof *out->run);
    if (!out->run) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for %" PRId64 " runs", group->n);
    for (int64_t i = first; i < group->n; i++) {
        const int64_t run = group->run[i];
        if (taken[run] || !er_kernel_keys_share(&call->point[group->run[first]], &call->point[run])) continue;
        taken[run] = true;
        out->run[out->n++] = run;
        const struct er_kernel_request request = er_kernel_keys_request(&call->point[run]);
        out->state.ntk |= request.ntk;
        out->rows &= request.gradients && !request.spectrum;
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
        clear(&sharing, status);
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
    .arithmetic = "2",
    .check = check,
    .estimate = er_kernel_estimate,
    .run = run,
};
