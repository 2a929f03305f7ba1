/* dual_exp.c - the duals of exponentials.
 *
 *     a exp(b x)       T = a^2 exp(b^2 ((q1 + q2) / 2 + c))          T' = b^2 T
 *     a exp(b x^2)     T = a^2 / sqrt(G)                             T' = 4 a^2 b^2 c / G^(3/2)
 *                      G = 1 - 2 b (q1 + q2) + 4 b^2 det
 *     exp(-x^2) sin x  T = E1 (E2 - 1) / (2 sqrt(m))                 T' = (E1 / 2)((S - U) + E2 (S + U)) / m^(5/2)
 *                      m = 1 + 2 (q1 + q2) + 4 det                   S = 1 + 2 (q1 + q2) + 4 (c^2 + q1 q2)
 *                      E1 = exp(-(q1 + q2 + 4 det + 2 c) / (2 m))    U = 4 c (4 det + 3 (q1 + q2) + 2)
 *                      E2 = exp(2 c / m)
 *
 * The first grows with depth beyond all bounds, to infinity where float64 ends. b > 0 in the second has moments only while
 * 2 b q < 1 and G > 0; beyond, both are infinite. Source: Novak et al., ICLR 2020 (Neural Tangents), Exp, Gaussian, Gabor.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

ER_VECTOR
static void exponential(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                        double *k, double *theta)
{
    (void)det;
    const double a2 = p[0] * p[0], b2 = p[1] * p[1];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        k[i] = a2 * er_exp(b2 * (0.5 * (q1[i] + q2[i]) + k[i]));
        theta[i] *= b2 * k[i];
    }
}

ER_VECTOR
static void gaussian(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                     double *k, double *theta)
{
    const double a2 = p[0] * p[0], b = p[1];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double G = 1 - 2 * b * (q1[i] + q2[i]) + 4 * b * b * det[i],
                     larger = er_select_double(q1[i] < q2[i], q2[i], q1[i]);
        const double inverse = er_select_double((2 * b * larger >= 1) | (G <= 0), (double)INFINITY, 1 / G);
        const double c = k[i], T = a2 * sqrt(inverse);
        k[i] = T;
        theta[i] *= 4 * b * b * c * T * inverse;
    }
}

ER_VECTOR
static void gabor(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                  double *k, double *theta)
{
    (void)p;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double c = k[i], sum = q1[i] + q2[i], four = 4 * det[i], m = 1 / (1 + 2 * sum + four);
        const double S = 1 + 2 * sum + 4 * (c * c + q1[i] * q2[i]), U = 4 * c * (four + 3 * sum + 2);
        const double E1 = er_exp(-0.5 * (sum + four + 2 * c) * m), E2 = er_expm1(2 * c * m), root = sqrt(m);
        k[i] = 0.5 * E1 * E2 * root;
        theta[i] *= 0.5 * E1 * (2 * S + E2 * (S + U)) * (m * m * root);
    }
}

ER_DUAL_OF(exponential)
ER_DUAL_SELF_OF(exponential)
ER_DUAL_OF(gaussian)
ER_DUAL_SELF_OF(gaussian)
ER_DUAL_OF(gabor)
ER_DUAL_SELF_OF(gabor)

const struct er_dual er_dual_exp = {
    .slope = true, .pair = exponential_pair, .self = exponential_self, .pair32 = exponential_pair32};
const struct er_dual er_dual_gaussian = {
    .slope = true, .pair = gaussian_pair, .self = gaussian_self, .pair32 = gaussian_pair32};
const struct er_dual er_dual_gabor = {
    .slope = true, .pair = gabor_pair, .self = gabor_self, .pair32 = gabor_pair32};
