/* duals.h - the dual activations there are (math/dual.h): phi(x) with its parameters p.
 *
 * Closed forms are right to a few units of the last place of sqrt(T(q1, q1, q1) T(q2, q2, q2)), but for the slope of kinked
 * functions near a point with itself (dual_abrelu.c).
 */
#ifndef ERMINE_MATH_DUALS_H
#define ERMINE_MATH_DUALS_H

#include "math/dual.h"

extern const struct er_dual er_dual_abrelu; /* a min(x, 0) + b max(x, 0): {a, b} */

#endif
