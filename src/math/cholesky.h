/* cholesky.h - A = L L^T of a large positive definite matrix on the threads of a pool, and what follows from it.
 *
 * Matrices are n x n in float64, row-major; only the lower triangle with the diagonal is read or written: what is
 * above it may be anything, A itself for instance. Blocks
 * are of one size whatever the number of threads, and no sum is cut: the same bits on any number of them. Source:
 * Golub and Van Loan, "Matrix Computations", 4th ed., 2013, section 4.2; the blocks are LAPACK's and BLAS's.
 */
#ifndef ERMINE_MATH_CHOLESKY_H
#define ERMINE_MATH_CHOLESKY_H

#include <ermine/pool.h>
#include <ermine/progress.h>

/* The largest of the sums sum_j |a_ij|, which are left in `sums` (n): the norm of the condition number below.
 * NaN or infinite when an element is. */
double er_cholesky_norm(int64_t n, const double *a, double *sums);

/* a <- L. *pivot = -1, or the first row (from 0) whose pivot is not above 0 (then A is not positive definite to
 * rounding, and `a` is spoilt: that is an answer and no error). Costs n^3 / 3 flops, which it reports as it goes.
 * ER_E_STOPPED, with `a` spoilt. */
enum er_status er_cholesky(int64_t n, double *a, int64_t *pivot, struct er_pool *pool,
                           const struct er_progress *progress, struct er_error *err);

/* b <- A^-1 b for k right sides, b: n x k, row-major. Costs 2 n^2 k flops, on the caller's thread. */
void er_cholesky_solve(int64_t n, const double *l, int64_t k, double *b);

/* The condition number |A| |A^-1| in that norm, |A^-1| estimated from below by a few solutions (Higham's method,
 * LAPACK's dpocon): nearly always within a factor 3. Infinite when it is beyond 2^1023. `norm`: er_cholesky_norm()
 * of A before. ER_E_NOMEM. */
enum er_status er_cholesky_condition(int64_t n, const double *l, double norm, double *condition,
                                     struct er_error *err);

/* diagonal[i] = (A^-1)_ii = sum_j (L^-1)_ji^2. Costs n^3 / 3 flops, which it reports, and er_cholesky_scratch_bytes().
 * ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_cholesky_inverse_diagonal(int64_t n, const double *l, double *diagonal,
                                            struct er_pool *pool, const struct er_progress *progress,
                                            struct er_error *err);
double er_cholesky_scratch_bytes(int64_t n, int threads);

#endif
