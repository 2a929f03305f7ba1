/* relu.c - rectified linear unit.
 *
 *     y = max(x, 0)     f' = 1 where x > 0, else 0 (also at 0)     f'' = 0
 *
 * A NaN passes through, so that a divergence is seen where it is looked for. Source: Nair and Hinton, ICML
 * 2010.
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
    for (int64_t i = 0; i < n; i++) y[i] = x[i] < 0 ? 0 : x[i];
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = er_select(y[i] > 0, in[i], 0.0f);
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    for (int k = 0; k <= order; k++) y[k] = x[0] <= 0 ? 0 : x[k];
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .series = series};

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)l;
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_POINTWISE, .dual = &er_dual_abrelu, .parameter = {0, 1}};
    return ER_OK;
}

const struct er_layer_ops er_layer_relu = {
    .name = "relu",
    .help = "max(x, 0)",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = kernel,
};
