/* polynomial.c - a polynomial.
 *
 *     y = c0 + c1 x + ... + c5 x^5     f' = c1 + 2 c2 x + ...     f'' = 2 c2 + 6 c3 x + ...
 *
 * By Horner's rule, of six terms always: at infinities NaN where the highest of them is 0.
 */
#include "core/vector.h"
#include "math/duals.h"
#include "math/elementary.h"
#include "math/series.h"
#include "net/layer.h"

#include <string.h>

enum { COEFFICIENTS = 6 };

static const struct er_argument argument[] = {
    {"c0", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, NULL, "factor of 1"},
    {"c1", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, NULL, "factor of x"},
    {"c2", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, "0", "factor of x^2"},
    {"c3", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, "0", "factor of x^3"},
    {"c4", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, "0", "factor of x^4"},
    {"c5", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, "0", "factor of x^5"},
    {0},
};

/* The derivative of some order: its coefficients. */
struct coefficients {
    float c[COEFFICIENTS];
};

static struct coefficients derivative(const struct er_layer *l, int order)
{
    struct coefficients out = {{0}};
    for (int i = order; i < COEFFICIENTS; i++) {
        double c = l->argument[i];
        for (int j = 0; j < order; j++) c *= i - j;
        out.c[i - order] = (float)c;
    }
    return out;
}

ER_INLINE float horner(const struct coefficients *p, float x)
{
    float y = p->c[COEFFICIENTS - 1];
    for (int i = COEFFICIENTS - 2; i >= 0; i--) y = y * x + p->c[i];
    return y;
}

ER_VECTOR
static void value(const struct er_layer *l, int64_t n, const float *x, float *y)
{
    const struct coefficients p = derivative(l, 0);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = horner(&p, x[i]);
}

ER_VECTOR
static void slope(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out)
{
    (void)y;
    const struct coefficients p = derivative(l, 1);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = in[i] * horner(&p, x[i]);
}

ER_VECTOR
static void curve(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out)
{
    (void)y;
    const struct coefficients p = derivative(l, 2);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += horner(&p, x[i]) * tx[i] * dy[i];
}

static void series(const struct er_layer *l, int order, const double *x, double *y)
{
    double before[ER_SERIES_ORDER + 1];
    for (int k = 0; k <= order; k++) y[k] = 0;
    for (int i = COEFFICIENTS - 1; i >= 0; i--) {
        memcpy(before, y, (size_t)(order + 1) * sizeof *y);
        er_series_multiply(order, before, x, y);
        y[0] += l->argument[i];
    }
}

static const struct er_pointwise pointwise = {
    .value = value, .slope = slope, .curve = curve, .series = series, .dual = &er_dual_polynomial};

const struct er_layer_ops er_layer_polynomial = {
    .name = "polynomial",
    .help = "c0 + c1 x + ... + c5 x^5: polynomial C0 C1 C2 C3 C4 C5, those left out 0",
    .argument = argument,
    ER_POINTWISE_READINGS,
    .pointwise = &pointwise,
    .kernel = er_pointwise_kernel,
};
