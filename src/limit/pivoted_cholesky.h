/* pivoted_cholesky.h - a kernel matrix by a few of its rows, as the preconditioner of a system with it.
 *
 *     K ~ P P^T,   M = P P^T + d I,   M^-1 v = (v - P (d I + P^T P)^-1 P^T v) / d
 *
 * Each column of P explains one example, the one that is explained least by those before:
 *
 *     p_j = (k_i - sum_{l<j} P_il p_l) / sqrt(K_ii - sum_{l<j} P_il^2)
 *
 * and d is the ridge and the mean of what of the diagonal is not explained. Sources: Harbrecht, Peters and Schneider, Appl.
 * Numer. Math. 2012; Gardner et al., NeurIPS 2018, with d the ridge alone there.
 */
#ifndef ERMINE_LIMIT_PIVOTED_CHOLESKY_H
#define ERMINE_LIMIT_PIVOTED_CHOLESKY_H

#include <ermine/kernel_matrix.h>
#include <ermine/pool.h>

struct er_task_count;

struct er_low_rank {
    int64_t n, rank;
    double *column; /* rank x n: the columns of P, one after the other */
    double *inner;  /* rank x rank: the Cholesky factor of d I + P^T P */
    double d;
};

/* At most `rank` columns; fewer when what is left of the diagonal is rounding. `diagonal` (n) is the matrix's, and is spoilt.
 * Where the count says stop there are fewer columns too. ER_E_NOMEM; ER_E_NONFINITE when a diagonal element is negative,
 * infinite or NaN. Freed by er_low_rank_clear(). The same bits for any number of threads. */
enum er_status er_low_rank_find(const struct er_kernel_matrix *matrix, double *diagonal, double ridge,
                                int64_t rank, struct er_pool *pool, const struct er_task_count *count,
                                struct er_low_rank *out, struct er_error *err);
void er_low_rank_clear(struct er_low_rank *low_rank);

/* z <- M^-1 v (n x columns). projected: rank x columns of scratch. */
void er_low_rank_solve(const struct er_low_rank *low_rank, int64_t columns, const double *v,
                       double *projected, double *z);

#endif
