/* elu.c - exponential linear unit.
 *
 *     y = x where x > 0, else a (e^x - 1)     f' = 1, else y + a (also at 0)     f'' = 0, else y + a
 *
 * a >= 0, so that y has the sign of x and the rest is known from it. Source: Clevert, Unterthiner and Hochreiter, "Fast and
 * accurate deep network learning by exponential linear units", ICLR 2016.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { ALPHA };

static const struct er_argument argument[] = {
    {"alpha", ER_ARGUMENT_REAL, true, 0, 1e3, NULL, "1", "a: y goes to -a far below 0"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float a = (float)l->argument[ALPHA];
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = er_select(x[i] > 0, x[i], a * er_expm1f(er_select(x[i] > 0, 0.0f, x[i])));
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)x;
    const float a = (float)l->argument[ALPHA];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = er_select(y[i] > 0, 1.0f, y[i] + a) * in[i];
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)x;
    const float a = (float)l->argument[ALPHA];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += er_select(y[i] > 0, 0.0f, y[i] + a) * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    const double a = l->argument[ALPHA];
    if (x[0] > 0) {
        er_series_scale(order, 1, x, y);
        return;
    }
    er_series_exp(order, x, y);
    er_series_scale(order, a, y, y);
    y[0] = a * expm1(x[0]);
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_elu};

const struct er_layer_ops er_layer_elu = {
    .name = "elu",
    .help = "x where x > 0, else ALPHA (e^x - 1)",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
