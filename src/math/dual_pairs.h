/* dual_pairs.h - what closed forms of duals share: pairs taken in pieces that stay in cache, with their determinants. */
#ifndef ERMINE_MATH_DUAL_PAIRS_H
#define ERMINE_MATH_DUAL_PAIRS_H

#include "math/dual.h"

enum { ER_DUAL_PIECE = 256 };

/* k[i] <- T, theta[i] *= T' of n <= ER_DUAL_PIECE pairs; det[i] = max(q1[i] q2[i] - k[i]^2, 0). */
typedef void er_dual_loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                          double *k, double *theta);
typedef void er_dual_loop32(const double *p, int64_t n, const float *q1, const float *q2, const float *det,
                            float *k, float *theta);

/* er_dual's pair and pair32 by such loops. */
void er_dual_pairs(er_dual_loop *loop, const double *p, int64_t n, const struct er_dual_side *one,
                   const struct er_dual_side *two, double *k, double *theta);
void er_dual_pairs32(er_dual_loop32 *loop, const double *p, int64_t n, const struct er_dual_side32 *one,
                     const struct er_dual_side32 *two, float *k, float *theta);

/* pair32 by a loop in float64: rounded at the end. */
void er_dual_pairs_widened(er_dual_loop *loop, const double *p, int64_t n, const struct er_dual_side32 *one,
                           const struct er_dual_side32 *two, float *k, float *theta);

/* self of those whose formula of a pair is right where det is exactly 0. */
void er_dual_selves(er_dual_loop *loop, const double *p, int64_t n, const double *q, double *k,
                    double *theta);

/* The functions of a dual that is made of a loop `name`: name_pair, name_pair32, name_self. */
#define ER_DUAL_OF(loop)                                                                                     \
    static void loop##_pair(const double *p, int64_t n, const struct er_dual_side *one,                      \
                            const struct er_dual_side *two, double *k, double *theta)                        \
    {                                                                                                        \
        er_dual_pairs(loop, p, n, one, two, k, theta);                                                       \
    }                                                                                                        \
    static void loop##_pair32(const double *p, int64_t n, const struct er_dual_side32 *one,                  \
                              const struct er_dual_side32 *two, float *k, float *theta)                      \
    {                                                                                                        \
        er_dual_pairs_widened(loop, p, n, one, two, k, theta);                                               \
    }
#define ER_DUAL_SELF_OF(loop)                                                                                \
    static void loop##_self(const double *p, int64_t n, const double *q, const double *table, double *k,     \
                            double *theta)                                                                   \
    {                                                                                                        \
        (void)table;                                                                                         \
        er_dual_selves(loop, p, n, q, k, theta);                                                             \
    }

#endif
