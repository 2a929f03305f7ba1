/* logit_flow.c - Dormand and Prince's pair of orders 5 and 4 with adaptive steps; the state is alpha, and the logits that it
 * makes of the training examples.
 *
 *     d alpha/dt = -rate grad L(f),    df/dt = Theta d alpha/dt
 *
 * The last stage of a step is the first of the next. A step is accepted when its error in logits, the difference of the two
 * orders, is at most tolerance max(1, |f|) everywhere. Source: Hairer, Norsett and Wanner, "Solving ordinary differential
 * equations I", 2nd ed., 1993, table II.5.2 and section II.4.
 */
#include <ermine/logit_flow.h>

#include "limit/product.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { STAGES = 7 };

static const double coefficient[STAGES][STAGES - 1] = {
    {0},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
};
/* Order 5 less order 4. */
static const double difference[STAGES] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                          -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

struct flow {
    int64_t n, outputs, size; /* size: n O */
    const double *theta, *y;
    double rate, tolerance;
    double *alpha, *f, *next_f;              /* size each */
    double *slope[STAGES], *f_slope[STAGES]; /* of alpha and f */
    struct er_pool *pool;
    struct er_task_count count;
};

struct er_logit_flow_options er_logit_flow_defaults(void)
{
    return (struct er_logit_flow_options){.rate = 1, .tolerance = 1e-8, .steps = 100000};
}

/* The loss of an example, and softmax(f) sum_o y_o - y to `gradient` where that is not NULL. */
static double example(int64_t outputs, const double *f, const double *y, double *gradient)
{
    double most = f[0], sum = 0, mass = 0, loss = 0;
    for (int64_t o = 1; o < outputs; o++) most = fmax(most, f[o]);
    for (int64_t o = 0; o < outputs; o++) sum += exp(f[o] - most);
    for (int64_t o = 0; o < outputs; o++) {
        mass += y[o];
        loss -= y[o] * (f[o] - most - log(sum));
    }
    for (int64_t o = 0; gradient && o < outputs; o++) gradient[o] = mass * exp(f[o] - most) / sum - y[o];
    return loss;
}

static double loss_of(const struct flow *w, const double *f)
{
    double sum = 0;
    for (int64_t i = 0; i < w->n; i++)
        sum += example(w->outputs, f + i * w->outputs, w->y + i * w->outputs, NULL);
    return sum / (double)w->size;
}

/* Both slopes of stage s at logits f. */
static void slopes(struct flow *w, int s, const double *f)
{
    for (int64_t i = 0; i < w->n; i++)
        example(w->outputs, f + i * w->outputs, w->y + i * w->outputs, w->slope[s] + i * w->outputs);
    for (int64_t i = 0; i < w->size; i++) w->slope[s][i] *= -w->rate / (double)w->size;
    const struct er_product product = {.m = w->n,
                                       .n = w->outputs,
                                       .k = w->n,
                                       .factor = 1,
                                       .a = w->theta,
                                       .b = w->slope[s],
                                       .c = w->f_slope[s]};
    er_product_run(&product, w->pool, &w->count);
}

/* Stages 1.. of a step of length h, which leave the logits after it in next_f. Its error over what is tolerated. */
static double try_step(struct flow *w, double h)
{
    for (int s = 1; s < STAGES; s++) {
        memcpy(w->next_f, w->f, (size_t)w->size * sizeof *w->f);
        for (int j = 0; j < s; j++)
            for (int64_t i = 0; i < w->size; i++) w->next_f[i] += h * coefficient[s][j] * w->f_slope[j][i];
        slopes(w, s, w->next_f);
    }
    double worst = 0;
    for (int64_t i = 0; i < w->size; i++) {
        double error = 0;
        for (int j = 0; j < STAGES; j++) error += h * difference[j] * w->f_slope[j][i];
        error = fabs(error) / fmax(1, fabs(w->next_f[i]));
        if (!(error <= worst)) worst = error;
    }
    return worst / w->tolerance;
}

static void accept(struct flow *w, double h)
{
    for (int64_t i = 0; i < w->size; i++) {
        double change = 0;
        for (int j = 0; j < STAGES - 1; j++) change += coefficient[STAGES - 1][j] * w->slope[j][i];
        w->alpha[i] += h * change;
    }
    double *f = w->f, *slope = w->slope[0], *f_slope = w->f_slope[0];
    w->f = w->next_f;
    w->next_f = f;
    w->slope[0] = w->slope[STAGES - 1];
    w->slope[STAGES - 1] = slope;
    w->f_slope[0] = w->f_slope[STAGES - 1];
    w->f_slope[STAGES - 1] = f_slope;
}

/* From *time to `end`, with the step length that *h proposes and leaves. */
static enum er_status advance(struct flow *w, double *time, double end, double *h, int64_t *steps,
                              struct er_error *err)
{
    while (*time < end) {
        if (er_task_count_stopped(&w->count)) return ER_OK; /* closing the count says so */
        if (--*steps < 0)
            return er_fail(err, ER_E_LIMIT,
                           "logit flow: the steps allowed end at time %g, before the %g asked for", *time,
                           end);
        const bool last = *time + *h >= end;
        const double length = last ? end - *time : *h, error = try_step(w, length);
        if (isnan(error) && !er_task_count_stopped(&w->count))
            return er_fail(err, ER_E_NONFINITE, "logit flow: a logit is infinite or NaN after time %g",
                           *time);
        const double factor = error > 0 ? fmin(5, fmax(0.2, 0.9 * pow(error, -0.2))) : 5;
        if (error <= 1) {
            accept(w, length);
            *time = last ? end : *time + length;
            if (!last || factor < 1) *h = length * factor;
        } else
            *h = length * factor;
    }
    return ER_OK;
}

static enum er_status check(int64_t n, int64_t outputs, const double *y,
                            const struct er_logit_flow_options *o, int64_t count, const double *times,
                            struct er_error *err)
{
    if (n < 1 || outputs < 2)
        return er_fail(err, ER_E_USAGE,
                       "logit flow: %" PRId64 " examples of %" PRId64 " outputs: needs 1 of 2 at least", n,
                       outputs);
    if (!(o->rate > 0) || isinf(o->rate) || !(o->tolerance >= 1e-13 && o->tolerance <= 0.1) || o->steps < 1)
        return er_fail(err, ER_E_USAGE,
                       "logit flow: rate %g > 0, tolerance %g of 1e-13 .. 0.1, steps %" PRId64 " >= 1",
                       o->rate, o->tolerance, o->steps);
    for (int64_t i = 0; i < n * outputs; i++)
        if (!(y[i] >= 0) || isinf(y[i]))
            return er_fail(err, ER_E_USAGE, "logit flow: target %g is not a probability", y[i]);
    for (int64_t i = 0; i < count; i++)
        if (!(times[i] >= (i > 0 ? times[i - 1] : 0)) || isinf(times[i]))
            return er_fail(err, ER_E_USAGE, "logit flow: times are finite, >= 0 and ascending: %g", times[i]);
    return ER_OK;
}

/* A length that no accuracy refuses for long: the eigenvalues are at most the largest sum of absolute values of a row. */
static double first_length(const struct flow *w)
{
    double most = 0;
    for (int64_t i = 0; i < w->n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < w->n; j++) sum += fabs(w->theta[i * w->n + j]);
        most = fmax(most, sum);
    }
    return most > 0 ? 0.1 * (double)w->size / (w->rate * most) : (double)INFINITY;
}

static enum er_status run(struct flow *w, int64_t steps, int64_t count, const double *times, double *alpha,
                          double *train, double *loss, struct er_error *err)
{
    double time = 0, h = first_length(w);
    enum er_status status = ER_OK;
    slopes(w, 0, w->f);
    for (int64_t t = 0; t < count && status == ER_OK; t++) {
        status = advance(w, &time, times[t], &h, &steps, err);
        memcpy(alpha + t * w->size, w->alpha, (size_t)w->size * sizeof *alpha);
        if (train) memcpy(train + t * w->size, w->f, (size_t)w->size * sizeof *train);
        if (loss) loss[t] = loss_of(w, w->f);
    }
    return status;
}

enum er_status er_logit_flow(int64_t n, int64_t outputs, const double *theta_train, const double *y,
                             const double *start, const struct er_logit_flow_options *options, int64_t count,
                             const double *times, double *alpha, double *train, double *loss,
                             struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    enum er_status status = check(n, outputs, y, options, count, times, err);
    if (status != ER_OK) return status;
    struct flow w = {.n = n,
                     .outputs = outputs,
                     .size = n * outputs,
                     .theta = theta_train,
                     .y = y,
                     .rate = options->rate,
                     .tolerance = options->tolerance,
                     .pool = pool};
    double *block = er_alloc((2 * STAGES + 3) * w.size, sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "logit flow: out of memory for %" PRId64 " logits", w.size);
    w.alpha = block;
    w.f = block + w.size;
    w.next_f = block + 2 * w.size;
    for (int s = 0; s < STAGES; s++) {
        w.slope[s] = block + (3 + s) * w.size;
        w.f_slope[s] = block + (3 + STAGES + s) * w.size;
    }
    if (start) memcpy(w.f, start, (size_t)w.size * sizeof *start);
    er_task_count_open(&w.count, progress, 0);
    status = run(&w, options->steps, count, times, alpha, train, loss, err);
    const enum er_status closed = er_task_count_close(&w.count, "logit flow", status == ER_OK ? err : NULL);
    er_free(block);
    return status == ER_OK ? closed : status;
}
