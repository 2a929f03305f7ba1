/* normal.h - the standard normal distribution in double precision.
 *
 *     Phi(x) = erfc(-x / sqrt 2) / 2
 *
 * Both functions: any thread.
 */
#ifndef ERMINE_MATH_NORMAL_H
#define ERMINE_MATH_NORMAL_H

/* Phi(x), to a few ulp down to the smallest normal numbers (x = -37.5). */
double er_normal_cdf(double x);

/* The x with Phi(x) = p: -inf at 0, inf at 1, NaN outside. For p <= 1/2 to a relative 1e-14 or an absolute 1e-15; above,
 * as well as 1 - p is known. Abramowitz and Stegun's formula 26.2.23 and two of Halley's steps: about 0.15 us. */
double er_normal_quantile(double p);

#endif
