/* sparse_limit.h - the solution that gradient flow on w = u^2 - v^2 tends to, from u = v = alpha, computed without flow.
 *
 *     w = argmin sum_i alpha^2 q(w_i / alpha^2)  s.t.  X w = y,   q(z) = 2 - sqrt(4 + z^2) + z asinh(z / 2)
 *       = 2 alpha^2 sinh(X^T nu),   nu = argmin_nu G(nu) = 2 alpha^2 sum_i cosh((X^T nu)_i) - y . nu
 *
 * Flow keeps u v = alpha^2 entry by entry and moves log(u / v) along X^T, which gives the second line; the first is its
 * dual. q(z) is z^2 / 4 for small z and |z| log |z| for large: the solution tends to that of least |w|_2 as alpha grows, and
 * to that of least |w|_1 as alpha falls, where it comes as slowly as 1 / log(1 / alpha). G is convex and is minimised by
 * Newton's method with step halving.
 *
 * Source: Woodworth et al., COLT 2020, theorem 1, with alpha for each of u and v.
 */
#ifndef ERMINE_EXPERIMENTS_SPARSE_LIMIT_H
#define ERMINE_EXPERIMENTS_SPARSE_LIMIT_H

#include "experiments/sparse_descent.h"

/* w (d) of a problem with n <= d and X of rank n. *exact: |X w - y| is at most 10^-9 |y|; false when Newton's method
 * came to an end before (alpha too small for double precision, no solution), with w as far as it got. Cost: some tens of
 * steps of n^2 d + n^3 / 3 operations, and about 2 log(1 / alpha) more. ER_E_NOMEM. */
enum er_status er_sparse_limit(const struct er_sparse_problem *problem, double alpha, double *w, bool *exact,
                               struct er_error *err);

#endif
