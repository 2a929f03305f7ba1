/* dual.h - what an activation makes of a pair of Gaussians: the dual activations of infinite width.
 *
 *     T(q1, q2, c)  = E phi(u) phi(v)        (u, v) ~ N(0, [[q1, c], [c, q2]])
 *     T'(q1, q2, c) = E phi'(u) phi'(v) = dT/dc                                         (Price 1958)
 *
 * A dual works on arrays, in place: k holds c and becomes T, theta is multiplied by T'. Of a point with itself there is a
 * path of its own, `self`: it needs no q2 and no c, and is exact where the pair's formulas lose half of the digits.
 * Variances are >= 0; 0 (an input of zeros) gives finite values everywhere. No formula divides by sqrt(q1 q2).
 *
 * An activation without a closed form takes a table for each variance, made once: the coefficients of phi(sqrt(q) z) in
 * normalised Hermite polynomials. Then T = sum_k a_k(q1) a_k(q2) rho^k; where their number does not do, quadrature. Right to
 * 1e-9 of sqrt(T(q1, q1, q1) T(q2, q2, q2)) and of the same of T', for variances up to 1e10 (dual_hermite.h).
 *
 * Sources: Cho and Saul, NeurIPS 2009; Williams, NeurIPS 1997; Tsuchida et al., arXiv:1711.09090 and arXiv:2002.08517;
 * Han et al., arXiv:2209.04121.
 */
#ifndef ERMINE_MATH_DUAL_H
#define ERMINE_MATH_DUAL_H

#include <stdbool.h>
#include <stdint.h>

enum { ER_DUAL_PARAMETERS = 8 };

/* One side of n pairs: pair i has variance q[i * step], and the table at table[i * step * width]. step is 0 (all pairs share
 * one point) or 1. */
struct er_dual_side {
    const double *q, *table;
    int64_t step;
};
struct er_dual_side32 {
    const float *q;
    int64_t step;
};

/* p: the activation's parameters, at most ER_DUAL_PARAMETERS. theta may be NULL everywhere. */
struct er_dual {
    int64_t width; /* doubles of the table of one variance; 0: none */
    bool slope;    /* T' is finite for a point with itself: there is a tangent kernel */
    void (*prepare)(const double *p, int64_t n, const double *q, double *table); /* NULL without tables */
    void (*pair)(const double *p, int64_t n, const struct er_dual_side *one, const struct er_dual_side *two,
                 double *k, double *theta);
    /* k[i] = T(q, q, q), theta[i] *= T'(q, q, q). k may be q. */
    void (*self)(const double *p, int64_t n, const double *q, const double *table, double *k, double *theta);
    /* The same in float32; NULL: only float64. Not offered with tables. */
    void (*pair32)(const double *p, int64_t n, const struct er_dual_side32 *one,
                   const struct er_dual_side32 *two, float *k, float *theta);
};

#endif
