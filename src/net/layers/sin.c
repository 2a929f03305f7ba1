/* sin.c - a wave.
 *
 *     y = a sin(z)     f' = a c cos(z)     f'' = -c^2 y     z = c x + e
 *
 * With the phase pi / 2 a cosine. sin(z) is exact to 1e-7 while |z| <= 1e5 (math/elementary.h), but for the rounding of
 * z itself. Source: Sitzmann et al., "Implicit neural representations with periodic activation functions",
 * NeurIPS 2020.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { FREQUENCY, AMPLITUDE, PHASE };

static const struct er_argument argument[] = {
    {"frequency", ER_ARGUMENT_REAL, true, 1e-6, 1e4, NULL, "1", "c: radians for each unit of x"},
    {"amplitude", ER_ARGUMENT_REAL, false, -1e6, 1e6, NULL, "1", "a: what the sine is multiplied by"},
    {"phase", ER_ARGUMENT_REAL, false, -1e3, 1e3, NULL, "0", "e: radians at x = 0"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float c = (float)l->argument[FREQUENCY], a = (float)l->argument[AMPLITUDE],
                e = (float)l->argument[PHASE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = a * er_sinf(c * x[i] + e);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const float c = (float)l->argument[FREQUENCY], e = (float)l->argument[PHASE],
                factor = (float)l->argument[AMPLITUDE] * c;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (factor * er_cosf(c * x[i] + e));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)x;
    const float c = (float)l->argument[FREQUENCY];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] -= c * c * y[i] * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double z[ER_SERIES_ORDER + 1], cosine[ER_SERIES_ORDER + 1];
    er_series_scale(order, l->argument[FREQUENCY], x, z);
    z[0] += l->argument[PHASE];
    er_series_sin(order, z, y, cosine);
    er_series_scale(order, l->argument[AMPLITUDE], y, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series};

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){
        .form = ER_KERNEL_POINTWISE,
        .dual = &er_dual_sin,
        .parameter = {l->argument[AMPLITUDE], l->argument[FREQUENCY], l->argument[PHASE]}};
    return ER_OK;
}

const struct er_layer_ops er_layer_sin = {
    .name = "sin",
    .help = "amplitude sin(FREQUENCY x + phase)",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = kernel,
};
