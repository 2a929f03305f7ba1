/* tanh.c - hyperbolic tangent.
 *
 *     y = tanh(x)     f' = 1 - y^2     f'' = -2 y (1 - y^2)
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
    for (int64_t i = 0; i < n; i++) y[i] = er_tanhf(x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (1 - y[i] * y[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] -= 2 * y[i] * (1 - y[i] * y[i]) * tx[i] * dy[i];
}

/* y' = (1 - y^2) x' */
static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    double g[ER_SERIES_ORDER + 1];
    y[0] = tanh(x[0]);
    for (int k = 1; k <= order; k++) {
        g[k - 1] = (k == 1) - er_series_product(k - 1, y, y);
        y[k] = er_series_chain(k, g, x);
    }
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_tanh};

const struct er_layer_ops er_layer_tanh = {
    .name = "tanh",
    .help = "hyperbolic tangent",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
