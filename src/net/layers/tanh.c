/* tanh.c - hyperbolic tangent.
 *
 *     y = tanh(x)     f' = 1 - y^2     f'' = -2 y (1 - y^2)
 */
#include "core/vector.h"
#include "math/elementary.h"
#include "net/layer.h"

#include <math.h>

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    (void)l;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_tanhf(x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * (1 - y[i] * y[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)l;
    (void)x;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] -= 2 * y[i] * (1 - y[i] * y[i]) * tx[i] * dy[i];
}

/* k y_k = sum_{j = 1 .. k} j x_j u_{k-j}, u = 1 - y^2. */
static void series(const struct er_layer *l, int order, int64_t n, const double *x, double *y)
{
    (void)l;
    for (int64_t i = 0; i < n; i++) y[i] = tanh(x[i]);
    for (int k = 1; k <= order; k++)
        for (int64_t i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 1; j <= k; j++) {
                double u = j == k ? 1 : 0;
                for (int m = 0; m <= k - j; m++) u -= y[m * n + i] * y[(k - j - m) * n + i];
                sum += j * x[j * n + i] * u;
            }
            y[k * n + i] = sum / k;
        }
}

static const struct er_pointwise pointwise = {
    .from_y = true, .value = value, .slope = slope, .curve = curve, .series = series};

const struct er_layer_ops er_layer_tanh = {
    .name = "tanh",
    .help = "hyperbolic tangent",
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
};
