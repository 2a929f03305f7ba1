/* row_regression.h - ridge regressions for all rows of a factor, given the other.
 *
 *     u_i = argmin sum_e (y_e - u . v_e)^2 + lambda_i |u|^2 = (sum_e v_e v_e^T + lambda_i I)^-1 sum_e y_e v_e
 *
 *         = V^T (V V^T + lambda_i I)^-1 y,  which is solved where a line has fewer entries than there are columns,
 *
 * over the entries e of line i, v_e the row of the other factor across; lambda_i = lambda, or lambda times their number. By
 * Cholesky; where the matrix is singular to rounding, eigenvalues below r epsilon of the largest count as 0: the least norm.
 */
#ifndef ERMINE_RECOVERY_ROW_REGRESSION_H
#define ERMINE_RECOVERY_ROW_REGRESSION_H

#include "math/task_count.h"
#include "recovery/sparse_pass.h"

struct er_row_regression {
    int64_t rank;
    double lambda;
    bool weighted;
    int64_t per_worker; /* doubles */
    double *scratch;
    struct er_pool *pool;
    struct er_task_count *count; /* tasks are left undone where it says stop; may be NULL */
};

/* Scratch for the threads of a pool. ER_E_NOMEM. */
enum er_status er_row_regression_open(struct er_row_regression *r, int64_t rank, double lambda, bool weighted,
                                      struct er_pool *pool, struct er_task_count *count,
                                      struct er_error *err);
void er_row_regression_close(struct er_row_regression *r);

/* u (lines x rank) from v (n_across x rank) and the entries' values; squared[i] = sum_e (y_e - u_i . v_e)^2. */
void er_row_regression_run(const struct er_row_regression *r, const struct er_sparse_side *side,
                           const double *value, const double *v, double *u, double *squared);

/* sum_i lambda_i |u_i|^2 */
double er_row_regression_penalty(const struct er_row_regression *r, const struct er_sparse_side *side,
                                 const double *u);

#endif
