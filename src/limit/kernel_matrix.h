/* kernel_matrix.h - products with a symmetric matrix that is read in blocks, each block once.
 *
 *     out_i += A_ij v_j,   out_j += A_ij^T v_i        of a block (i, j) below the diagonal
 *
 * Rows are shared out among ER_MATRIX_GROUPS groups of about equal areas, each with an `out` of its own, which are added in
 * their order: the same bits for any number of threads.
 */
#ifndef ERMINE_LIMIT_KERNEL_MATRIX_H
#define ERMINE_LIMIT_KERNEL_MATRIX_H

#include "math/task_count.h"

#include <ermine/kernel_matrix.h>
#include <ermine/pool.h>

enum { ER_MATRIX_GROUPS = 16 };

struct er_matrix_pass {
    const struct er_kernel_matrix *matrix;
    double *room;    /* a block a worker, unless the entries are in memory */
    double *part;    /* ER_MATRIX_GROUPS x n x columns */
    int64_t columns; /* of the right sides, at most */
    struct er_pool *pool;
    struct er_task_count *count; /* borrowed: its stop ends a pass early */
};

/* Of matrices and counts that outlive it. Cleared by er_matrix_pass_clear(), also on failure. ER_E_NOMEM. */
enum er_status er_matrix_pass_open(struct er_matrix_pass *pass, const struct er_kernel_matrix *matrix,
                                   int64_t columns, struct er_pool *pool, struct er_task_count *count,
                                   struct er_error *err);
void er_matrix_pass_clear(struct er_matrix_pass *pass);

/* out <- A v, n x columns. Where the count says stop, nothing of `out` means anything. */
void er_matrix_apply(const struct er_matrix_pass *pass, const double *v, double *out);

/* The diagonal (n), and column i, which is row i (n). */
void er_matrix_diagonal(const struct er_kernel_matrix *matrix, double *out);
void er_matrix_column(const struct er_kernel_matrix *matrix, int64_t i, double *out);

#endif
