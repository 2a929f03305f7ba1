/* max_margin_descent.c - see max_margin_descent.h. */
#include "experiments/max_margin_descent.h"

#include "math/least_squares.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

static const double LEAST_LOSS = 1e-300;

/* Steps between questions whether to stop, by numbers of z. */
static const double UNASKED = 1e7;

enum er_status er_margin_examples_new(const struct er_dataset *set, bool bias, struct er_margin_examples *out,
                                      struct er_error *err)
{
    const int64_t inputs = er_shape_size(set->shape), d = inputs + bias;
    double *z = er_alloc(set->n * d, sizeof *z);
    if (!z)
        return er_fail(err, ER_E_NOMEM,
                       "max-margin: out of memory for %" PRId64 " examples of %" PRId64 " inputs", set->n, d);
    for (int64_t i = 0; i < set->n; i++) {
        const double y = set->label[i] ? 1 : -1;
        for (int64_t j = 0; j < inputs; j++) z[i * d + j] = y * (double)set->x[i * inputs + j];
        if (bias) z[i * d + inputs] = y;
    }
    *out = (struct er_margin_examples){set->n, d, z};
    return ER_OK;
}

void er_margin_examples_clear(struct er_margin_examples *examples)
{
    er_free(examples->z);
    *examples = (struct er_margin_examples){0};
}

static void outputs(const struct er_margin_examples *e, const double *w, double *output)
{
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)e->n, (blasint)e->d, 1, e->z, (blasint)e->d, w, 1, 0,
                output, 1);
}

static double logistic(double m)
{
    return m > 0 ? log1p(exp(-m)) : log1p(exp(m)) - m;
}

struct er_margin_measured er_margin_measure(const struct er_margin_examples *examples, const double *w,
                                            double *output)
{
    struct er_margin_measured out = {(double)NAN, (double)NAN, (double)NAN};
    int64_t mistakes = 0;
    if (examples->n == 0) return out;
    outputs(examples, w, output);
    out = (struct er_margin_measured){.least = (double)INFINITY};
    for (int64_t i = 0; i < examples->n; i++) {
        out.loss += logistic(output[i]);
        out.least = fmin(out.least, output[i]);
        mistakes += !(output[i] > 0);
    }
    out.error = (double)mistakes / (double)examples->n;
    return out;
}

/* w: a random direction of length `start`. */
static void draw_start(const struct er_margin_spec *spec, int64_t d, double *w)
{
    struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_INITIALISE, 0));
    for (int64_t j = 0; j < d; j++) w[j] = er_random_normal(&r);
    cblas_dscal((blasint)d, spec->start / cblas_dnrm2((blasint)d, w, 1), w, 1);
}

/* One over the largest curvature, 1 where all inputs are 0. */
static enum er_status default_rate(const struct er_margin_examples *e, bool normalised, double *rate,
                                   struct er_error *err)
{
    double longest = 0;
    for (int64_t i = 0; i < e->n; i++)
        longest = fmax(longest, cblas_dnrm2((blasint)e->d, e->z + i * e->d, 1));
    *rate = longest > 0 ? 1 / (longest * longest) : 1;
    if (normalised) return ER_OK;
    struct er_least_squares *f = NULL;
    const enum er_status status = er_least_squares_new(e->n, e->d, e->z, 0, &f, err);
    if (status != ER_OK) return status;
    const double s = er_least_squares_norm(f);
    if (s > 0) *rate = 1 / (s * s);
    er_least_squares_free(f);
    return ER_OK;
}

enum er_status er_margin_descent_new(const struct er_margin_examples *examples,
                                     const struct er_margin_spec *spec, struct er_margin_descent *out,
                                     struct er_error *err)
{
    struct er_margin_descent d = {.examples = examples,
                                  .spec = *spec,
                                  .rate = spec->rate,
                                  .w = er_alloc(examples->d, sizeof *d.w),
                                  .output = er_alloc(examples->n, sizeof *d.output)};
    if (!d.w || !d.output) {
        er_margin_descent_clear(&d);
        return er_fail(err, ER_E_NOMEM, "max-margin: out of memory for %" PRId64 " weights", examples->d);
    }
    const enum er_status status =
        isnan(spec->rate) ? default_rate(examples, spec->normalised, &d.rate, err) : ER_OK;
    if (status != ER_OK) {
        er_margin_descent_clear(&d);
        return status;
    }
    if (spec->start > 0) draw_start(spec, examples->d, d.w);
    *out = d;
    return ER_OK;
}

void er_margin_descent_clear(struct er_margin_descent *descent)
{
    er_free(descent->w);
    er_free(descent->output);
    *descent = (struct er_margin_descent){0};
}

/* One step; false: the loss is too small to divide by. */
static bool step_once(struct er_margin_descent *descent)
{
    const struct er_margin_examples *e = descent->examples;
    double *output = descent->output, loss = 0, rate = descent->rate;
    outputs(e, descent->w, output);
    if (descent->spec.normalised) {
        for (int64_t i = 0; i < e->n; i++) loss += logistic(output[i]);
        if (loss < LEAST_LOSS) return false;
        rate /= loss;
    }
    for (int64_t i = 0; i < e->n; i++) output[i] = 1 / (1 + exp(output[i]));
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)e->n, (blasint)e->d, rate, e->z, (blasint)e->d, output, 1,
                1, descent->w, 1);
    return true;
}

enum er_status er_margin_descent_until(struct er_margin_descent *descent, int64_t step,
                                       const struct er_progress *progress, struct er_error *err)
{
    const double size = (double)(descent->examples->n * descent->examples->d);
    const int64_t unasked = (int64_t)fmax(1, UNASKED / size);
    while (descent->step < step && !descent->underflow) {
        if (descent->step % unasked == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "max-margin: interrupted");
        if (step_once(descent))
            descent->step++;
        else
            descent->underflow = true;
    }
    return ER_OK;
}
