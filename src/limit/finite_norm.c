/* finite_norm.c - normalisation in float64: of a group's values by their own moments (layer_norm), of channels by running
 * ones (batch_norm, in evaluation).
 *
 *     h = (x - mu) r      r = (v + epsilon)^(-1/2)      y_k = gamma h_k + tgamma h_{k-1} + beta_k
 *     dx = r (q - <q> - h <q h>), q = gamma dy          with fixed moments: dx = r q
 */
#include "limit/finite.h"

#include <math.h>

enum { OVER, EPSILON, AFFINE }; /* EPSILON and AFFINE are those of batch_norm too */

static bool affine(const struct er_layer *l)
{
    return l->argument[AFFINE] > 0;
}

/* y_k = gamma h_k + tgamma h_{k-1} + beta_k of parameter i of n, of one value; h_k at h + k step. */
static double stretched(const struct er_layer *l, const struct er_finite_call *c, int64_t n, int64_t i, int k,
                        const double *h, int64_t step)
{
    if (!affine(l)) return h[k * step];
    double y = c->w[i] * h[k * step] + (k == 0 ? c->w[n + i] : 0);
    if (c->tw && k > 0) y += c->tw[i] * h[(k - 1) * step] + (k == 1 ? c->tw[n + i] : 0);
    return y;
}

static int64_t group_size(const struct er_layer *l)
{
    return l->argument[OVER] > 0 ? l->n_in : l->in.channels;
}

/* h of one group, coefficient k at h + k n; x_k at x + k step. Returns r_0. */
static double normalise(int64_t n, int order, double epsilon, const double *x, int64_t step, double *h)
{
    double v[ER_TAYLOR_DEGREE + 1] = {0}, r[ER_TAYLOR_DEGREE + 1];
    for (int k = 0; k <= order; k++) {
        double mean = 0;
        for (int64_t i = 0; i < n; i++) mean += x[k * step + i];
        mean /= (double)n;
        for (int64_t i = 0; i < n; i++) h[k * n + i] = x[k * step + i] - mean;
    }
    for (int k = 0; k <= order; k++) {
        v[k] = 0;
        for (int j = 0; j <= k; j++)
            for (int64_t i = 0; i < n; i++) v[k] += h[j * n + i] * h[(k - j) * n + i];
        v[k] = v[k] / (double)n + (k == 0 ? epsilon : 0);
    }
    er_finite_power(order, v, -0.5, r);
    for (int64_t i = 0; i < n; i++)
        for (int k = order; k >= 0; k--) {
            double sum = 0;
            for (int j = 0; j <= k; j++) sum += h[j * n + i] * r[k - j];
            h[k * n + i] = sum;
        }
    return r[0];
}

static void layer_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = group_size(l), values = c->rows * l->n_in;
    for (int64_t at = 0; at < values; at += n) {
        normalise(n, c->order, l->argument[EPSILON], c->x + at, values, c->scratch);
        for (int k = 0; k <= c->order; k++)
            for (int64_t i = 0; i < n; i++)
                c->y[k * values + at + i] = stretched(l, c, n, i, k, c->scratch + i, n);
    }
}

static void layer_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = group_size(l);
    double *h = c->scratch, *q = h + n;
    for (int64_t at = 0; at < c->rows * l->n_in; at += n) {
        const double r = normalise(n, 0, l->argument[EPSILON], c->x + at, 0, h);
        double mean = 0, along = 0;
        for (int64_t i = 0; i < n; i++) {
            q[i] = (affine(l) ? c->w[i] : 1) * c->dy[at + i];
            mean += q[i] / (double)n;
            along += q[i] * h[i] / (double)n;
        }
        for (int64_t i = 0; i < n; i++) c->dx[at + i] += r * (q[i] - mean - h[i] * along);
    }
}

static void layer_gradient(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = group_size(l);
    for (int64_t at = 0; at < c->rows * l->n_in; at += n) {
        double *g = c->g + at / l->n_in * c->stride;
        normalise(n, 0, l->argument[EPSILON], c->x + at, 0, c->scratch);
        for (int64_t i = 0; i < n; i++) {
            g[i] += c->dy[at + i] * c->scratch[i];
            g[n + i] += c->dy[at + i];
        }
    }
}

static int64_t layer_scratch(const struct er_layer *l, int64_t rows, int order)
{
    (void)rows;
    return (order + 2) * group_size(l);
}

/* r of channel i. */
static double inverse(const struct er_layer *l, const struct er_finite_call *c, int64_t i)
{
    return 1 / sqrt(c->statistics[l->in.channels + i] + l->argument[EPSILON]);
}

static void batch_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t C = l->in.channels, values = c->rows * l->n_in;
    for (int64_t i = 0; i < C; i++) {
        const double r = inverse(l, c, i), mean = c->statistics[i];
        for (int64_t at = i; at < values; at += C) {
            double h[ER_TAYLOR_DEGREE + 1];
            for (int k = 0; k <= c->order; k++) h[k] = (c->x[k * values + at] - (k == 0 ? mean : 0)) * r;
            for (int k = 0; k <= c->order; k++) c->y[k * values + at] = stretched(l, c, C, i, k, h, 1);
        }
    }
}

static void batch_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t C = l->in.channels;
    for (int64_t i = 0; i < C; i++) {
        const double factor = inverse(l, c, i) * (affine(l) ? c->w[i] : 1);
        for (int64_t at = i; at < c->rows * l->n_in; at += C) c->dx[at] += factor * c->dy[at];
    }
}

static void batch_gradient(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t C = l->in.channels;
    for (int64_t i = 0; i < C; i++) {
        const double r = inverse(l, c, i), mean = c->statistics[i];
        for (int64_t at = i; at < c->rows * l->n_in; at += C) {
            double *g = c->g + at / l->n_in * c->stride;
            g[i] += c->dy[at] * (c->x[at] - mean) * r;
            g[C + i] += c->dy[at];
        }
    }
}

const struct er_finite_ops er_finite_layer_norm = {
    .name = "layer_norm",
    .scratch = layer_scratch,
    .forward = layer_forward,
    .backward = layer_backward,
    .gradient = layer_gradient,
};
const struct er_finite_ops er_finite_batch_norm = {
    .name = "batch_norm",
    .forward = batch_forward,
    .backward = batch_backward,
    .gradient = batch_gradient,
};
