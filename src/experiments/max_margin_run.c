/* max_margin_run.c - see max_margin_run.h. */
#include "experiments/max_margin_run.h"

#include "experiments/log_steps.h"
#include "experiments/max_margin_tables.h"
#include "math/nearest_point.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

/* Fits and spreads are of records from this step on. */
static const double SETTLED = 100;

/* How far beyond the margin an example is still at it, as a share. */
static const double AT_MARGIN = 1e-9;

struct run {
    struct er_margin_examples train, test;
    double *direction; /* d: u, or 0 */
    double *output;    /* of the larger set */
    double largest;    /* gamma, or 0 */
    struct er_margin_descent descent;
};

static void run_clear(struct run *r)
{
    er_margin_descent_clear(&r->descent);
    er_margin_examples_clear(&r->train);
    er_margin_examples_clear(&r->test);
    er_free(r->direction);
    er_free(r->output);
}

/* u and gamma, with the weights of the examples as scratch in `output`. */
static enum er_status find_margin(struct run *r, const struct er_progress *progress, struct er_error *err)
{
    const struct er_margin_examples *e = &r->train;
    const enum er_status status = er_nearest_point(e->n, e->d, e->z, r->direction, r->output, progress, err);
    if (status != ER_OK) return status;
    r->largest = cblas_dnrm2((blasint)e->d, r->direction, 1);
    if (r->largest > 0) cblas_dscal((blasint)e->d, 1 / r->largest, r->direction, 1);
    return ER_OK;
}

/* Examples, a copy that is decomposed for the rate, and the search for the margin: a point, two squares of support
 * vectors, and differences of these. */
double er_max_margin_run_bytes(const struct er_split *split)
{
    const double d = (double)er_shape_size(split->train.shape) + 1, n = (double)split->train.n,
                 support = fmin(n, d + 1) + 1;
    return sizeof(double) *
           (2 * n * (d + 1) + (double)split->test.n * (d + 2) + d + 2 * support * support + 2 * support * d);
}

static enum er_status run_open(const struct er_margin_spec *spec, const struct er_split *split,
                               const struct er_progress *progress, struct run *r, struct er_error *err)
{
    const int64_t d = er_shape_size(split->train.shape) + spec->bias,
                  most = split->train.n > split->test.n ? split->train.n : split->test.n;
    *r = (struct run){0};
    enum er_status status = er_margin_examples_new(&split->train, spec->bias, &r->train, err);
    if (status == ER_OK) status = er_margin_examples_new(&split->test, spec->bias, &r->test, err);
    if (status == ER_OK) {
        r->direction = er_alloc(d, sizeof *r->direction);
        r->output = er_alloc(most, sizeof *r->output);
        if (!r->direction || !r->output) status = er_fail(err, ER_E_NOMEM, "max-margin: out of memory");
    }
    if (status == ER_OK) status = find_margin(r, progress, err);
    if (status == ER_OK) status = er_margin_descent_new(&r->train, spec, &r->descent, err);
    if (status != ER_OK) run_clear(r);
    return status;
}

/* Record i; false: the weights are not finite. */
static bool record(struct run *r, double *const *curve, int64_t i)
{
    const double *w = r->descent.w, t = (double)r->descent.step;
    const blasint d = (blasint)r->train.d;
    const double norm = cblas_dnrm2(d, w, 1);
    const struct er_margin_measured train = er_margin_measure(&r->train, w, r->output),
                                    test = er_margin_measure(&r->test, w, r->output);
    if (!isfinite(norm)) return false;
    curve[ER_MARGIN_C_STEP][i] = t;
    curve[ER_MARGIN_C_LOSS][i] = train.loss;
    curve[ER_MARGIN_C_LOSS_STEP][i] = train.loss * t;
    curve[ER_MARGIN_C_NORM][i] = norm;
    curve[ER_MARGIN_C_TRAIN_ERROR][i] = train.error;
    curve[ER_MARGIN_C_TEST_ERROR][i] = test.error;
    curve[ER_MARGIN_C_TEST_LOSS][i] = test.loss / (double)r->test.n;
    if (d == 2) {
        curve[ER_MARGIN_C_W1][i] = w[0];
        curve[ER_MARGIN_C_W2][i] = w[1];
    }
    if (!(norm > 0)) return true;
    curve[ER_MARGIN_C_MARGIN][i] = train.least / norm;
    if (!(r->largest > 0)) return true;
    double apart = 0, together = 0; /* |a - b|^2 and |a + b|^2 of the unit vectors */
    for (blasint j = 0; j < d; j++) {
        const double a = w[j] / norm, b = r->direction[j];
        apart += (a - b) * (a - b);
        together += (a + b) * (a + b);
    }
    const double angle = 2 * atan2(sqrt(apart), sqrt(together));
    curve[ER_MARGIN_C_GAP][i] = r->largest - train.least / norm;
    curve[ER_MARGIN_C_ANGLE][i] = angle;
    curve[ER_MARGIN_C_ANGLE_LOG][i] = angle * log(t);
    curve[ER_MARGIN_C_DIRECTION_GAP][i] = sqrt(apart);
    return true;
}

/* Norm against log10 t from SETTLED on: slope, and the share of the variance explained. */
static void fit_norm(double *const *curve, int64_t n, double *slope, double *r2)
{
    double count = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (int pass = 0; pass < 2; pass++) {
        const double mean_x = count > 0 ? x / count : 0, mean_y = count > 0 ? y / count : 0;
        for (int64_t i = 0; i < n; i++) {
            const double t = curve[ER_MARGIN_C_STEP][i];
            if (t < SETTLED) continue;
            const double a = log10(t) - mean_x, b = curve[ER_MARGIN_C_NORM][i] - mean_y;
            if (pass == 0) {
                count++;
                x += a;
                y += b;
            } else {
                xx += a * a;
                xy += a * b;
                yy += b * b;
            }
        }
    }
    if (count < 3) return;
    *slope = xy / xx;
    *r2 = xy * xy / (xx * yy);
}

static int64_t count_supports(const struct run *r)
{
    int64_t count = 0;
    if (!(r->largest > 0)) return 0;
    er_margin_measure(&r->train, r->direction, r->output);
    for (int64_t i = 0; i < r->train.n; i++) count += r->output[i] <= r->largest * (1 + AT_MARGIN);
    return count;
}

/* Largest gap and least test loss among the records, the spread of loss times step, the step of separation. */
static void fill_extremes(double *const *curve, int64_t n, double *value)
{
    double gap = -(double)INFINITY, test = (double)INFINITY, most = 0, least = (double)INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double product = curve[ER_MARGIN_C_LOSS_STEP][i];
        gap = fmax(gap, curve[ER_MARGIN_C_GAP][i]);
        test = fmin(test, curve[ER_MARGIN_C_TEST_LOSS][i]);
        if (curve[ER_MARGIN_C_TRAIN_ERROR][i] > 0)
            value[ER_MARGIN_SEPARATED_AT] = (double)NAN;
        else if (isnan(value[ER_MARGIN_SEPARATED_AT]))
            value[ER_MARGIN_SEPARATED_AT] = curve[ER_MARGIN_C_STEP][i];
        if (curve[ER_MARGIN_C_STEP][i] < SETTLED) continue;
        most = fmax(most, product);
        least = fmin(least, product);
    }
    if (most > 0) value[ER_MARGIN_LOSS_SPREAD] = most / least;
    if (gap > 0) {
        value[ER_MARGIN_GAP_LARGEST] = gap;
        value[ER_MARGIN_GAP_SHARE] = curve[ER_MARGIN_C_GAP][n - 1] / gap;
    }
    if (isfinite(test)) value[ER_MARGIN_TEST_LOSS_RISE] = curve[ER_MARGIN_C_TEST_LOSS][n - 1] / test;
}

static void fill_values(const struct run *r, double *const *curve, int64_t n, double *value)
{
    value[ER_MARGIN_LARGEST] = r->largest;
    value[ER_MARGIN_SUPPORTS] = (double)count_supports(r);
    value[ER_MARGIN_STEPS] = (double)r->descent.step;
    if (r->largest > 0) value[ER_MARGIN_NORM_GROWTH_THEORY] = log(10) / r->largest;
    if (n == 0) return;
    value[ER_MARGIN_LOSS] = curve[ER_MARGIN_C_LOSS][n - 1];
    value[ER_MARGIN_NORM] = curve[ER_MARGIN_C_NORM][n - 1];
    value[ER_MARGIN_GAP] = curve[ER_MARGIN_C_GAP][n - 1];
    value[ER_MARGIN_ANGLE] = curve[ER_MARGIN_C_ANGLE][n - 1];
    value[ER_MARGIN_TRAIN_ERROR] = curve[ER_MARGIN_C_TRAIN_ERROR][n - 1];
    value[ER_MARGIN_TEST_ERROR] = curve[ER_MARGIN_C_TEST_ERROR][n - 1];
    value[ER_MARGIN_TEST_LOSS] = curve[ER_MARGIN_C_TEST_LOSS][n - 1];
    fit_norm(curve, n, &value[ER_MARGIN_NORM_GROWTH], &value[ER_MARGIN_NORM_R2]);
    fill_extremes(curve, n, value);
}

static enum er_status descend(struct run *r, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_margin_spec *spec = &r->descent.spec;
    result->outcome = r->largest > 0 ? "steps" : "not-separable";
    if (!(r->largest > 0))
        snprintf(result->note, sizeof result->note,
                 "no plane %s separates the two classes: there is no margin to converge to",
                 spec->bias ? "" : "through the origin");
    for (int64_t t = 0; t < spec->steps && !r->descent.underflow;) {
        t = er_log_step_after(t, spec->per_decade, spec->steps);
        const enum er_status status = er_margin_descent_until(&r->descent, t, progress, err);
        if (status != ER_OK) return status;
        if (!record(r, result->curve, result->n_curve)) {
            result->outcome = "diverged";
            snprintf(result->note, sizeof result->note, "a weight is not finite after step %lld",
                     (long long)r->descent.step);
            return ER_OK;
        }
        result->n_curve++;
    }
    if (r->descent.underflow) {
        result->outcome = "underflow";
        snprintf(result->note, sizeof result->note,
                 "ended after step %lld, where the loss is too small to divide by",
                 (long long)r->descent.step);
    }
    return ER_OK;
}

enum er_status er_max_margin_run(const struct er_margin_spec *spec, const struct er_split *split,
                                 const struct er_progress *progress, struct er_spread_result *result,
                                 struct er_error *err)
{
    struct run r;
    enum er_status status = run_open(spec, split, progress, &r, err);
    if (status != ER_OK) return status;
    status = er_spread_curves(result, "max-margin", ER_MARGIN_CURVES,
                              er_log_steps_most(spec->per_decade, spec->steps), err);
    if (status == ER_OK) status = descend(&r, progress, result, err);
    if (status == ER_OK) fill_values(&r, result->curve, result->n_curve, result->value);
    run_clear(&r);
    return status;
}
