/* gaussian.c - a bell around 0.
 *
 *     y = a e^(b x^2)     f' = 2 b x y     f'' = 2 b (1 + 2 b x^2) y     b <= 0
 *
 * With z = sqrt(-b) x: y = a e^(-z^2), f' = -2 sqrt(-b) z y, f'' = -2 b (2 z^2 - 1) y.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { AMPLITUDE, RATE };

static const struct er_argument argument[] = {
    {"amplitude", ER_ARGUMENT_REAL, false, -1e6, 1e6, NULL, "1", "a: the value at 0"},
    {"rate", ER_ARGUMENT_REAL, false, -1e4, 0, NULL, "-1", "b: what x^2 is multiplied by"},
    {0},
};

/* Beyond 11 e^(-z^2) is 0 in float; cut off there, the derivatives are 0 also where z is infinite. */
ER_INLINE float cut(float z)
{
    z = er_select(z > 11.0f, 11.0f, z);
    return er_select(z < -11.0f, -11.0f, z);
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float a = (float)l->argument[AMPLITUDE], r = sqrtf(-(float)l->argument[RATE]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float z = cut(r * x[i]);
        y[i] = a * er_expf(-z * z);
    }
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    const float r = sqrtf(-(float)l->argument[RATE]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (-2 * r * cut(r * x[i]) * y[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    const float r = sqrtf(-(float)l->argument[RATE]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float z = cut(r * x[i]);
        out[i] += 2 * r * r * (2 * z * z - 1) * y[i] * tx[i] * dy[i];
    }
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double u[ER_SERIES_ORDER + 1];
    er_series_multiply(order, x, x, u);
    er_series_scale(order, l->argument[RATE], u, u);
    er_series_exp(order, u, y);
    er_series_scale(order, l->argument[AMPLITUDE], y, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_gaussian};

const struct er_layer_ops er_layer_gaussian = {
    .name = "gaussian",
    .help = "amplitude e^(rate x^2), rate <= 0",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
