/* erf.c - error function.
 *
 *     y = a erf(z) + e     f' = a b 2/sqrt(pi) exp(-z^2)     f'' = -2 b z f'     z = b x
 *
 * erf z = 2/sqrt(pi) int_0^z exp(-t^2) dt. With a = e = 1/2 and b = 1 / 2.40205635 it is near the sigmoid.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { AMPLITUDE, SCALE, SHIFT };

static const struct er_argument argument[] = {
    {"amplitude", ER_ARGUMENT_REAL, false, -1e6, 1e6, NULL, "1",
     "a: what the error function is multiplied by"},
    {"scale", ER_ARGUMENT_REAL, false, 1e-6, 1e6, NULL, "1", "b: what x is multiplied by"},
    {"shift", ER_ARGUMENT_REAL, false, -1e6, 1e6, NULL, "0", "e: what is added behind"},
    {0},
};

/* Beyond 11 exp(-z^2) is 0 in float; cut off there, f'' is 0 also where z is infinite. */
ER_INLINE float cut(float z)
{
    z = er_select(z > 11.0f, 11.0f, z);
    return er_select(z < -11.0f, -11.0f, z);
}

ER_INLINE float slope_at(float z)
{
    return 1.12837917f * er_expf(-z * z);
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float a = (float)l->argument[AMPLITUDE], b = (float)l->argument[SCALE],
                e = (float)l->argument[SHIFT];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = a * er_erff(b * x[i]) + e;
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const float b = (float)l->argument[SCALE], factor = (float)l->argument[AMPLITUDE] * b;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (factor * slope_at(b * x[i]));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)y;
    const float b = (float)l->argument[SCALE], factor = 2 * (float)l->argument[AMPLITUDE] * b * b;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float z = cut(b * x[i]);
        out[i] -= factor * z * slope_at(z) * tx[i] * dy[i];
    }
}

/* (y - e)' = a 2/sqrt(pi) e^(-z^2) z' */
static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    const double a = l->argument[AMPLITUDE];
    double z[ER_SERIES_ORDER + 1], u[ER_SERIES_ORDER + 1], slopes[ER_SERIES_ORDER + 1];
    er_series_scale(order, l->argument[SCALE], x, z);
    er_series_multiply(order, z, z, u);
    er_series_scale(order, -1, u, u);
    er_series_exp(order, u, slopes);
    er_series_scale(order, a * M_2_SQRTPI, slopes, slopes);
    y[0] = a * erf(z[0]) + l->argument[SHIFT];
    for (int k = 1; k <= order; k++) y[k] = er_series_chain(k, slopes, z);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_erf};

const struct er_layer_ops er_layer_erf = {
    .name = "erf",
    .help = "amplitude erf(scale x) + shift: the error function",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
