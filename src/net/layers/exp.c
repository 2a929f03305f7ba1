/* exp.c - an exponential.
 *
 *     y = a e^(b x)     f' = b y     f'' = b^2 y
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { AMPLITUDE, RATE };

static const struct er_argument argument[] = {
    {"amplitude", ER_ARGUMENT_REAL, false, -1e6, 1e6, NULL, "1", "a: the value at 0"},
    {"rate", ER_ARGUMENT_REAL, false, -1e3, 1e3, NULL, "1", "b: what x is multiplied by"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float a = (float)l->argument[AMPLITUDE], b = (float)l->argument[RATE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = a * er_expf(b * x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)x;
    const float b = (float)l->argument[RATE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (b * y[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)x;
    const float b = (float)l->argument[RATE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += b * b * y[i] * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double z[ER_SERIES_ORDER + 1];
    er_series_scale(order, l->argument[RATE], x, z);
    er_series_exp(order, z, y);
    er_series_scale(order, l->argument[AMPLITUDE], y, y);
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_exp};

const struct er_layer_ops er_layer_exp = {
    .name = "exp",
    .help = "amplitude e^(rate x)",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
