/* residual_norm.h - bounds from below for the nuclear norm as a penalty, by the operator norm of what is left of the entries.
 *
 *     R: the residuals at the entries, zeros elsewhere.   |R| its largest singular value
 *     D(c R) = c <R, y> - c^2 |R|_F^2 / 2,   best at c = <R, y> / |R|_F^2, with c |R| <= lambda
 */
#ifndef ERMINE_RECOVERY_RESIDUAL_NORM_H
#define ERMINE_RECOVERY_RESIDUAL_NORM_H

#include "math/task_count.h"

#include <ermine/factored.h>

/* Singular directions of R, or of what of R factors don't reach: room, and where the products go. */
struct er_residual_norm {
    const struct er_sparse *entries; /* their places */
    const double *residual;          /* n */
    uint64_t seed;
    struct er_pool *pool;
    struct er_task_count *count; /* may be NULL */
};

/* |R|. Exact (to rounding: LAPACK, of the Gram matrix of the shorter side) where that has at most ER_NORM_EXACT lines and
 * forming it costs little, and `exact` is asked for; otherwise by Lanczos' method, to a relative 1e-6 or so, from above as
 * far as its residual tells. *was_exact says which. ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED. */
enum { ER_NORM_EXACT = 1024, ER_NORM_ALWAYS_EXACT = 128 };
enum er_status er_residual_norm_find(const struct er_residual_norm *r, bool exact, double *norm,
                                     bool *was_exact, struct er_error *err);

/* Up to k singular triplets of (I - U U^T) R (I - V V^T) whose value is above `above`, the largest first: u[i] of the rows,
 * v[i] of the columns, k doubles apart (row-major, rows x k and columns x k). U and V: x's orthonormal columns, x balanced with
 * singular values s. */
enum er_status er_residual_directions(const struct er_residual_norm *r, const struct er_factored *x,
                                      const double *s, double above, int64_t k, int64_t *found, double *value,
                                      double *u, double *v, struct er_error *err);

/* The bound D from residuals, targets and |R|. */
double er_residual_dual(int64_t n, const double *residual, const double *y, double norm, double lambda);

#endif
