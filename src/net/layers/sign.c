/* sign.c - the sign.
 *
 *     y = 1 where x > 0, -1 where x < 0, 0 at 0     f' = f'' = 0
 *
 * The slope is that of almost every x: nothing behind it learns by gradients, and of an infinitely wide network there is the
 * NNGP, but no tangent kernel through it.
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
    for (int64_t i = 0; i < n; i++) y[i] = er_select(x[i] > 0, 1.0f, er_select(x[i] < 0, -1.0f, x[i]));
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)x;
    (void)y;
    (void)in;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = 0;
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    for (int k = 0; k <= order; k++) y[k] = 0;
    y[0] = x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0];
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .series = series, .dual = &er_dual_sign};

const struct er_layer_ops er_layer_sign = {
    .name = "sign",
    .help = "1 where x > 0, -1 where x < 0; its slope counts as 0",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
