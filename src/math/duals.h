/* duals.h - the dual activations there are (math/dual.h): phi(x) with its parameters p.
 *
 * Closed forms are right to a few units of the last place of sqrt(T(q1, q1, q1) T(q2, q2, q2)), but for the slope of kinked
 * functions near a point with itself (dual_abrelu.c); they have pair32.
 */
#ifndef ERMINE_MATH_DUALS_H
#define ERMINE_MATH_DUALS_H

#include "math/dual.h"

enum { ER_DUAL_DEGREE = 5 };

extern const struct er_dual er_dual_abrelu;             /* a min(x, 0) + b max(x, 0): {a, b} */
extern const struct er_dual er_dual_sign;               /* -1, 0, 1: {}; no slope */
extern const struct er_dual er_dual_step;               /* (x >= 0): {}; no slope */
extern const struct er_dual er_dual_rectified_monomial; /* (x >= 0) x^k: {k}, k >= 1 */
extern const struct er_dual er_dual_erf;                /* a erf(b x) + e: {a, b, e} */
extern const struct er_dual er_dual_gelu;               /* x Phi(x): {} */
extern const struct er_dual er_dual_sin;                /* a sin(b x + e): {a, b, e} */
extern const struct er_dual er_dual_rbf;                /* sqrt(2) sin(sqrt(2 g) x + pi/4): {g} */
extern const struct er_dual er_dual_exp;                /* a exp(b x): {a, b} */
extern const struct er_dual er_dual_gaussian;           /* a exp(b x^2): {a, b} */
extern const struct er_dual er_dual_gabor;              /* exp(-x^2) sin x: {} */
extern const struct er_dual er_dual_polynomial;         /* sum_k c_k x^k: {c0, ..., c5} */
extern const struct er_dual er_dual_monomial;           /* x^k: {k}, 1 <= k <= 16 */

/* By tables (dual_hermite.h): {} each. */
extern const struct er_dual er_dual_tanh, er_dual_sigmoid, er_dual_swish, er_dual_softplus;
extern const struct er_dual er_dual_elu;       /* x where x > 0, else a (exp(x) - 1): {a} */
extern const struct er_dual er_dual_gelu_tanh; /* gelu's approximation with tanh */

#endif
