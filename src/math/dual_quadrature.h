/* dual_quadrature.h - the dual of a pair by quadrature, where a series in its correlation is too short.
 *
 *     T = E phi(u) F(m u),  u ~ N(0, q1)     F(x) = E phi(x + s w),  w ~ N(0, 1)     m = c / q1, s = sqrt(q2 - c^2 / q1)
 *
 * and T' likewise of phi', where q1 is the larger variance. Both expectations are composite Gauss-Legendre rules whose
 * panels grow threefold from 0 (Gaussians of large variance see phi bend there) and stay below four standard deviations;
 * u's begin at the width to which s blurs a kink. Where 0 is beyond the reach of x + s w, phi is smooth, and F is a
 * trapezoidal rule. For phi that bends at the scale of 1 around 0 (poles no nearer than i pi / 2), perhaps with a kink
 * at 0, and is a line in the distance.
 *
 * Relative to sqrt(T(q1, q1, q1) T(q2, q2, q2)), and for T' likewise, errors are below 1e-11 for variances up to 1e10 and any
 * correlation; T' of kinked functions has of the determinant half of the digits beside (dual_abrelu.c). A pair takes
 * 5,000 to 50,000 evaluations of phi.
 */
#ifndef ERMINE_MATH_DUAL_QUADRATURE_H
#define ERMINE_MATH_DUAL_QUADRATURE_H

#include <stdint.h>

/* y[i] = phi(x[i]), slope[i] = phi'(x[i]), i < n; at a kink at 0 the mean of both sides. */
typedef void er_dual_function(const double *p, int64_t n, const double *x, double *y, double *slope);

/* T and T' of variances > 0. */
void er_dual_quadrature(er_dual_function *phi, const double *p, double q1, double q2, double c, double *T,
                        double *slope);

#endif
