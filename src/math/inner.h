/* inner.h - sums over float32 vectors in float64, in an order that depends on the length alone. */
#ifndef ERMINE_MATH_INNER_H
#define ERMINE_MATH_INNER_H

#include <stdint.h>

/* a . b, in 16 partial sums that are added up in their order: the same bits at every vector width. The relative
 * error is below (n / 16 + 16) u of |a| . |b|, u = 2^-53; products of two floats are exact. */
double er_inner(int64_t n, const float *a, const float *b);

/* y += c x */
void er_add_scaled(int64_t n, double c, const float *x, double *y);

/* v *= c */
void er_scale(int64_t n, double c, float *v);

#endif
