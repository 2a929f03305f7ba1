/* scale.c - a fixed factor: y = c x. */
#include "core/vector.h"
#include "math/series.h"
#include "net/norm.h"

#include <math.h>

static const struct er_argument argument[] = {
    {"factor", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, NULL, "what every value is multiplied by"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float factor = (float)l->argument[0];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = factor * x[i];
}

static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)x;
    (void)y;
    value(l, n, in, out);
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    er_series_scale(order, l->argument[0], x, y);
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .series = series};

static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    (void)w;
    (void)statistics;
    return er_norm_factors(l, which, fabs((double)(float)l->argument[0]), out, err);
}

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_SCALE, .w = l->argument[0] * l->argument[0]};
    return ER_OK;
}

const struct er_layer_ops er_layer_scale = {
    .name = "scale",
    .help = "a fixed factor: y = c x",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .norm = norm,
    .kernel = kernel,
};
