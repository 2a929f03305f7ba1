/* cholesky.c - the right-looking blocked algorithm: a block on the diagonal, the blocks below it, then all that
 * remains to the right, whose tiles are independent of each other.
 *
 *     A_jj = L_jj L_jj^T      L_ij = A_ij L_jj^-T      A_ik -= L_ij L_kj^T     i >= k > j
 */
#include "math/cholesky.h"

#include "math/task_count.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <lapacke.h>
#include <math.h>

enum {
    BLOCK = 256,  /* of the factorisation: its tiles fit the second cache, and are at the machine's peak */
    COLUMNS = 128 /* of the inverse that are found together */
};

struct work {
    int64_t n, column, rows; /* order; of the block on the diagonal: its first column, its size */
    double *a;               /* what becomes L */
    const double *l;         /* for the inverse: L, its scratch and result */
    double *scratch, *diagonal;
    struct er_task_count count;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

double er_cholesky_norm(int64_t n, const double *a, double *sums)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) {
        const double *row = a + i * n;
        double sum = fabs(row[i]);
        for (int64_t j = 0; j < i; j++) {
            sum += fabs(row[j]);
            sums[j] += fabs(row[j]); /* the same element above the diagonal */
        }
        sums[i] = sum;
    }
    for (int64_t i = 0; i < n; i++)
        if (!(sums[i] <= most)) most = sums[i];
    return most;
}

/* Block row `task` below the block on the diagonal: L_ij = A_ij L_jj^-T. */
static void panel_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const int64_t row = w->column + w->rows + task * BLOCK, rows = least(BLOCK, w->n - row);
    (void)worker;
    if (er_task_count_stopped(&w->count)) return;
    cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (blasint)rows,
                (blasint)w->rows, 1, w->a + w->column * w->n + w->column, (blasint)w->n,
                w->a + row * w->n + w->column, (blasint)w->n);
    er_task_count_add(&w->count, (double)rows * (double)w->rows * (double)w->rows);
}

/* Tile (i, k) of what remains, row after row: task = i (i + 1) / 2 + k. */
static void update_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const int64_t first = w->column + w->rows;
    (void)worker;
    if (er_task_count_stopped(&w->count)) return;
    int64_t i = (int64_t)((sqrt(8 * (double)task + 1) - 1) / 2);
    while (i * (i + 1) / 2 > task) i--;
    while ((i + 1) * (i + 2) / 2 <= task) i++;
    const int64_t row = first + i * BLOCK, column = first + (task - i * (i + 1) / 2) * BLOCK;
    const int64_t rows = least(BLOCK, w->n - row), columns = least(BLOCK, w->n - column);
    const double *left = w->a + row * w->n + w->column, *right = w->a + column * w->n + w->column;
    double *tile = w->a + row * w->n + column;
    const blasint n = (blasint)w->n, inner = (blasint)w->rows;
    if (row == column)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (blasint)rows, inner, -1, left, n, 1, tile, n);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)columns, inner, -1, left,
                    n, right, n, 1, tile, n);
    er_task_count_add(&w->count, (row == column ? 1 : 2) * (double)rows * (double)columns * (double)inner);
}

enum er_status er_cholesky(int64_t n, double *a, int64_t *pivot, struct er_pool *pool,
                           const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.n = n, .a = a};
    er_task_count_open(&w.count, progress, (double)n * (double)n * (double)n / 3);
    *pivot = -1;
    for (; w.column < n && *pivot < 0 && !er_task_count_stopped(&w.count); w.column += w.rows) {
        w.rows = least(BLOCK, n - w.column);
        /* a row-major lower triangle is a column-major upper one */
        const lapack_int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)w.rows,
                                                    a + w.column * n + w.column, (lapack_int)n);
        if (info > 0) *pivot = w.column + info - 1;
        if (info > 0) break;
        const int64_t below = (n - w.column - w.rows + BLOCK - 1) / BLOCK;
        er_pool_run(pool, below, panel_task, &w);
        er_pool_run(pool, below * (below + 1) / 2, update_task, &w);
    }
    return er_task_count_close(&w.count, "Cholesky factorisation", err);
}

void er_cholesky_solve(int64_t n, const double *l, int64_t k, double *b)
{
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (blasint)n, (blasint)k, 1,
                l, (blasint)n, b, (blasint)k);
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, (blasint)n, (blasint)k, 1, l,
                (blasint)n, b, (blasint)k);
}

enum er_status er_cholesky_condition(int64_t n, const double *l, double norm, double *condition,
                                     struct er_error *err)
{
    double *work = er_alloc(3 * n, sizeof *work), reciprocal = 0;
    lapack_int *order = er_alloc(n, sizeof *order);
    if (!work || !order) {
        er_free(work);
        er_free(order);
        return er_fail(err, ER_E_NOMEM, "condition number: out of memory for %lld rows", (long long)n);
    }
    LAPACKE_dpocon_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, l, (lapack_int)n, norm, &reciprocal, work,
                        order);
    er_free(work);
    er_free(order);
    *condition = 1 / reciprocal;
    return ER_OK;
}

double er_cholesky_scratch_bytes(int64_t n, int threads)
{
    return (double)threads * (double)n * COLUMNS * sizeof(double);
}

/* Columns of L^-1 from `first` on: L X = E, of which only rows from `first` on are not 0. */
static void inverse_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const int64_t first = task * COLUMNS, rows = w->n - first, columns = least(COLUMNS, rows);
    double *x = w->scratch + worker * w->n * COLUMNS;
    if (er_task_count_stopped(&w->count)) return;
    for (int64_t i = 0; i < rows * columns; i++) x[i] = 0;
    for (int64_t j = 0; j < columns; j++) x[j * columns + j] = 1;
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (blasint)rows,
                (blasint)columns, 1, w->l + first * w->n + first, (blasint)w->n, x, (blasint)columns);
    for (int64_t j = 0; j < columns; j++) w->diagonal[first + j] = 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            w->diagonal[first + j] += x[i * columns + j] * x[i * columns + j];
    er_task_count_add(&w->count, (double)rows * (double)rows * (double)columns);
}

enum er_status er_cholesky_inverse_diagonal(int64_t n, const double *l, double *diagonal,
                                            struct er_pool *pool, const struct er_progress *progress,
                                            struct er_error *err)
{
    struct work w = {.n = n, .l = l, .diagonal = diagonal};
    w.scratch = er_alloc((int64_t)er_pool_threads(pool) * n * COLUMNS, sizeof *w.scratch);
    if (!w.scratch)
        return er_fail(err, ER_E_NOMEM, "diagonal of the inverse: out of memory for %lld rows", (long long)n);
    er_task_count_open(&w.count, progress, (double)n * (double)n * (double)n / 3);
    er_pool_run(pool, (n + COLUMNS - 1) / COLUMNS, inverse_task, &w);
    er_free(w.scratch);
    return er_task_count_close(&w.count, "diagonal of the inverse", err);
}
