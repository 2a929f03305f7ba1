/* sigmoid.c - the logistic function.
 *
 *     y = 1 / (1 + e^-x)     f' = y (1 - y)     f'' = y (1 - y) (1 - 2 y)
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
    for (int64_t i = 0; i < n; i++) y[i] = er_sigmoidf(x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (y[i] * (1 - y[i]));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += y[i] * (1 - y[i]) * (1 - 2 * y[i]) * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    er_series_sigmoid(order, x, y);
}

static const struct er_pointwise pointwise = {.from_y = true,
                                              .value = value,
                                              .slope = slope,
                                              .curve = curve,
                                              .series = series,
                                              .dual = &er_dual_sigmoid};

const struct er_layer_ops er_layer_sigmoid = {
    .name = "sigmoid",
    .help = "1 / (1 + e^-x)",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
