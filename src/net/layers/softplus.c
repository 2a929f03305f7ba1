/* softplus.c - a smooth relu.
 *
 *     y = log(1 + e^x)     f' = p = 1 / (1 + e^-x)     f'' = p (1 - p) = e^-|x| / (1 + e^-|x|)^2
 *
 * Source: Dugas et al., "Incorporating second-order functional knowledge for better option pricing", NIPS
 * 2000.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_softplusf(x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * er_sigmoidf(x[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float e = er_expf(-er_absf(x[i])), inverse = 1 / (1 + e);
        out[i] += e * inverse * inverse * tx[i] * dy[i];
    }
}

/* y' = p x' */
static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    double p[ER_SERIES_ORDER + 1];
    er_series_sigmoid(order, x, p);
    y[0] = fmax(x[0], 0) + log1p(exp(-fabs(x[0])));
    for (int k = 1; k <= order; k++) y[k] = er_series_chain(k, p, x);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_softplus};

const struct er_layer_ops er_layer_softplus = {
    .name = "softplus",
    .help = "log(1 + e^x)",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
