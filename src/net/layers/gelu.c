/* gelu.c - Gaussian error linear unit.
 *
 *     approximate=none   y = x Phi(x)           f' = Phi + x phi     f'' = (2 - x^2) phi
 *     approximate=tanh   y = x p(u)             f' = p + x p' u'     f'' = 2 p' u' + x (p'' u'^2 + p' u'')
 *
 * Phi and phi: the standard normal's distribution function and density. p(u) = 1 / (1 + e^-u)
 * = (1 + tanh(u / 2)) / 2, with p' = p (1 - p), p'' = p' (1 - 2 p), and
 *
 *     u = 2 sqrt(2 / pi) (x + 0.044715 x^3)     u' = 2 sqrt(2 / pi) (1 + 3 0.044715 x^2)
 *
 * Source: Hendrycks and Gimpel, "Gaussian error linear units", arXiv:1606.08415, section 2.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { APPROXIMATE };

static const struct er_argument argument[] = {
    {"approximate", ER_ARGUMENT_CHOICE, false, 0, 0, "none tanh", "none",
     "none: x Phi(x); tanh: the formula with tanh that some networks were trained with"},
    {0},
};

static const float linear = 1.59576912f, cubic = 0.0713548163f; /* u = linear x + cubic x^3 */

/* Beyond 15 Phi and p are 0 or 1 in float and their derivatives 0; cut off there, infinities have limits. */
ER_INLINE float cut_below(float x)
{
    return er_select(x < -15.0f, -15.0f, x);
}

ER_INLINE float cut(float x)
{
    x = cut_below(x);
    return er_select(x > 15.0f, 15.0f, x);
}

/* p and p' at u: of e^-|u|, so that neither loses digits far from 0. */
struct sigmoid {
    float p, slope;
};

ER_INLINE struct sigmoid sigmoid_at(float x)
{
    const float u = x * (linear + cubic * (x * x)), e = er_expf(-er_absf(u)), inverse = 1 / (1 + e);
    return (struct sigmoid){er_select(u > 0, inverse, e * inverse), e * inverse * inverse};
}

ER_VECTOR
static void value_exact(int64_t n, const float *x, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = cut_below(x[i]) * er_normal_cdff(x[i]);
}

ER_VECTOR
static void value_tanh(int64_t n, const float *x, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = cut_below(x[i]) * sigmoid_at(cut(x[i])).p;
}

ER_VECTOR
static void slope_exact(int64_t n, const float *x, const float *in, float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        out[i] = in[i] * (er_normal_cdff(a) + a * er_normal_densityf(a));
    }
}

ER_VECTOR
static void slope_tanh(int64_t n, const float *x, const float *in, float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        const struct sigmoid s = sigmoid_at(a);
        out[i] = in[i] * (s.p + a * s.slope * (linear + 3 * cubic * (a * a)));
    }
}

ER_VECTOR
static void curve_exact(int64_t n, const float *x, const float *tx, const float *dy, float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        out[i] += (2 - a * a) * er_normal_densityf(a) * tx[i] * dy[i];
    }
}

ER_VECTOR
static void curve_tanh(int64_t n, const float *x, const float *tx, const float *dy, float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]), u1 = linear + 3 * cubic * (a * a), u2 = 6 * cubic * a;
        const struct sigmoid s = sigmoid_at(a);
        out[i] += s.slope * (2 * u1 + a * ((1 - 2 * s.p) * u1 * u1 + u2)) * tx[i] * dy[i];
    }
}

static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    if (l->argument[APPROXIMATE] > 0)
        value_tanh(n, x, y);
    else
        value_exact(n, x, y);
}

static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    if (l->argument[APPROXIMATE] > 0)
        slope_tanh(n, x, in, out);
    else
        slope_exact(n, x, in, out);
}

static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)y;
    if (l->argument[APPROXIMATE] > 0)
        curve_tanh(n, x, tx, dy, out);
    else
        curve_exact(n, x, tx, dy, out);
}

/* Phi: y' = phi x', phi = e^(-x^2 / 2) / sqrt(2 pi) */
static void normal_series(int order, const double *x, double *y)
{
    double u[ER_SERIES_ORDER + 1], density[ER_SERIES_ORDER + 1];
    er_series_multiply(order, x, x, u);
    er_series_scale(order, -0.5, u, u);
    er_series_exp(order, u, density);
    er_series_scale(order, 0.5 * M_SQRT1_2 * M_2_SQRTPI, density, density);
    y[0] = 0.5 * erfc(-x[0] * M_SQRT1_2);
    for (int k = 1; k <= order; k++) y[k] = er_series_chain(k, density, x);
}

/* p(u) */
static void tanh_series(int order, const double *x, double *y)
{
    const double factor = M_SQRT2 * M_2_SQRTPI;
    double u[ER_SERIES_ORDER + 1];
    er_series_power(order, 3, x, u);
    for (int k = 0; k <= order; k++) u[k] = factor * (x[k] + 0.044715 * u[k]);
    er_series_sigmoid(order, u, y);
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double p[ER_SERIES_ORDER + 1];
    if (l->argument[APPROXIMATE] > 0)
        tanh_series(order, x, p);
    else
        normal_series(order, x, p);
    er_series_multiply(order, x, p, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series};

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_POINTWISE,
                                  .dual = l->argument[APPROXIMATE] > 0 ? &er_dual_gelu_tanh : &er_dual_gelu};
    return ER_OK;
}

const struct er_layer_ops er_layer_gelu = {
    .name = "gelu",
    .help = "x Phi(x), with the normal distribution function",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = kernel,
};
