/* erf.c - error function.
 *
 *     y = erf(x) = 2/sqrt(pi) int_0^x exp(-t^2) dt     f' = 2/sqrt(pi) exp(-x^2)     f'' = -2 x f'
 */
#include "core/vector.h"
#include "net/layer.h"

#include <math.h>

static const float two_over_root_pi = 1.12837917f;

static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
    for (int64_t i = 0; i < n; i++) y[i] = erff(x[i]);
}

static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)y;
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * two_over_root_pi * expf(-x[i] * x[i]);
}

static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)y;
    for (int64_t i = 0; i < n; i++)
        out[i] -= 2 * x[i] * two_over_root_pi * expf(-x[i] * x[i]) * tx[i] * dy[i];
}

static const struct er_pointwise pointwise = {.value = value, .slope = slope, .curve = curve};

const struct er_layer_ops er_layer_erf = {
    .name = "erf",
    .help = "error function",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
};
