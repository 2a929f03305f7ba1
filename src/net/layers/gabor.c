/* gabor.c - a wave under a bell.
 *
 *     y = g sin x     f' = g (cos x - 2 x sin x)     f'' = g ((4 x^2 - 3) sin x - 4 x cos x)     g = e^(-x^2)
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

/* Beyond 11 g is 0 in float; cut off there, infinities have the limit 0. */
ER_INLINE float cut(float x)
{
    x = er_select(x > 11.0f, 11.0f, x);
    return er_select(x < -11.0f, -11.0f, x);
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        y[i] = er_expf(-a * a) * er_sinf(a);
    }
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        out[i] = in[i] * (er_expf(-a * a) * (er_cosf(a) - 2 * a * er_sinf(a)));
    }
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float a = cut(x[i]);
        const float factor = (4 * a * a - 3) * er_sinf(a) - 4 * a * er_cosf(a);
        out[i] += er_expf(-a * a) * factor * tx[i] * dy[i];
    }
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    (void)l;
    double u[ER_SERIES_ORDER + 1], bell[ER_SERIES_ORDER + 1], wave[ER_SERIES_ORDER + 1],
        cosine[ER_SERIES_ORDER + 1];
    er_series_multiply(order, x, x, u);
    er_series_scale(order, -1, u, u);
    er_series_exp(order, u, bell);
    er_series_sin(order, x, wave, cosine);
    er_series_multiply(order, bell, wave, y);
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_gabor};

const struct er_layer_ops er_layer_gabor = {
    .name = "gabor",
    .help = "e^(-x^2) sin x",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
