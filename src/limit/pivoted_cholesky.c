/* pivoted_cholesky.c - see pivoted_cholesky.h. */
#include "limit/pivoted_cholesky.h"

#include "limit/kernel_matrix.h"
#include "limit/product.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { ROWS = 2048 }; /* of a task */

static int64_t largest(int64_t n, const double *v)
{
    int64_t at = 0;
    for (int64_t i = 1; i < n; i++)
        if (v[i] > v[at]) at = i;
    return at;
}

struct work {
    struct er_low_rank *p;
    int64_t at;   /* the example that the next column explains */
    double root;  /* of what is left of it */
    double *rest; /* what is left of the diagonal */
};

/* Rows of the next column, which holds the kernel's. */
static void rows_task(void *ctx, int64_t task, int worker)
{
    const struct work *w = ctx;
    const int64_t n = w->p->n, from = task * ROWS, end = er_least(n, from + ROWS);
    double *column = w->p->column + w->p->rank * n;
    (void)worker;
    for (int64_t l = 0; l < w->p->rank; l++) {
        const double *before = w->p->column + l * n, factor = before[w->at];
        for (int64_t r = from; r < end; r++) column[r] -= factor * before[r];
    }
    for (int64_t r = from; r < end; r++) {
        column[r] /= w->root;
        w->rest[r] = fmax(w->rest[r] - column[r] * column[r], 0);
    }
}

/* Column j of P explains example i; `rest` is what is left of the diagonal. */
static void add_column(struct er_low_rank *p, const struct er_kernel_matrix *matrix, int64_t i, double *rest,
                       struct er_pool *pool)
{
    struct work w = {p, i, sqrt(rest[i]), rest};
    er_matrix_column(matrix, i, p->column + p->rank * p->n);
    er_pool_run(pool, (p->n + ROWS - 1) / ROWS, rows_task, &w);
    rest[i] = 0;
    p->rank++;
}

static enum er_status factor_inner(struct er_low_rank *p, struct er_error *err)
{
    const int64_t n = p->n, rank = p->rank;
    if (rank == 0) return ER_OK;
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (blasint)rank, (blasint)n, 1, p->column, (blasint)n,
                0, p->inner, (blasint)rank);
    for (int64_t i = 0; i < rank; i++) p->inner[i * rank + i] += p->d;
    /* a row-major lower triangle is a column-major upper one */
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)rank, p->inner, (lapack_int)rank) == 0)
        return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "preconditioner: the kernel matrix is not positive definite");
}

/* Columns until the rank is reached or what is left is rounding; d. */
static void explain(struct er_low_rank *p, const struct er_kernel_matrix *matrix, double ridge, int64_t rank,
                    double *rest, struct er_pool *pool, const struct er_task_count *count)
{
    int64_t at = largest(p->n, rest);
    const double least = (double)p->n * DBL_EPSILON * rest[at];
    double sum = 0;
    for (; p->rank < rank && rest[at] > least && !er_task_count_stopped(count); at = largest(p->n, rest))
        add_column(p, matrix, at, rest, pool);
    for (int64_t i = 0; i < p->n; i++) sum += rest[i];
    p->d = ridge + fmax(sum / (double)p->n, least);
    if (!(p->d > 0)) p->d = 1; /* K = 0 without a ridge: nothing preconditions it */
}

enum er_status er_low_rank_find(const struct er_kernel_matrix *matrix, double *diagonal, double ridge,
                                int64_t rank, struct er_pool *pool, const struct er_task_count *count,
                                struct er_low_rank *out, struct er_error *err)
{
    const int64_t n = matrix->n;
    for (int64_t i = 0; i < n; i++)
        if (!(diagonal[i] >= 0) || isinf(diagonal[i]))
            return er_fail(err, ER_E_NONFINITE,
                           "preconditioner: the kernel of example %" PRId64 " with itself is %g", i,
                           diagonal[i]);
    struct er_low_rank p = {.n = n};
    p.column = er_alloc(rank * n, sizeof *p.column);
    p.inner = er_alloc(rank * rank, sizeof *p.inner);
    enum er_status status = ER_OK;
    if (p.column && p.inner) {
        explain(&p, matrix, ridge, rank, diagonal, pool, count);
        status = factor_inner(&p, err);
    } else
        status = er_fail(err, ER_E_NOMEM, "preconditioner: out of memory for %" PRId64 " columns", rank);
    if (status == ER_OK)
        *out = p;
    else
        er_low_rank_clear(&p);
    return status;
}

void er_low_rank_clear(struct er_low_rank *low_rank)
{
    er_free(low_rank->column);
    er_free(low_rank->inner);
}

void er_low_rank_solve(const struct er_low_rank *low_rank, int64_t columns, const double *v,
                       double *projected, double *z)
{
    const struct er_low_rank *p = low_rank;
    const blasint n = (blasint)p->n, rank = (blasint)p->rank, k = (blasint)columns;
    memcpy(z, v, (size_t)(p->n * columns) * sizeof *z);
    if (rank > 0) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rank, k, n, 1, p->column, n, v, k, 0,
                    projected, k);
        cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, rank, k, 1, p->inner,
                    rank, projected, k);
        cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, rank, k, 1, p->inner,
                    rank, projected, k);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, k, rank, -1, p->column, n, projected, k, 1, z,
                    k);
    }
    for (int64_t i = 0; i < p->n * columns; i++) z[i] /= p->d;
}
