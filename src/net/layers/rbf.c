/* rbf.c - the activation whose kernel is the Gaussian one.
 *
 *     y = sqrt 2 sin z     f' = 2 sqrt(g) cos z     f'' = -2 g y     z = sqrt(2 g) x + pi / 4
 *
 * In an infinitely wide layer K becomes exp(-g (K(x, x) + K(x', x') - 2 K(x, x'))): the features of Rahimi and Recht,
 * "Random features for large-scale kernel machines", NIPS 2007.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { GAMMA };

static const struct er_argument argument[] = {
    {"gamma", ER_ARGUMENT_REAL, true, 1e-6, 1e6, NULL, "1", "g: of the kernel exp(-g |x - x'|^2)"},
    {0},
};

static const float quarter = 0.785398163f;

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float c = sqrtf(2 * (float)l->argument[GAMMA]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = 1.41421356f * er_sinf(c * x[i] + quarter);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const float c = sqrtf(2 * (float)l->argument[GAMMA]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (1.41421356f * c * er_cosf(c * x[i] + quarter));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)x;
    const float g = (float)l->argument[GAMMA];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] -= 2 * g * y[i] * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double z[ER_SERIES_ORDER + 1], cosine[ER_SERIES_ORDER + 1];
    er_series_scale(order, sqrt(2 * l->argument[GAMMA]), x, z);
    z[0] += M_PI_4;
    er_series_sin(order, z, y, cosine);
    er_series_scale(order, M_SQRT2, y, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_rbf};

const struct er_layer_ops er_layer_rbf = {
    .name = "rbf",
    .help = "sqrt(2) sin(sqrt(2 GAMMA) x + pi/4): an infinite layer of it is the Gaussian kernel",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
