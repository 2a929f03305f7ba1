/* dual_sin.c - the duals of waves: phi(x) = a sin(b x + e), and the one whose kernel is the Gaussian's.
 *
 *     E1 = exp(-b^2 (q1 + q2 - 2 c) / 2)     E2 = exp(-b^2 (q1 + q2 + 2 c) / 2)
 *     T  = (a^2 / 2)(E1 - E2 cos 2e)         T' = (a^2 b^2 / 2)(E1 + E2 cos 2e)
 *
 * a cos(b x + e) is a sin(b x + e + pi/2). phi(x) = sqrt(2) sin(sqrt(2 g) x + pi/4): T = exp(-g (q1 + q2 - 2 c)). T of a wave
 * is taken from E - 1, so that small variances keep their digits. Source: Pearce et al., UAI 2019; Novak et al., ICLR 2020.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

/* -x, but not above 0. */
ER_INLINE double below(double x)
{
    return er_select_double(x < 0.0, 0.0, -x);
}

ER_VECTOR
static void wave(const double *p, int64_t n, const double *q1, const double *q2, const double *det, double *k,
                 double *theta)
{
    (void)det;
    const double a2 = p[0] * p[0] / 2, b2 = p[1] * p[1], turned = cos(2 * p[2]),
                 offset = 2 * sin(p[2]) * sin(p[2]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double sum = q1[i] + q2[i], c = 2 * k[i];
        const double E1 = er_expm1(below(0.5 * b2 * (sum - c))), E2 = er_expm1(below(0.5 * b2 * (sum + c)));
        k[i] = a2 * ((E1 - E2 * turned) + offset);
        theta[i] *= a2 * b2 * ((1 + E1) + (1 + E2) * turned);
    }
}

ER_VECTOR
static void gaussian_kernel(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                            double *k, double *theta)
{
    (void)det;
    const double g = p[0];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        k[i] = er_exp(below(g * (q1[i] + q2[i] - 2 * k[i])));
        theta[i] *= 2 * g * k[i];
    }
}

ER_DUAL_OF(wave)
ER_DUAL_SELF_OF(wave)
ER_DUAL_OF(gaussian_kernel)
ER_DUAL_SELF_OF(gaussian_kernel)

const struct er_dual er_dual_sin = {
    .slope = true, .pair = wave_pair, .self = wave_self, .pair32 = wave_pair32};
const struct er_dual er_dual_rbf = {.slope = true,
                                    .pair = gaussian_kernel_pair,
                                    .self = gaussian_kernel_self,
                                    .pair32 = gaussian_kernel_pair32};
