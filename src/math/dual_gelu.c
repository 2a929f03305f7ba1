/* dual_gelu.c - the dual of the exact Gaussian error linear unit, phi(x) = x Phi(x).
 *
 *     P = (1 + q1)(1 + q2)     D2 = 1 + q1 + q2 + det     D = sqrt(D2)     A = atan(c / D)
 *     T  = ((c^2 + q1 q2 D2) / (P D) + c A) / (2 pi) + c / 4
 *     T' = ((c / D)(1 / D2 + (1 - q1 q2) / P + 1) + A) / (2 pi) + 1/4
 *
 * The form with tanh has none (it takes a table, dual_hermite.h). Source: Tsuchida et al., arXiv:2002.08517.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

ER_VECTOR
static void loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det, double *k,
                 double *theta)
{
    (void)p;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double c = k[i], both = q1[i] * q2[i], P = 1 / ((1 + q1[i]) * (1 + q2[i]));
        const double D2 = 1 + (q1[i] + q2[i]) + det[i], D = 1 / sqrt(D2), A = er_atan_ratio(c * D, 1);
        k[i] = ((c * c + both * D2) * P * D + c * A) * (0.5 / M_PI) + 0.25 * c;
        theta[i] *= (c * D * (D * D + (1 - both) * P + 1) + A) * (0.5 / M_PI) + 0.25;
    }
}

ER_DUAL_OF(loop)
ER_DUAL_SELF_OF(loop)

const struct er_dual er_dual_gelu = {
    .slope = true, .pair = loop_pair, .self = loop_self, .pair32 = loop_pair32};
