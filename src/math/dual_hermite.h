/* dual_hermite.h - duals of functions without a closed form: a table of Hermite coefficients for each variance, and quadrature
 * where it is too short.
 *
 *     a_k(q) = E phi(sqrt(q) z) he_k(z)       he_k = He_k / sqrt(k!), z ~ N(0, 1), k < 126
 *     T = sum_k a_k(q1) a_k(q2) rho^k         rho = c / sqrt(q1 q2), 0 where a variance is 0
 *
 * and T' likewise of phi'. The coefficients come from a composite Gauss-Legendre rule on either side of 0, so a kink at 0 costs
 * nothing. What is left of E phi^2 beyond k = 125, for even and odd k apart, is two more terms, of rho^126 and rho^127: T is
 * exact (to 1e-15 of its size) at rho = +-1 for equal variances. In between
 *
 *     |error of T| <= 2 sqrt(tail(q1) tail(q2)) |rho|^126     tail(q) = E phi^2 - sum_{k<126} a_k^2
 *
 * Where that, relative to sqrt(E phi(u)^2 E phi(v)^2), or the same of T', may be above 1e-9, the pair is done by quadrature
 * (dual_quadrature.h), to 1e-10: so every T and T' is right to 1e-9 of these sizes, for variances up to 1e10 and any
 * correlation. The correlations beyond which that happens, for equal variances:
 *
 *                  q = 1     q = 2.25  q = 4     q = 10    q = 40    q = 1e3   q = 1e5
 *     tanh         none      0.971     0.933     0.893     0.864     0.846     0.844
 *     sigmoid      none      none      none      0.963     0.893     0.850     0.844
 *     swish        none      none      none      0.971     0.905     0.870     0.869
 *     softplus     none      none      none      none      0.930     0.878     0.870
 *     gelu (tanh)  none      none      none      0.940     0.884     0.869     0.869
 *     elu, a = 1   0.913     0.907     0.903     0.896     0.887     0.873     0.870
 *
 * On one core a pair takes 0.6 us by the table, 4 to 200 us by quadrature, a table 12 us; it is 2 KiB for each variance.
 *
 * Source: Han et al., arXiv:2209.04121, for the expansion; the last two terms and the change to quadrature are our own.
 */
#ifndef ERMINE_MATH_DUAL_HERMITE_H
#define ERMINE_MATH_DUAL_HERMITE_H

#include "math/dual.h"
#include "math/dual_quadrature.h"

/* Of coefficients of one parity, the last of them the rest; and of a table: phi even and odd, phi' even and odd. */
enum { ER_HERMITE_TERMS = 64, ER_HERMITE_WIDTH = 4 * ER_HERMITE_TERMS + 1 };

void er_hermite_prepare(const struct er_dual_function *phi, const double *p, int64_t n, const double *q,
                        double *table);
void er_hermite_pair(const struct er_dual_function *phi, const double *p, int64_t n,
                     const struct er_dual_side *one, const struct er_dual_side *two, double *k,
                     double *theta);
void er_hermite_self(int64_t n, const double *table, double *k, double *theta);

/* The dual of an er_dual_evaluate `phi`, which has a kink at 0 or none:
 *
 *     ER_HERMITE_FUNCTIONS(phi, false)
 *     const struct er_dual er_dual_phi = ER_HERMITE_DUAL(phi);
 */
#define ER_HERMITE_FUNCTIONS(phi, has_kink)                                                                  \
    static const struct er_dual_function phi##_function = {phi, has_kink};                                   \
    static void phi##_prepare(const double *p, int64_t n, const double *q, double *table)                    \
    {                                                                                                        \
        er_hermite_prepare(&phi##_function, p, n, q, table);                                                 \
    }                                                                                                        \
    static void phi##_pair(const double *p, int64_t n, const struct er_dual_side *one,                       \
                           const struct er_dual_side *two, double *k, double *theta)                         \
    {                                                                                                        \
        er_hermite_pair(&phi##_function, p, n, one, two, k, theta);                                          \
    }                                                                                                        \
    static void phi##_self(const double *p, int64_t n, const double *q, const double *table, double *k,      \
                           double *theta)                                                                    \
    {                                                                                                        \
        (void)p;                                                                                             \
        (void)q;                                                                                             \
        er_hermite_self(n, table, k, theta);                                                                 \
    }
#define ER_HERMITE_DUAL(phi)                                                                                 \
    {                                                                                                        \
        .width = ER_HERMITE_WIDTH, .slope = true, .prepare = phi##_prepare, .pair = phi##_pair,              \
        .self = phi##_self                                                                                   \
    }

#endif
