/* erf.c - error function.
 *
 *     y = erf(x) = 2/sqrt(pi) int_0^x exp(-t^2) dt     f' = 2/sqrt(pi) exp(-x^2)     f'' = -2 x f'
 */
#include "core/vector.h"
#include "math/elementary.h"
#include "net/layer.h"

/* Beyond 11 exp(-x^2) is 0 in float; cut off there, f'' is 0 also where x is infinite. */
ER_INLINE float cut(float x)
{
    x = er_select(x > 11.0f, 11.0f, x);
    return er_select(x < -11.0f, -11.0f, x);
}

ER_INLINE float slope_at(float x)
{
    return 1.12837917f * er_expf(-x * x);
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_erff(x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)y;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * slope_at(x[i]);
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
        out[i] -= 2 * a * slope_at(a) * tx[i] * dy[i];
    }
}

static const struct er_pointwise pointwise = {.value = value, .slope = slope, .curve = curve};

const struct er_layer_ops er_layer_erf = {
    .name = "erf",
    .help = "error function",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
};
