/* dual_hermite.h - duals of functions without a closed form: a table of Hermite coefficients for each variance.
 *
 *     a_k(q) = E phi(sqrt(q) z) he_k(z)       he_k = He_k / sqrt(k!), z ~ N(0, 1), k < 126
 *     T = sum_k a_k(q1) a_k(q2) rho^k         rho = c / sqrt(q1 q2), 0 where a variance is 0
 *
 * and T' likewise of phi'. The coefficients come from a composite Gauss-Legendre rule with 340 nodes on either side of 0, so
 * a kink at 0 costs nothing. What is left of E phi^2 beyond k = 125, for even and odd k apart, is two more terms, of rho^126
 * and rho^127: T is exact (to 1e-15 of its size) at rho = +-1 for equal variances, and positive definite. In between
 *
 *     |error of T| <= sqrt(tail(q1) tail(q2)) |rho|^126       tail(q) = E phi^2 - sum_{k<126} a_k^2
 *
 * which is below 1e-12 everywhere for |rho| < 0.8. Nearer to the ends, found for equal variances q against quadrature in two
 * dimensions, the worst over rho relative to T and T' of a point with itself (tails: about ten times that):
 *
 *                      q = 1             q = 4             q = 10            q = 40
 *     tanh             1e-15  1e-14      1e-9   1e-7       6e-7   5e-5       1e-4   7e-3
 *     sigmoid          3e-15  1e-15      2e-15  1e-14      6e-12  2e-9       3e-7   5e-5
 *     swish            2e-15  2e-15      2e-15  8e-15      5e-12  6e-10      6e-8   9e-6
 *     softplus         3e-15  3e-15      1e-15  2e-15      3e-14  6e-12      1e-9   3e-7
 *     gelu (tanh)      2e-15  2e-15      4e-15  4e-13      3e-10  3e-8       1e-6   2e-4
 *     elu (tails)      2e-7   5e-5       1e-6   2e-4       3e-6   5e-4       9e-6   2e-3
 *
 * Source: Han et al., arXiv:2209.04121, for the expansion; the last two terms are our own.
 */
#ifndef ERMINE_MATH_DUAL_HERMITE_H
#define ERMINE_MATH_DUAL_HERMITE_H

#include "math/dual.h"
#include "math/dual_quadrature.h"

/* Of coefficients of one parity, the last of them the rest; and of a table: phi even and odd, phi' even and odd. */
enum { ER_HERMITE_TERMS = 64, ER_HERMITE_WIDTH = 4 * ER_HERMITE_TERMS + 1 };

void er_hermite_prepare(er_dual_function *phi, const double *p, int64_t n, const double *q, double *table);
void er_hermite_pair(er_dual_function *phi, const double *p, int64_t n, const struct er_dual_side *one,
                     const struct er_dual_side *two, double *k, double *theta);
void er_hermite_self(int64_t n, const double *table, double *k, double *theta);

/* The dual of an er_dual_function `phi`:
 *
 *     ER_HERMITE_FUNCTIONS(phi)
 *     const struct er_dual er_dual_phi = ER_HERMITE_DUAL(phi);
 */
#define ER_HERMITE_FUNCTIONS(phi)                                                                            \
    static void phi##_prepare(const double *p, int64_t n, const double *q, double *table)                    \
    {                                                                                                        \
        er_hermite_prepare(phi, p, n, q, table);                                                             \
    }                                                                                                        \
    static void phi##_pair(const double *p, int64_t n, const struct er_dual_side *one,                       \
                           const struct er_dual_side *two, double *k, double *theta)                         \
    {                                                                                                        \
        er_hermite_pair(phi, p, n, one, two, k, theta);                                                      \
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
