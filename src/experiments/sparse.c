/* sparse.c - the experiment `sparse`: each run is one gradient descent on a linear model with w = u^2 - v^2
 * (experiments/sparse_descent.h), beside the limit of gradient flow (experiments/sparse_limit.h) and the solution of least
 * norm. How large the weights are at the beginning, alpha, decides between the norms that are made small: |w|_2 where it is
 * large, |w|_1 where it is small.
 *
 * Inputs are N(0, I), so that the expected squared error on new examples is |w - beta|^2 + noise^2. The seed of a run draws
 * the examples. Runs are spread over the pool.
 */
#include "experiments/point.h"
#include "experiments/sparse_limit.h"

#include "core/clock.h"
#include "experiments/key_rows.h"
#include "experiments/log_steps.h"
#include "experiments/run_spread.h"
#include "math/least_squares.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const struct er_schema_row row[] = {
    MAP("sparse", NULL,
        "gradient descent on a linear model of sparse truth, its weights written as differences of squares"),
    INTEGER("sparse.examples", "examples", 1, 2000, "20", "how many; inputs are Gaussian"),
    INTEGER("sparse.dimension", "inputs", 1, 10000, "40", "at least as many as there are examples"),
    INTEGER("sparse.nonzeros", "", 0, 10000, "2",
            "weights of the truth that are not 0: they are 1 and -1 in turn"),
    REAL("sparse.noise", "", 0, 1e6, "0", "standard deviation of the targets around the truth"),
    REAL("sparse.alpha", "", 1e-8, 1e3, "0.01",
         "u and v at the beginning, where w = u^2 - v^2 is 0: large as for w itself, small for few nonzeros"),
    REAL("sparse.rate", "", 1e-300, 1e300, "0.01",
         "learning rate, on the squared error / 2, mean over examples"),
    INTEGER("sparse.steps", "steps", 1, 1e9, "100000",
            "at most; fewer when the examples are fitted to rounding"),
    INTEGER("sparse.records", "", 1, 100, "10", "records of the curve in a decade of steps"),
    {0},
};

enum {
    ERROR,
    LIMIT_ERROR,
    LEAST_NORM_ERROR,
    FROM_LIMIT,
    L1,
    LIMIT_L1,
    LEAST_NORM_L1,
    L2,
    TRAIN_MSE,
    TEST_MSE,
    STEPS,
    RUN_COLUMNS
};
enum { C_STEP, C_TRAIN_MSE, C_ERROR, C_L1, C_L2, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [ERROR] = {"relative_error", "", "distance of the weights to the truth, over its norm", true},
    [LIMIT_ERROR] = {"limit_error", "", "the same of the solution that gradient flow tends to", true},
    [LEAST_NORM_ERROR] = {"least_norm_error", "",
                          "the same of the solution of least norm, which descent on w itself finds", true},
    [FROM_LIMIT] = {"from_limit", "", "distance of the weights to the limit of flow, over its norm", true},
    [L1] = {"l1_norm", "", "sum of the absolute weights", false},
    [LIMIT_L1] = {"limit_l1_norm", "", "the same of the limit of flow", false},
    [LEAST_NORM_L1] = {"least_norm_l1_norm", "", "the same of the solution of least norm", false},
    [L2] = {"norm", "", "norm of the weights", false},
    [TRAIN_MSE] = {"train_mse", "", "squared error, mean over the examples", true},
    [TEST_MSE] = {"test_mse", "", "expected squared error on new examples", true},
    [STEPS] = {"steps", "steps", "steps taken", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_STEP] = {"step", "steps", "steps so far, from 1", true},
    [C_TRAIN_MSE] = {"train_mse", "", "squared error, mean over the examples", true},
    [C_ERROR] = {"relative_error", "", "distance of the weights to the truth, over its norm", true},
    [C_L1] = {"l1_norm", "", "sum of the absolute weights", false},
    [C_L2] = {"norm", "", "norm of the weights", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "step", .y = "train_mse relative_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line",
     .x = "axis",
     .y = "relative_error limit_error least_norm_error",
     .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line",
     .x = "axis",
     .y = "l1_norm limit_l1_norm least_norm_l1_norm",
     .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line", .x = "axis", .y = "relative_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

static struct er_sparse_spec spec_of(const struct er_point *point)
{
    return (struct er_sparse_spec){.examples = er_point_integer(point, "sparse.examples", 1),
                                   .dimension = er_point_integer(point, "sparse.dimension", 1),
                                   .nonzeros = er_point_integer(point, "sparse.nonzeros", 0),
                                   .noise = er_point_real(point, "sparse.noise", 0),
                                   .start = er_point_real(point, "sparse.alpha", 1),
                                   .rate = er_point_real(point, "sparse.rate", 1),
                                   .steps = er_point_integer(point, "sparse.steps", 1),
                                   .per_decade = er_point_integer(point, "sparse.records", 1),
                                   .seed = point->seed};
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_sparse_spec s = spec_of(point);
    (void)places;
    if (s.examples > s.dimension)
        return er_point_fail(point, "sparse.examples", err,
                             "is above sparse.dimension: there may be no solution");
    if (s.nonzeros > s.dimension)
        return er_point_fail(point, "sparse.nonzeros", err, "is above sparse.dimension");
    return ER_OK;
}

static double distance(int64_t d, const double *a, const double *b)
{
    double square = 0;
    for (int64_t j = 0; j < d; j++) square += (a[j] - b[j]) * (a[j] - b[j]);
    return sqrt(square);
}

/* |a - b| / |b|, NaN where b is 0. */
static double relative(int64_t d, const double *a, const double *b)
{
    const double norm = cblas_dnrm2((blasint)d, b, 1);
    return norm > 0 ? distance(d, a, b) / norm : (double)NAN;
}

static void record(const struct er_sparse_descent *s, double *const *curve, int64_t i)
{
    const struct er_sparse_problem *p = s->problem;
    curve[C_STEP][i] = (double)s->step;
    curve[C_TRAIN_MSE][i] = s->square / (double)p->n;
    curve[C_ERROR][i] = relative(p->d, s->w, p->beta);
    curve[C_L1][i] = cblas_dasum((blasint)p->d, s->w, 1);
    curve[C_L2][i] = cblas_dnrm2((blasint)p->d, s->w, 1);
}

static enum er_status descend(const struct er_sparse_spec *spec, struct er_sparse_descent *s,
                              const struct er_progress *progress, struct er_spread_result *result,
                              struct er_error *err)
{
    bool fits = false;
    result->outcome = "steps";
    for (int64_t t = 0; t < spec->steps && !fits;) {
        t = er_log_step_after(t, spec->per_decade, spec->steps);
        const enum er_status status = er_sparse_descent_until(s, t, &fits, progress, err);
        if (status != ER_OK) return status;
        if (!isfinite(s->square)) {
            result->outcome = "diverged";
            snprintf(result->note, sizeof result->note,
                     "the squared error is not finite after step %" PRId64
                     ": the rate is too large for alpha",
                     s->step);
            return ER_OK;
        }
        record(s, result->curve, result->n_curve++);
    }
    if (fits) result->outcome = "fitted";
    return ER_OK;
}

/* What needs no descent: the limit of flow, and the solution of least norm. `other` (d): scratch, then the limit. */
static enum er_status fill_references(const struct er_sparse_spec *spec, const struct er_sparse_problem *p,
                                      double *other, bool *exact, double *value, struct er_error *err)
{
    const blasint d = (blasint)p->d;
    struct er_least_squares *f = NULL;
    enum er_status status = er_least_squares_new(p->n, p->d, p->x, 1e-10, &f, err);
    if (status == ER_OK) status = er_least_squares_solve(f, 1, p->y, 0, other, err);
    er_least_squares_free(f);
    if (status != ER_OK) return status;
    value[LEAST_NORM_ERROR] = relative(p->d, other, p->beta);
    value[LEAST_NORM_L1] = cblas_dasum(d, other, 1);
    status = er_sparse_limit(p, spec->start, other, exact, err);
    if (status != ER_OK || !*exact) return status;
    value[LIMIT_ERROR] = relative(p->d, other, p->beta);
    value[LIMIT_L1] = cblas_dasum(d, other, 1);
    return ER_OK;
}

static void fill_values(const struct er_sparse_spec *spec, const struct er_sparse_descent *s,
                        const double *limit, double *value)
{
    const struct er_sparse_problem *p = s->problem;
    const double off = distance(p->d, s->w, p->beta);
    value[STEPS] = (double)s->step;
    if (!isfinite(s->square)) return;
    value[ERROR] = relative(p->d, s->w, p->beta);
    value[L1] = cblas_dasum((blasint)p->d, s->w, 1);
    value[L2] = cblas_dnrm2((blasint)p->d, s->w, 1);
    value[TRAIN_MSE] = s->square / (double)p->n;
    value[TEST_MSE] = off * off + spec->noise * spec->noise;
    if (limit) value[FROM_LIMIT] = relative(p->d, s->w, limit);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_point *point = ctx;
    const struct er_sparse_spec spec = spec_of(&point[run]);
    struct er_sparse_problem problem = {0};
    struct er_sparse_descent s = {0};
    bool exact = false;
    double *limit = er_alloc(spec.dimension, sizeof *limit);
    if (!limit) return er_fail(err, ER_E_NOMEM, "sparse: out of memory");
    enum er_status status = er_sparse_problem_new(&spec, &problem, err);
    if (status == ER_OK) status = fill_references(&spec, &problem, limit, &exact, result->value, err);
    if (status == ER_OK) status = er_sparse_descent_new(&problem, &spec, &s, err);
    if (status == ER_OK)
        status = er_spread_curves(result, "sparse", CURVE_COLUMNS,
                                  er_log_steps_most(spec.per_decade, spec.steps), err);
    if (status == ER_OK) status = descend(&spec, &s, progress, result, err);
    if (status == ER_OK) fill_values(&spec, &s, exact ? limit : NULL, result->value);
    er_sparse_descent_clear(&s);
    er_sparse_problem_clear(&problem);
    er_free(limit);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    (void)places;
    return er_spread_points("sparse", compute, point, n, pool, progress, events, err);
}

/* Time is that of steps, which is tried for the largest run; memory is by formula. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    struct er_sparse_spec largest = spec_of(&point[0]);
    struct er_sparse_problem problem = {0};
    struct er_sparse_descent s = {0};
    bool fits;
    double *cost = er_alloc(n, sizeof *cost), size = 0;
    (void)places;
    enum er_status status =
        cost ? ER_OK : er_fail(err, ER_E_NOMEM, "sparse: out of memory for %" PRId64 " runs", n);
    for (int64_t i = 0; i < n && cost; i++) {
        const struct er_sparse_spec spec = spec_of(&point[i]);
        const double here = (double)spec.examples * (double)spec.dimension;
        cost[i] = here * (double)spec.steps;
        if (here <= size) continue;
        size = here;
        largest = spec;
    }
    largest.start = 1e-6; /* a time is asked for, of steps that do not diverge */
    const int64_t steps = (int64_t)fmax(1, 1e7 / size);
    if (status == ER_OK) status = er_sparse_problem_new(&largest, &problem, err);
    if (status == ER_OK) status = er_sparse_descent_new(&problem, &largest, &s, err);
    const double began = er_clock_s();
    if (status == ER_OK) status = er_sparse_descent_until(&s, steps, &fits, progress, err);
    if (status == ER_OK)
        er_spread_estimate(n, cost, (er_clock_s() - began) / (double)s.step / size,
                           sizeof(double) * (3 * size + (double)(largest.examples * largest.examples)), pool,
                           out);
    er_sparse_descent_clear(&s);
    er_sparse_problem_clear(&problem);
    er_free(cost);
    return status;
}

extern const struct er_experiment er_experiment_sparse;
const struct er_experiment er_experiment_sparse = {
    .name = "sparse",
    .help = "a linear model with weights u^2 - v^2: the size of the start decides which solution is found",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
