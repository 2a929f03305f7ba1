/* leaky_relu.c - rectified linear unit that lets a little through.
 *
 *     y = x where x > 0, else c x     f' = 1 where x > 0, else c (also at 0)     f'' = 0
 *
 * c >= 0, so that y has the sign of x and f' is known from it. Source: Maas, Hannun and Ng, "Rectifier
 * nonlinearities improve neural network acoustic models", ICML 2013 workshop.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

enum { SLOPE };

static const struct er_argument argument[] = {
    {"slope", ER_ARGUMENT_REAL, true, 0, 10, NULL, "0.01", "factor of negative inputs"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float c = (float)l->argument[SLOPE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_select(x[i] > 0, x[i], c * x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)x;
    const float c = (float)l->argument[SLOPE];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = er_select(y[i] > 0, 1.0f, c) * in[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    er_series_scale(order, x[0] <= 0 ? l->argument[SLOPE] : 1, x, y);
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .series = series};

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){
        .form = ER_KERNEL_POINTWISE, .dual = &er_dual_abrelu, .parameter = {l->argument[SLOPE], 1}};
    return ER_OK;
}

const struct er_layer_ops er_layer_leaky_relu = {
    .name = "leaky_relu",
    .help = "x where x > 0, else SLOPE x",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = kernel,
};
