/* determinant.h - determinants of 2 x 2 covariances without cancellation.
 *
 *     det[i] = max(q1[i] q2[i] - c[i]^2, 0)
 *
 * Each product is the rounded one and what the rounding lost, exactly: the difference is right to 1.5 ulp where the products
 * nearly agree, and 0 for identical numbers. Source: Kahan, "On the cost of floating-point computation without extra-precise
 * arithmetic", 2004; the loss by a fused multiply-add, or by Dekker's splitting, Numerische Mathematik 18, 1971, which is
 * the same number: same bits on every machine. det may be any of the others. No NaN is hidden. Float64: |q|, |c| < 1e300;
 * products below 1e-290 lose their exactness, float32 below 1e-37. Any thread.
 */
#ifndef ERMINE_MATH_DETERMINANT_H
#define ERMINE_MATH_DETERMINANT_H

#include <stdint.h>

void er_determinant(int64_t n, const double *q1, const double *q2, const double *c, double *det);
void er_determinant32(int64_t n, const float *q1, const float *q2, const float *c, float *det);

/* The same in plain C: what is left where the machine has no fused multiply-add. */
void er_determinant_plain(int64_t n, const double *q1, const double *q2, const double *c, double *det);

#endif
