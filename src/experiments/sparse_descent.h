/* sparse_descent.h - gradient descent on a linear model whose weights are differences of squares.
 *
 *     y = X beta + noise,   X: n x d with entries N(0, 1),   beta = (1, -1, 1, ..., 0, 0, ...), k of them not 0
 *     w = u^2 - v^2, entry by entry;   L = |X w - y|^2 / 2n
 *     u = v = alpha at the beginning, so that w = 0;   g = X^T (X w - y) / n
 *     u <- u - rate 2 u g,   v <- v + rate 2 v g
 *
 * in float64. The model is linear in x and has the same solutions as w itself. Which of them descent finds depends on
 * alpha: sparse_limit.h.
 *
 * Source: Woodworth, Gunasekar, Lee, Moroshko, Savarese, Golan, Soudry and Srebro, "Kernel and rich regimes in
 * overparametrized models", COLT 2020.
 */
#ifndef ERMINE_EXPERIMENTS_SPARSE_DESCENT_H
#define ERMINE_EXPERIMENTS_SPARSE_DESCENT_H

#include <ermine/progress.h>

struct er_sparse_spec {
    int64_t examples, dimension, nonzeros; /* n, d, k <= d */
    double noise;                          /* standard deviation of y around X beta */
    double start, rate;                    /* alpha > 0 */
    int64_t steps, per_decade;
    uint64_t seed; /* of X and the noise */
};

/* The problem. One block; freed by er_sparse_problem_clear(). */
struct er_sparse_problem {
    int64_t n, d;
    double *x, *y, *beta; /* n x d row-major, n, d */
};
enum er_status er_sparse_problem_new(const struct er_sparse_spec *spec, struct er_sparse_problem *out,
                                     struct er_error *err);
void er_sparse_problem_clear(struct er_sparse_problem *problem);

/* residual (n) = X w - y; returns its squared norm. */
double er_sparse_residual(const struct er_sparse_problem *problem, const double *w, double *residual);

/* A descent under way: d numbers each, and n of the residual. Freed by er_sparse_descent_clear(). */
struct er_sparse_descent {
    const struct er_sparse_problem *problem;
    double rate;
    double *u, *v, *w, *g, *residual;
    double square; /* |X w - y|^2 at the present w */
    int64_t step;
};
enum er_status er_sparse_descent_new(const struct er_sparse_problem *problem,
                                     const struct er_sparse_spec *spec, struct er_sparse_descent *out,
                                     struct er_error *err);
void er_sparse_descent_clear(struct er_sparse_descent *descent);

/* Steps on until `step`, until |X w - y|^2 is at most 10^-24 |y|^2 (then true in *fits), or until it is not finite.
 * ER_E_STOPPED. */
enum er_status er_sparse_descent_until(struct er_sparse_descent *descent, int64_t step, bool *fits,
                                       const struct er_progress *progress, struct er_error *err);

#endif
