/* product.c - blocks of a product as tasks of a pool. */
#include "limit/product.h"

#include <cblas.h>
#include <math.h>

enum { COLUMNS = 1024, SYMMETRISED = 32 };

struct work {
    const struct er_product *product;
    struct er_task_count *count;
    int64_t across; /* blocks in a row of c */
};

static void multiply(const struct er_product *p, int64_t row, int64_t rows, int64_t column, int64_t columns)
{
    const double *b = p->transposed ? p->b + column * p->k : p->b + column;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, p->transposed ? CblasTrans : CblasNoTrans, (blasint)rows,
                (blasint)columns, (blasint)p->k, p->factor, p->a + row * p->k, (blasint)p->k, b,
                (blasint)(p->transposed ? p->k : p->n), p->keep, p->c + row * p->n + column, (blasint)p->n);
}

static void product_task(void *ctx, int64_t task, int worker)
{
    const struct work *w = ctx;
    const struct er_product *p = w->product;
    const int64_t row = task / w->across * ER_PRODUCT_ROWS, column = task % w->across * COLUMNS;
    const int64_t rows = er_least(ER_PRODUCT_ROWS, p->m - row), columns = er_least(COLUMNS, p->n - column);
    (void)worker;
    if (er_task_count_stopped(w->count)) return;
    multiply(p, row, rows, column, columns);
    er_task_count_add(w->count, 2 * (double)rows * (double)columns * (double)p->k);
}

void er_product_run(const struct er_product *product, struct er_pool *pool, struct er_task_count *count)
{
    struct work w = {product, count, (product->n + COLUMNS - 1) / COLUMNS};
    er_pool_run(pool, (product->m + ER_PRODUCT_ROWS - 1) / ER_PRODUCT_ROWS * w.across, product_task, &w);
}

void er_product_here(const struct er_product *product)
{
    multiply(product, 0, product->m, 0, product->n);
}

void er_product_transposed_here(int64_t n, int64_t k, const double *a, const double *b, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)n, (blasint)k, (blasint)n, 1, a, (blasint)n,
                b, (blasint)k, 0, c, (blasint)k);
}

void er_symmetrise(int64_t n, double *a)
{
    for (int64_t from = 0; from < n; from += SYMMETRISED)
        for (int64_t i = from; i < n; i++)
            for (int64_t j = from; j < er_least(from + SYMMETRISED, i); j++)
                a[i * n + j] = a[j * n + i] = (a[i * n + j] + a[j * n + i]) / 2;
}

enum er_status er_check_finite(int64_t n, const double *v, const char *what, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(v[i])) return er_fail(err, ER_E_NONFINITE, "%s: a result is infinite or NaN", what);
    return ER_OK;
}
