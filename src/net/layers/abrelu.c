/* abrelu.c - two straight lines that meet at 0.
 *
 *     y = a min(x, 0) + b max(x, 0)     f' = b where x > 0, else a (also at 0)     f'' = 0
 *
 * The absolute value is abrelu -1 1. Source: Tsuchida, Roosta and Gallagher, "Invariance of weight distributions in
 * rectified MLPs", ICML 2018.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { BELOW, ABOVE };

static const struct er_argument argument[] = {
    {"below", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, NULL, "a: factor of negative inputs"},
    {"above", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, NULL, "b: factor of positive inputs"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float a = (float)l->argument[BELOW], b = (float)l->argument[ABOVE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_select(x[i] > 0, b, a) * x[i];
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const float a = (float)l->argument[BELOW], b = (float)l->argument[ABOVE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = er_select(x[i] > 0, b, a) * in[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    er_series_scale(order, l->argument[x[0] > 0 ? ABOVE : BELOW], x, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .series = series, .dual = &er_dual_abrelu};

const struct er_layer_ops er_layer_abrelu = {
    .name = "abrelu",
    .help = "BELOW x where x < 0, ABOVE x where x > 0; abrelu -1 1 is the absolute value",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
