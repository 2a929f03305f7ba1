/* swish.c - the input times its sigmoid; also called SiLU.
 *
 *     y = x p     f' = p + x p'     f'' = p' (2 + x (1 - 2 p))     p = 1 / (1 + e^-x), p' = p (1 - p)
 *
 * Source: Ramachandran, Zoph and Le, "Searching for activation functions", arXiv:1710.05941; Elfwing, Uchibe and Doya,
 * arXiv:1702.03118.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

/* Beyond 120 p is 0 or 1 in float and its derivatives 0; cut off there, infinities have limits. */
ER_INLINE float cut_below(float x)
{
    return er_select(x < -120.0f, -120.0f, x);
}

ER_INLINE float cut(float x)
{
    x = cut_below(x);
    return er_select(x > 120.0f, 120.0f, x);
}

/* p and p': of e^-|x|, so that neither loses digits far from 0. */
struct sigmoid {
    float p, slope;
};

ER_INLINE struct sigmoid sigmoid_at(float x)
{
    const float e = er_expf(-er_absf(x)), inverse = 1 / (1 + e);
    return (struct sigmoid){er_select(x > 0, inverse, e * inverse), e * inverse * inverse};
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = cut_below(x[i]) * sigmoid_at(x[i]).p;
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        const struct sigmoid s = sigmoid_at(a);
        out[i] = in[i] * (s.p + a * s.slope);
    }
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        const struct sigmoid s = sigmoid_at(a);
        out[i] += s.slope * (2 + a * (1 - 2 * s.p)) * tx[i] * dy[i];
    }
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    double p[ER_SERIES_ORDER + 1];
    er_series_sigmoid(order, x, p);
    er_series_multiply(order, x, p, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_swish};

const struct er_layer_ops er_layer_swish = {
    .name = "swish",
    .help = "x / (1 + e^-x)",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
