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
 * Runs are spread over the pool, one on each thread. Sources: src/experiments/basis.h and the headers of
 * the parts.
 */
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/regress_keys.h"
#include "experiments/regress_run.h"

#include <ermine/memory.h>
#include <pthread.h>

/* Data are held in memory up to so many bytes at a time, and one set on each thread more. */
static const size_t DATA_BYTES = (size_t)1 << 30;

static const struct er_column run_column[] = {
    [ER_REGRESS_PARAMETERS] = {"parameters", "", "weights: features times outputs", true},
    [ER_REGRESS_RANK] = {"rank", "", "singular values of the features above the cut-off", false},
    [ER_REGRESS_CONDITION] = {"condition", "", "largest over smallest singular value of the features", true},
    [ER_REGRESS_NORM] = {"norm", "", "norm of the weights", true},
    [ER_REGRESS_TRAIN_MSE] = {"train_mse", "",
                              "squared error on the examples fitted: sum over outputs, mean over examples",
                              true},
    [ER_REGRESS_TRAIN_RMSE] = {"train_rmse", "", "root of the mean squared error on the examples fitted",
                               false},
    [ER_REGRESS_TRAIN_SSE] = {"train_sse", "", "sum of squared errors on the examples fitted", false},
    [ER_REGRESS_TRAIN_ERROR] = {"train_error", "", "share of the examples fitted whose class is wrong",
                                false},
    [ER_REGRESS_VALIDATION_RMSE] = {"validation_rmse", "",
                                    "root of the mean squared error on examples held out from their fit",
                                    true},
    [ER_REGRESS_VALIDATION_ERROR] = {"validation_error", "",
                                     "share of examples held out from their fit whose class is wrong", false},
    [ER_REGRESS_TEST_MSE] = {"test_mse", "",
                             "squared error on the test set: sum over outputs, mean over examples", true},
    [ER_REGRESS_TEST_RMSE] = {"test_rmse", "", "root of the mean squared error on the test set", true},
    [ER_REGRESS_TEST_ERROR] = {"test_error", "", "share of test examples whose class is wrong", false},
    [ER_REGRESS_INTERPOLATES] = {"interpolates", "",
                                 "1 where the fit goes through all its examples, to rounding; else 0", false},
    [ER_REGRESS_EXCESS_RISK] = {"excess_risk", "",
                                "expected squared error beyond the noise, exact where the truth is linear",
                                true},
    [ER_REGRESS_THEORY_RISK] = {"theory_risk", "",
                                "what theory expects of excess_risk for the solution of least norm", true},
    [ER_REGRESS_BIAS2] = {"bias2", "", "squared bias, mean over the test inputs", true},
    [ER_REGRESS_VARIANCE] = {"variance", "", "variance over training sets, mean over the test inputs", true},
    [ER_REGRESS_BIAS2_MEDIAN] = {"bias2_median", "", "squared bias, median over the test inputs", true},
    [ER_REGRESS_VARIANCE_MEDIAN] = {"variance_median", "",
                                    "variance over training sets, median over the test inputs", true},
    [ER_REGRESS_TOTAL_RISK] = {"total_risk", "", "squared bias, variance and squared noise together", true},
    [ER_REGRESS_STEPS] = {"steps", "steps", "steps of gradient descent", true},
    [ER_REGRESS_DISTANCE] = {"distance", "",
                             "relative distance of the weights to the limit of gradient descent", true},
    [ER_REGRESS_VALUES] = {0},
};

static const struct er_column curve_column[] = {
    [ER_REGRESS_C_X] = {"x", "", "the input, where it is one number; ascending", false},
    [ER_REGRESS_C_TARGET] = {"target", "", "the target of a training example there", false},
    [ER_REGRESS_C_TRUTH] = {"truth", "", "the target without noise, where it is known", false},
    [ER_REGRESS_C_FIT] =
        {"fit", "",
         "the fit (bootstrap: mean of the fits); left out where it is farther outside the range of "
         "the targets than that is long",
         false},
    [ER_REGRESS_C_SPREAD] = {"spread", "", "standard deviation over the fits of a validation", false},
    [ER_REGRESS_C_STEP] = {"step", "steps", "steps of gradient descent so far, from 0", true},
    [ER_REGRESS_C_TRAIN_MSE] = {"train_mse", "", "squared error on the training set", true},
    [ER_REGRESS_C_TEST_MSE] = {"test_mse", "", "squared error on the test set", true},
    [ER_REGRESS_C_EXCESS_RISK] = {"excess_risk", "",
                                  "expected squared error beyond the noise, exact where the truth is linear",
                                  true},
    [ER_REGRESS_C_NORM] = {"norm", "", "norm of the weights", true},
    [ER_REGRESS_C_DISTANCE] = {"distance", "", "relative distance of the weights to their limit", true},
    [ER_REGRESS_CURVES] = {0},
};

/* Gradient descent over its steps; a decomposition over the axis; a fit of one number with its examples, and
 * its errors over the axis; else errors and norm over the axis. */
#define DESCENT "regress.gradient-descent.steps"
#define SETS    "regress.sets"
#define OF_ONE  "regress.degree"
#define NONE_OF SETS " " DESCENT
static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "step", .y = "train_mse test_mse", .axes = ER_DEFAULT_NO_AXIS, .with = DESCENT},
    {.mark = "line",
     .x = "step",
     .y = "test_mse",
     .colour = "axis",
     .axes = ER_DEFAULT_SOME_AXES,
     .with = DESCENT},
    {.mark = "line",
     .x = "axis",
     .y = "bias2 variance total_risk",
     .axes = ER_DEFAULT_ONE_AXIS,
     .with = SETS},
    {.mark = "line",
     .x = "axis",
     .y = "total_risk",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .with = SETS},
    {.mark = "line",
     .x = "x",
     .y = "fit",
     .points = "target",
     .slider = "axis",
     .with = OF_ONE,
     .without = NONE_OF},
    {.mark = "line",
     .x = "axis",
     .y = "train_rmse validation_rmse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .with = OF_ONE,
     .without = NONE_OF},
    {.mark = "line",
     .x = "axis",
     .y = "validation_rmse",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .with = OF_ONE,
     .without = NONE_OF},
    {.mark = "line",
     .x = "axis",
     .y = "train_mse test_mse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .without = NONE_OF " " OF_ONE},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .without = NONE_OF " " OF_ONE},
    {.mark = "line",
     .x = "axis",
     .y = "norm",
     .colour = "other",
     .axes = ER_DEFAULT_SOME_AXES,
     .without = NONE_OF " " OF_ONE},
    {0},
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_keys_regression_check(point, err);
    return status == ER_OK ? er_regress_keys_check(point, err) : status;
}

/* One call of run(). */
struct regressing {
    const struct er_point *point;
    const struct er_data_places *places;
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_data_groups groups;
    struct er_regression_split *split; /* one a group; empty unless loaded */
    int64_t from;                      /* first group of the wave or the lot under way */
    int64_t *group, *run;              /* of the tasks of the lot */
    int64_t done, runs;
    pthread_mutex_t lock;  /* of what follows, of `done`, and of reports */
    int64_t failed;        /* the first task that did, in order; -1: none */
    enum er_status status; /* of it */
    struct er_error why;
};

/* The error of the first task in order is kept, whichever thread was the first. */
static void keep_failure(struct regressing *r, int64_t task, enum er_status status,
                         const struct er_error *why)
{
    pthread_mutex_lock(&r->lock);
    if (r->failed < 0 || task < r->failed) {
        r->failed = task;
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
    keep_failure(r, task, status, &placed);
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
    struct er_error why = {0};
    if (has_failed(r)) return;
    enum er_status status = er_progress_stopped(r->progress)
                                ? er_fail(&why, ER_E_STOPPED, "regress: interrupted")
                                : run_one(r, r->run[task], &r->split[r->group[task]], &why);
    if (status == ER_OK)
        report(r);
    else
        keep_failure(r, task, status, &why);
}

/* The runs of groups from..to-1, which are loaded. */
static enum er_status run_lot(struct regressing *r, int64_t from, int64_t to, struct er_pool *pool,
                              struct er_error *err)
{
    int64_t tasks = 0;
    for (int64_t g = from; g < to; g++)
        for (int64_t i = 0; i < r->groups.group[g].n; i++, tasks++) {
            r->group[tasks] = g;
            r->run[tasks] = r->groups.group[g].run[i];
        }
    er_pool_run(pool, tasks, run_task, r);
    return outcome(r, err);
}

static enum er_status run_all(struct regressing *r, struct er_pool *pool, struct er_error *err)
{
    r->split = er_alloc(r->groups.n, sizeof *r->split);
    r->group = er_alloc(r->runs, sizeof *r->group);
    r->run = er_alloc(r->runs, sizeof *r->run);
    if (!r->split || !r->group || !r->run)
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
    if (pthread_mutex_init(&r.lock, NULL) != 0) return er_fail(err, ER_E_NOMEM, "regress: out of memory");
    enum er_status status = er_data_groups_new(point, n, &r.groups, err);
    if (status == ER_OK) {
        status = run_all(&r, pool, err);
        er_data_groups_clear(&r.groups);
    }
    er_free(r.split);
    er_free(r.group);
    er_free(r.run);
    pthread_mutex_destroy(&r.lock);
    return status;
}

extern const struct er_experiment er_experiment_regress;
const struct er_experiment er_experiment_regress = {
    .name = "regress",
    .help = "fits linear models by least squares: errors, validation, bias and variance, norms",
    .shares = ER_SHARES_DATA,
    .schema = er_regress_keys_row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .run = run,
};
