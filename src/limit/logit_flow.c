/* logit_flow.c - the equation and its error; src/math/dormand_prince.c integrates it. The state is alpha, and the logits that it
 * makes of the training examples.
 *
 *     d alpha/dt = -rate grad L(f),    df/dt = Theta d alpha/dt
 *
 * A step is accepted when its error in logits is at most tolerance max(1, |f|) everywhere.
 */
#include <ermine/logit_flow.h>

#include "limit/product.h"
#include "math/dormand_prince.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct flow {
    int64_t n, outputs, size; /* size: n O; a state is alpha and f */
    const double *theta, *y;
    double rate, tolerance;
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

static enum er_status slope(void *ctx, const double *state, double *out, struct er_error *err)
{
    struct flow *w = ctx;
    const double *f = state + w->size;
    for (int64_t i = 0; i < w->n; i++)
        example(w->outputs, f + i * w->outputs, w->y + i * w->outputs, out + i * w->outputs);
    for (int64_t i = 0; i < w->size; i++) out[i] *= -w->rate / (double)w->size;
    const struct er_product product = {
        .m = w->n, .n = w->outputs, .k = w->n, .factor = 1, .a = w->theta, .b = out, .c = out + w->size};
    er_product_run(&product, w->pool, &w->count);
    return er_task_count_stopped(&w->count) ? er_fail(err, ER_E_STOPPED, "logit flow: interrupted") : ER_OK;
}

static double error_of(void *ctx, const double *state, const double *error)
{
    const struct flow *w = ctx;
    double worst = 0;
    for (int64_t i = w->size; i < 2 * w->size; i++) {
        const double e = fabs(error[i]) / fmax(1, fabs(state[i]));
        if (!(e <= worst)) worst = e;
    }
    return worst / w->tolerance;
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

static enum er_status run(struct flow *w, struct er_dormand_prince *s, int64_t count, const double *times,
                          double *alpha, double *train, double *loss, struct er_error *err)
{
    enum er_status status = ER_OK;
    s->h = first_length(w);
    for (int64_t t = 0; t < count && status == ER_OK; t++) {
        status = er_dormand_prince_until(s, times[t], NULL, err);
        memcpy(alpha + t * w->size, s->y, (size_t)w->size * sizeof *alpha);
        if (train) memcpy(train + t * w->size, s->y + w->size, (size_t)w->size * sizeof *train);
        if (loss) loss[t] = loss_of(w, s->y + w->size);
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
    const struct er_ode ode = {
        .n = 2 * w.size, .slope = slope, .measure = error_of, .ctx = &w, .tries = options->steps};
    struct er_dormand_prince s;
    double *begin = er_alloc(2 * w.size, sizeof *begin);
    if (!begin) return er_fail(err, ER_E_NOMEM, "logit flow: out of memory for %" PRId64 " logits", w.size);
    if (start) memcpy(begin + w.size, start, (size_t)w.size * sizeof *start);
    status = er_dormand_prince_open(&ode, begin, &s, err);
    er_free(begin);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, 0);
    status = run(&w, &s, count, times, alpha, train, loss, err);
    const enum er_status closed = er_task_count_close(&w.count, "logit flow", status == ER_OK ? err : NULL);
    er_dormand_prince_clear(&s);
    return status == ER_OK ? closed : status;
}
