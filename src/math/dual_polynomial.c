/* dual_polynomial.c - the duals of polynomials.
 *
 *     sum_k c_k x^k, k <= 5     T = sum_l B_l(q1) B_l(q2) c^l     T' = sum_l l B_l(q1) B_l(q2) c^(l-1)
 *                               B_l(q) = sum_i c_(l+2i) (l+2i)! / (2^i i! sqrt(l!)) q^i
 *     x^k, k <= 16              T_k = sum_i (k! / (2^i i!))^2 / (k-2i)! (q1 q2)^i c^(k-2i)     T' = k^2 T_(k-1)
 *
 * The expansion in Hermite polynomials of each variance, with no quotient by a variance: zero inputs are no exception.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

static double factorial(int k)
{
    return k < 2 ? 1 : k * factorial(k - 1);
}

/* T <- T c + B_l(q1) B_l(q2) and, first, T' <- T' c + T: one step of Horner's scheme and of its derivative. b: of B_l. */
ER_VECTOR
static void horner(const double *b, int64_t n, const double *q1, const double *q2, const double *c, double *T,
                   double *slope)
{
    const double b0 = b[0], b1 = b[1], b2 = b[2];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        slope[i] = slope[i] * c[i] + T[i];
        T[i] = T[i] * c[i] + (b0 + q1[i] * (b1 + q1[i] * b2)) * (b0 + q2[i] * (b1 + q2[i] * b2));
    }
}

static void polynomial(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                       double *k, double *theta)
{
    (void)det;
    double T[ER_DUAL_PIECE] = {0}, slope[ER_DUAL_PIECE] = {0};
    for (int l = ER_DUAL_DEGREE; l >= 0; l--) {
        double b[3] = {0};
        for (int i = 0; l + 2 * i <= ER_DUAL_DEGREE; i++)
            b[i] = p[l + 2 * i] * factorial(l + 2 * i) / (ldexp(factorial(i), i) * sqrt(factorial(l)));
        horner(b, n, q1, q2, k, T, slope);
    }
    for (int64_t i = 0; i < n; i++) {
        k[i] = T[i];
        theta[i] *= slope[i];
    }
}

/* T <- T c^2 + weight (q1 q2)^i, where power is (q1 q2)^(i-1) and becomes (q1 q2)^i. */
ER_VECTOR
static void next_moment(double weight, int64_t n, const double *q1, const double *q2, const double *c,
                        double *power, double *T)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        power[i] *= q1[i] * q2[i];
        T[i] = T[i] * (c[i] * c[i]) + weight * power[i];
    }
}

/* T = E u^k v^k. */
static void moment(int k, int64_t n, const double *q1, const double *q2, const double *c, double *T)
{
    double power[ER_DUAL_PIECE];
    for (int64_t j = 0; j < n; j++) {
        power[j] = 1;
        T[j] = factorial(k);
    }
    for (int i = 1; 2 * i <= k; i++) {
        const double ways = factorial(k) / ldexp(factorial(i), i);
        next_moment(ways * ways / factorial(k - 2 * i), n, q1, q2, c, power, T);
    }
    for (int64_t j = 0; k % 2 == 1 && j < n; j++) T[j] *= c[j];
}

static void monomial(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                     double *k, double *theta)
{
    (void)det;
    const int degree = (int)p[0];
    double T[ER_DUAL_PIECE];
    for (int64_t i = 0; degree == 0 && i < n; i++) theta[i] *= 0;
    if (degree > 0) {
        moment(degree - 1, n, q1, q2, k, T);
        for (int64_t i = 0; i < n; i++) theta[i] *= degree * degree * T[i];
    }
    moment(degree, n, q1, q2, k, T);
    for (int64_t i = 0; i < n; i++) k[i] = T[i];
}

ER_DUAL_OF(polynomial)
ER_DUAL_SELF_OF(polynomial)
ER_DUAL_OF(monomial)
ER_DUAL_SELF_OF(monomial)

const struct er_dual er_dual_polynomial = {
    .slope = true, .pair = polynomial_pair, .self = polynomial_self, .pair32 = polynomial_pair32};
const struct er_dual er_dual_monomial = {
    .slope = true, .pair = monomial_pair, .self = monomial_self, .pair32 = monomial_pair32};
