/* least_squares.h - dense linear least squares in float64, for matrices of any shape and rank.
 *
 *     minimise  |A x - b|^2 + ridge |x|^2,   A: m x n,  b: m x k,  x: n x k,  all row-major
 *
 * The minimiser of least norm: x = pinv(A) b for ridge = 0, (A^T A + ridge I)^-1 A^T b else. A is turned
 * into a triangle of order r = min(m, n) by reflections (QR when it is tall, LQ when it is wide). Of full
 * rank and without ridge the triangle is solved; else it is decomposed:
 *
 *     A = U S V^T,    x = V f(S) U^T b,    f(s) = s / (s^2 + ridge) where s > cut_off s_max, else 0
 *
 * No product A^T A or A A^T is formed, since that squares the condition number, which is largest just where
 * m = n is most interesting. Source: Golub and Van Loan, "Matrix Computations", 4th ed., 2013, sections 5.3
 * to 5.5 and 6.1.4 (ridge); the work is LAPACK's (dgeqrf, dgelqf, dgesdd).
 *
 * Cost: reflections and singular values take about 2 m n r + 3 r^3 operations, which serve any number of
 * solutions; the first solution that needs singular vectors some 20 r^3 more; a solution 4 m n k. Memory: m
 * n doubles, with vectors 6 r^2 more. Threads: one decomposition is used by one thread at a time. The same
 * bits for the same input on one machine: BLAS is serial.
 */
#ifndef ERMINE_MATH_LEAST_SQUARES_H
#define ERMINE_MATH_LEAST_SQUARES_H

#include <ermine/status.h>

struct er_least_squares;

/* Decomposes A, which is copied. m, n >= 1; cut_off in [0, 1): singular values at or below cut_off times
 * the largest count as 0. ER_E_USAGE, ER_E_LIMIT (beyond LAPACK's 32-bit sizes), ER_E_NOMEM, ER_E_NONFINITE
 * (a value of A is infinite or NaN, or the decomposition did not converge). Freed by
 * er_least_squares_free(). */
enum er_status er_least_squares_new(int64_t m, int64_t n, const double *a, double cut_off,
                                    struct er_least_squares **out, struct er_error *err);

/* Singular values above the cut-off, 0..min(m, n). */
int64_t er_least_squares_rank(const struct er_least_squares *f);

/* s_max / s_min over all min(m, n) singular values, cut off or not; infinite when the least is 0. */
double er_least_squares_condition(const struct er_least_squares *f);

/* s_max: the spectral norm of A. */
double er_least_squares_norm(const struct er_least_squares *f);

/* x for k right sides; ridge >= 0. x may not overlap b. ER_E_USAGE, ER_E_NOMEM. */
enum er_status er_least_squares_solve(struct er_least_squares *f, int64_t k, const double *b, double ridge,
                                      double *x, struct er_error *err);

/* z <- (I - pinv(A) A) z: the part of z (n x k) that A does not see. ER_E_NOMEM. */
enum er_status er_least_squares_null(struct er_least_squares *f, int64_t k, double *z, struct er_error *err);

/* NULL is allowed. */
void er_least_squares_free(struct er_least_squares *f);

#endif
