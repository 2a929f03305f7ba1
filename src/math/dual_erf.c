/* dual_erf.c - the dual of the error function, phi(x) = a erf(b x) + e.
 *
 *     D  = sqrt(1 + 2 b^2 (q1 + q2) + 4 b^4 det)
 *     T  = a^2 (2 / pi) atan(2 b^2 c / D) + e^2          T' = a^2 b^2 (4 / pi) / D
 *
 * All that stands under the root is >= 0: (1 + 2 b^2 q1)(1 + 2 b^2 q2) - 4 b^4 c^2, which it is, would cancel where variances
 * are large. Source: Williams, "Computing with infinite networks", NeurIPS 1997, equation 11.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

ER_VECTOR
static void loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det, double *k,
                 double *theta)
{
    const double a = p[0], b = p[1], e = p[2], b2 = 2 * b * b;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double D = sqrt(1 + b2 * (q1[i] + q2[i]) + b2 * b2 * det[i]);
        k[i] = a * a * (2 / M_PI) * er_atan_ratio(b2 * k[i], D) + e * e;
        theta[i] *= a * a * b2 * (2 / M_PI) / D;
    }
}

ER_DUAL_OF(loop)
ER_DUAL_SELF_OF(loop)

const struct er_dual er_dual_erf = {
    .slope = true, .pair = loop_pair, .self = loop_self, .pair32 = loop_pair32};
