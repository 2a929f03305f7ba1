/* dual_smooth.c - duals by tables of Hermite coefficients (dual_hermite.h): functions and their slopes in float64.
 *
 *     tanh         1 - tanh^2 = 4 e / (1 + e)^2,  e = exp(-2 |x|)
 *     sigmoid      p = 1 / (1 + exp(-x)):  p (1 - p) = e / (1 + e)^2,  e = exp(-|x|)
 *     swish        x p:  p + x p (1 - p)
 *     softplus     log(1 + exp(x)):  p
 *     elu          x where x > 0, else a (exp(x) - 1):  1, else a exp(x); (1 + a) / 2 at 0
 *     gelu (tanh)  x p(u),  u = sqrt(8 / pi)(x + 0.044715 x^3):  p + x p (1 - p) u'
 *
 * The gelu with tanh is not the exact one (dual_gelu.c): its values differ by up to 4.7e-4.
 */
#include "core/vector.h"
#include "math/dual_hermite.h"
#include "math/duals.h"
#include "math/elementary_double.h"

/* 1 / (1 + e^-x) and its derivative. */
struct logistic {
    double p, slope;
};

ER_INLINE struct logistic logistic(double x)
{
    const double e = er_exp(-er_abs_double(x)), inverse = 1 / (1 + e);
    return (struct logistic){er_select_double(x > 0.0, inverse, e * inverse), e * inverse * inverse};
}

ER_VECTOR
static void hyperbolic_tangent(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double e = er_expm1(-2 * er_abs_double(x[i])), inverse = 1 / (2 + e);
        y[i] = er_negate_double(x[i] < 0.0, -e * inverse);
        slope[i] = 4 * (1 + e) * inverse * inverse;
    }
}

ER_VECTOR
static void sigmoid(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const struct logistic l = logistic(x[i]);
        y[i] = l.p;
        slope[i] = l.slope;
    }
}

ER_VECTOR
static void swish(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const struct logistic l = logistic(x[i]);
        y[i] = x[i] * l.p;
        slope[i] = l.p + x[i] * l.slope;
    }
}

static void softplus(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    sigmoid(p, n, x, slope, y);
    er_softplus_array(n, x, y);
}

ER_VECTOR
static void elu(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    const double a = p[0];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double e = a * er_expm1(er_select_double(x[i] > 0.0, 0.0, x[i]));
        y[i] = er_select_double(x[i] > 0.0, x[i], e);
        slope[i] = er_select_double(x[i] > 0.0, 1.0, er_select_double(x[i] < 0.0, a + e, 0.5 * (1 + a)));
    }
}

ER_VECTOR
static void gelu_tanh(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
    const double linear = sqrt(8 / M_PI), cubic = 0.044715 * linear;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double square = x[i] * x[i];
        const struct logistic l = logistic(x[i] * (linear + cubic * square));
        y[i] = x[i] * l.p;
        slope[i] = l.p + x[i] * l.slope * (linear + 3 * cubic * square);
    }
}

ER_HERMITE_FUNCTIONS(hyperbolic_tangent, false)
ER_HERMITE_FUNCTIONS(sigmoid, false)
ER_HERMITE_FUNCTIONS(swish, false)
ER_HERMITE_FUNCTIONS(softplus, false)
ER_HERMITE_FUNCTIONS(elu, true)
ER_HERMITE_FUNCTIONS(gelu_tanh, false)

const struct er_dual er_dual_tanh = ER_HERMITE_DUAL(hyperbolic_tangent);
const struct er_dual er_dual_sigmoid = ER_HERMITE_DUAL(sigmoid);
const struct er_dual er_dual_swish = ER_HERMITE_DUAL(swish);
const struct er_dual er_dual_softplus = ER_HERMITE_DUAL(softplus);
const struct er_dual er_dual_elu = ER_HERMITE_DUAL(elu);
const struct er_dual er_dual_gelu_tanh = ER_HERMITE_DUAL(gelu_tanh);
