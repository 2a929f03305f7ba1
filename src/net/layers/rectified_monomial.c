/* rectified_monomial.c - a power of what is above 0.
 *
 *     y = x^d where x >= 0, else 0     f' = d x^(d-1) where x > 0, else 0 (also at 0)     f'' = d (d-1) x^(d-2) likewise
 *
 * Degree 0 is a step, whose slope counts as 0, 1 relu, 2 the square of relu. Their kernels are the arc-cosine kernels.
 * Source: Cho and Saul, "Kernel methods for deep learning", NeurIPS 2009.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { DEGREE };

static const struct er_argument argument[] = {
    {"degree", ER_ARGUMENT_INTEGER, true, 0, 16, NULL, NULL, "d: 0 a step, 1 relu, 2 its square"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const int d = (int)l->argument[DEGREE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_select(x[i] < 0, 0.0f, er_powerf(x[i], d));
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const int d = (int)l->argument[DEGREE], below = d > 0 ? d - 1 : 0;
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        out[i] = er_select(x[i] > 0, (float)d * er_powerf(x[i], below), 0.0f) * in[i];
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
    for (int64_t i = 0; i < n; i++)
        out[i] += er_select(x[i] > 0, factor * er_powerf(x[i], d - 2), 0.0f) * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    const int d = (int)l->argument[DEGREE];
    if (x[0] > 0) {
        er_series_power(order, d, x, y);
        return;
    }
    for (int k = 0; k <= order; k++) y[k] = 0;
    y[0] = x[0] < 0 ? 0 : pow(x[0], d);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series};

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    const double d = l->argument[DEGREE];
    *out = (struct er_kernel_map){.form = ER_KERNEL_POINTWISE,
                                  .dual = d > 0 ? &er_dual_rectified_monomial : &er_dual_step,
                                  .parameter = {d}};
    return ER_OK;
}

const struct er_layer_ops er_layer_rectified_monomial = {
    .name = "rectified_monomial",
    .help = "x to the power DEGREE where x > 0, else 0",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = kernel,
};
