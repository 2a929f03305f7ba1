/* monomial.c - a power.
 *
 *     y = x^d     f' = d x^(d-1)     f'' = d (d-1) x^(d-2)
 *
 * x^0 is 1 everywhere.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { DEGREE };

static const struct er_argument argument[] = {
    {"degree", ER_ARGUMENT_INTEGER, true, 1, 16, NULL, "2", "d: 1 is the identity, 2 the square"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const int d = (int)l->argument[DEGREE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_powerf(x[i], d);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const int d = (int)l->argument[DEGREE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * ((float)d * er_powerf(x[i], d - 1));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)y;
    const int d = (int)l->argument[DEGREE];
    if (d < 2) return;
    const float factor = (float)(d * (d - 1));
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += factor * er_powerf(x[i], d - 2) * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    er_series_power(order, (int)l->argument[DEGREE], x, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_monomial};

const struct er_layer_ops er_layer_monomial = {
    .name = "monomial",
    .help = "x to the power DEGREE",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
