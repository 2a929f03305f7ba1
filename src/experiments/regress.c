/* regress.c - the experiment `regress`: each run is one least-squares fit of a linear model of fixed
 * features.
 *
 *     f(x) = W^T phi(x),   W = argmin |phi W - y|^2 + ridge |W|^2, of least norm where there are several
 *
 * in float64: polynomials with hold-out, leave-one-out, k-fold and bootstrap; bias and variance over
 * training sets; random features through the interpolation threshold; the minimum-norm solution beside its
 * theory; gradient descent with its curve. The seed of a run draws features, folds, resamples, fresh noise
 * and starts; data.seed the data.
 *
 * Runs are spread over the pool, one on each thread, or fewer where memory does not hold so many. Sources: src/experiments/basis.h and the headers of
 * the parts.
 */
#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/memory_gate.h"
#include "experiments/regress_estimate.h"
#include "experiments/regress_keys.h"
#include "experiments/regress_memory.h"
#include "experiments/regress_run.h"
#include "experiments/regress_tables.h"

#include <ermine/memory.h>
#include <pthread.h>
#include <stdlib.h>

/* Data are held in memory up to so many bytes at a time, and one set on each thread more. */
static const size_t DATA_BYTES = (size_t)1 << 30;

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_keys_regression_check(point, err);
    return status == ER_OK ? er_regress_keys_check(point, err) : status;
}

/* A run to be done, its group, and about how much there is to do. */
struct regress_task {
    int64_t group, run;
    double cost;  /* features times examples, for each training set */
    double bytes; /* of memory at most, beside its split */
};

/* One call of run(). */
struct regressing {
    const struct er_point *point;
    const struct er_data_places *places;
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_data_groups groups;
    struct er_regression_split *split; /* one a group; empty unless loaded */
    int64_t from;                      /* first group of the wave or the lot under way */
    struct regress_task *task;         /* of the lot */
    int64_t done, runs;
    struct er_memory_gate gate;
    pthread_mutex_t lock;  /* of what follows, of `done`, and of reports */
    int64_t failed;        /* the first run that did, in order; -1: none */
    enum er_status status; /* of it */
    struct er_error why;
};

/* The error of the first run in order is kept, whichever thread was the first. */
static void keep_failure(struct regressing *r, int64_t run, enum er_status status, const struct er_error *why)
{
    pthread_mutex_lock(&r->lock);
    if (r->failed < 0 || run < r->failed) {
        r->failed = run;
        r->status = status;
        r->why = *why;
    }
    pthread_mutex_unlock(&r->lock);
}

static bool has_failed(struct regressing *r)
{
    pthread_mutex_lock(&r->lock);
    const bool failed = r->failed >= 0;
    pthread_mutex_unlock(&r->lock);
    return failed;
}

static enum er_status outcome(struct regressing *r, struct er_error *err)
{
    if (r->failed < 0) return ER_OK;
    if (err) *err = r->why;
    return r->status;
}

static void load_task(void *ctx, int64_t task, int worker)
{
    (void)worker;
    struct regressing *r = ctx;
    const int64_t g = r->from + task;
    const struct er_point *point = &r->point[r->groups.group[g].run[0]];
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_error why = {0}, placed = {0};
    enum er_status status = er_regression_open(&spec, r->places, &r->split[g], &why);
    if (status == ER_OK) return;
    status = er_data_keys_fail(point, &why, &placed);
    keep_failure(r, r->groups.group[g].run[0], status, &placed);
}

static size_t bytes_of(const struct er_regression *part)
{
    return (size_t)(part->n * (part->d + 2 * part->k)) * sizeof(double);
}

/* Loads group `from` and as many after it as fit, a wave of one a thread at a time; *to is the first that
 * isn't. */
static enum er_status load(struct regressing *r, int64_t from, int64_t *to, struct er_pool *pool,
                           struct er_error *err)
{
    size_t bytes = 0;
    int64_t g = from;
    while (g < r->groups.n && bytes < DATA_BYTES && r->failed < 0) {
        const int64_t left = r->groups.n - g, threads = er_pool_threads(pool);
        const int64_t wave = left < threads ? left : threads;
        r->from = g;
        er_pool_run(pool, wave, load_task, r);
        for (int64_t i = 0; i < wave; i++, g++)
            bytes += bytes_of(&r->split[g].train) + bytes_of(&r->split[g].test);
    }
    *to = g;
    return outcome(r, err);
}

static void report(struct regressing *r)
{
    pthread_mutex_lock(&r->lock);
    const struct er_progress_report so_far = {
        .what = "regress", .unit = "runs", .done = (double)++r->done, .total = (double)r->runs};
    if (r->progress && r->progress->report) r->progress->report(r->progress->ctx, &so_far);
    pthread_mutex_unlock(&r->lock);
}

static enum er_status run_one(struct regressing *r, int64_t run, const struct er_regression_split *split,
                              struct er_error *err)
{
    const double start = er_clock_s();
    struct er_regress_result result;
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = r->events->begin(r->events->ctx, run, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    status = er_regress_run(&r->point[run], r->places, split, r->progress, &result, err);
    if (status != ER_OK) return status;
    const struct er_record record = {.outcome = result.outcome,
                                     .note = result.note,
                                     .seconds = er_clock_s() - start,
                                     .value = result.value,
                                     .curve = (const double *const *)result.curve,
                                     .n_curve = result.n_curve};
    status = r->events->end(r->events->ctx, run, &record, err);
    er_regress_result_clear(&result);
    return status;
}

static void run_task(void *ctx, int64_t task, int worker)
{
    (void)worker;
    struct regressing *r = ctx;
    const struct regress_task *t = &r->task[task];
    struct er_error why = {0};
    enum er_status status = ER_OK;
    er_memory_gate_enter(&r->gate, t->bytes);
    const bool failed = has_failed(r);
    if (!failed)
        status = er_progress_stopped(r->progress) ? er_fail(&why, ER_E_STOPPED, "regress: interrupted")
                                                  : run_one(r, t->run, &r->split[t->group], &why);
    er_memory_gate_leave(&r->gate, t->bytes);
    if (status != ER_OK)
        keep_failure(r, t->run, status, &why);
    else if (!failed)
        report(r);
}

static int by_cost(const void *a, const void *b)
{
    const struct regress_task *x = a, *y = b;
    if (x->cost != y->cost) return x->cost > y->cost ? -1 : 1;
    return (x->run > y->run) - (x->run < y->run);
}

static double cost_of(const struct er_regress_spec *spec, const struct er_regression_split *split)
{
    return (double)er_regress_features(spec, split->train.d) * (double)(split->train.n + split->test.n) *
           (double)(spec->sets > 0 ? spec->sets : 1);
}

/* The runs of groups from..to-1, which are loaded: the longest first, so that no thread is left with one at
 * the end. */
static enum er_status run_lot(struct regressing *r, int64_t from, int64_t to, struct er_pool *pool,
                              struct er_error *err)
{
    int64_t tasks = 0;
    for (int64_t g = from; g < to; g++)
        for (int64_t i = 0; i < r->groups.group[g].n; i++, tasks++) {
            const int64_t run = r->groups.group[g].run[i];
            const struct er_regress_spec spec = er_regress_keys_spec(&r->point[run]);
            const struct er_regress_sizes sizes = er_regress_sizes_of(&r->split[g]);
            const enum er_status status = er_regress_memory_check(&spec, &sizes, err);
            if (status != ER_OK) return status;
            r->task[tasks] =
                (struct regress_task){g, run, cost_of(&spec, &r->split[g]), er_regress_bytes(&spec, &sizes)};
        }
    er_memory_gate_resize(&r->gate, (double)er_memory_available());
    qsort(r->task, (size_t)tasks, sizeof *r->task, by_cost);
    er_pool_run(pool, tasks, run_task, r);
    return outcome(r, err);
}

static enum er_status run_all(struct regressing *r, struct er_pool *pool, struct er_error *err)
{
    r->split = er_alloc(r->groups.n, sizeof *r->split);
    r->task = er_alloc(r->runs, sizeof *r->task);
    if (!r->split || !r->task)
        return er_fail(err, ER_E_NOMEM, "regress: out of memory for %lld runs", (long long)r->runs);
    enum er_status status = ER_OK;
    for (int64_t from = 0, to; from < r->groups.n && status == ER_OK; from = to) {
        status = load(r, from, &to, pool, err);
        if (status == ER_OK) status = run_lot(r, from, to, pool, err);
        for (int64_t g = from; g < to; g++) er_regression_split_clear(&r->split[g]);
    }
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct regressing r = {
        .point = point, .places = places, .events = events, .progress = progress, .runs = n, .failed = -1};
    if (!er_memory_gate_open(&r.gate)) return er_fail(err, ER_E_NOMEM, "regress: out of memory");
    pthread_mutex_init(&r.lock, NULL); /* with default attributes it can't fail here */
    enum er_status status = er_data_groups_new(point, n, &r.groups, err);
    if (status == ER_OK) {
        status = run_all(&r, pool, err);
        er_data_groups_clear(&r.groups);
    }
    er_free(r.split);
    er_free(r.task);
    pthread_mutex_destroy(&r.lock);
    er_memory_gate_close(&r.gate);
    return status;
}

extern const struct er_experiment er_experiment_regress;
const struct er_experiment er_experiment_regress = {
    .name = "regress",
    .help = "fits linear models by least squares: errors, validation, bias and variance, norms",
    .shares = ER_SHARES_DATA,
    .schema = er_regress_keys_row,
    .run_column = er_regress_run_column,
    .curve_column = er_regress_curve_column,
    .figure = er_regress_figure,
    .claim = er_regress_claim,
    .arithmetic = "2",
    .check = check,
    .estimate = er_regress_estimate,
    .run = run,
};
