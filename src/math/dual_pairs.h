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

#endif
