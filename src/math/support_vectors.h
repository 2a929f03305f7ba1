/* support_vectors.h - the support vector machine with a soft margin, of a kernel matrix in memory.
 *
 *     minimise  1/2 sum_ij a_i a_j y_i y_j K_ij - sum_i a_i     with 0 <= a_i <= C,  sum_i y_i a_i = 0,  y_i = -1 or 1
 *     f(z) = sum_i y_i a_i k(x_i, z) + bias
 *
 * Two a_i are moved at a time, the first the one that violates the conditions of optimality most, the second the one with
 * which the step gains most (second order): LIBSVM's algorithm without shrinking. It ends when no pair violates them by more
 * than the tolerance. Sources: Cortes and Vapnik, Machine Learning 1995; Fan, Chen and Lin, "Working set selection using
 * second order information for training support vector machines", JMLR 2005, algorithm 2 and WSS 2.
 */
#ifndef ERMINE_MATH_SUPPORT_VECTORS_H
#define ERMINE_MATH_SUPPORT_VECTORS_H

#include <ermine/progress.h>

struct er_support_vectors {
    double *weight; /* n of y_i a_i */
    double bias;
    int64_t steps;
    bool converged; /* before the steps were used up */
};

/* k: n x n, row-major; y: n of -1 or 1, both there; C > 0. `steps` at most. The result is freed by
 * er_support_vectors_clear(). Cost: O(n) a step, on the caller's thread. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_support_vectors_fit(int64_t n, const double *k, const double *y, double C, double tolerance,
                                      int64_t steps, const struct er_progress *progress,
                                      struct er_support_vectors *out, struct er_error *err);
void er_support_vectors_clear(struct er_support_vectors *machine);

#endif
