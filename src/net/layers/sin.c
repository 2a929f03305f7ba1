/* sin.c - a wave.
 *
 *     y = sin(c x)     f' = c cos(c x)     f'' = -c^2 sin(c x)
 *
 * Exact to 1e-7 while |c x| <= 1e5 (math/elementary.h). Source: Sitzmann et al., "Implicit neural
 * representations with periodic activation functions", NeurIPS 2020.
 */
#include "core/vector.h"
#include "math/elementary.h"
#include "net/layer.h"

enum { FREQUENCY };

static const struct er_argument argument[] = {
    {"frequency", ER_ARGUMENT_REAL, true, 1e-6, 1e4, NULL, "1", "c: radians for each unit of x"},
    {0},
};

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const float c = (float)l->argument[FREQUENCY];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_sinf(c * x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const float c = (float)l->argument[FREQUENCY];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (c * er_cosf(c * x[i]));
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)x;
    const float c = (float)l->argument[FREQUENCY];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] -= c * c * y[i] * tx[i] * dy[i];
}

static const struct er_pointwise pointwise = {.value = value, .slope = slope, .curve = curve};

const struct er_layer_ops er_layer_sin = {
    .name = "sin",
    .help = "sin(FREQUENCY x)",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
};
