/* nearest_point.h - the point of a polytope that is nearest to the origin.
 *
 *     x = argmin |x|^2 over x = sum_i a_i p_i,  a_i >= 0,  sum_i a_i = 1,   p_1, ..., p_n in R^d
 *
 * in float64, exact but for rounding: by Wolfe's active set method, which ends after finitely many steps. It is the
 * hard-margin support vector machine without bias: of z_i = y_i x_i with labels y_i = +-1,
 *
 *     gamma = max_|u|=1 min_i u . z_i = |x|,   at u = x / |x|;   argmin |w|^2 s.t. w . z_i >= 1 is x / |x|^2;
 *     its multipliers are a_i / |x|^2
 *
 * when the classes can be separated; they can't when the origin is in the polytope, where x = 0.
 *
 * Source: Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976; the duality of margin and
 * distance is well known (Bennett and Bredensteiner, 2000).
 */
#ifndef ERMINE_MATH_NEAREST_POINT_H
#define ERMINE_MATH_NEAREST_POINT_H

#include <ermine/progress.h>

/* p: n x d, row-major, n, d >= 1, all finite. x (d) is the point, 0 exactly when its norm is below 10^-10 of the longest
 * p_i; a (n) the weights, above 0 for at most d + 1 points (d + 2 where rounding asks for it). It ends
 *
 *     - when x . p_i >= |x|^2 for all i, but for 10^-13 of |x| times the longest p_i: x is the nearest point;
 *     - when x is 0, as above;
 *     - when rounding is all that is left: a step did not bring |x| down, or the p_i that is least far along x has a
 *       weight already, or d + 2 points have. x is then the nearest point that was seen, and x . p_i >= |x|^2 may be off
 *       by more, as where points are affinely dependent but for rounding. Who has to know compares the two.
 *
 * All of these are ER_OK; no later x is farther from the origin than an earlier one, and none farther than the shortest p_i.
 *
 * Cost: a step 2 n d + k^3 / 3 operations, k points with weight, and where these are all but affinely dependent those of
 * a least squares problem of d x k (math/least_squares.h); a small multiple of the final k of steps. Memory: d + 1 points
 * or n, whichever are fewer, squared twice; d; d x k in such a step. ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED,
 * ER_E_LIMIT (no end after 1000 + 100 (n + d) steps). Threads: any. */
enum er_status er_nearest_point(int64_t n, int64_t d, const double *p, double *x, double *a,
                                const struct er_progress *progress, struct er_error *err);

#endif
