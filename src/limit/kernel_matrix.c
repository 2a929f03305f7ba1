/* kernel_matrix.c - see kernel_matrix.h. */
#include "limit/kernel_matrix.h"

#include "limit/product.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROWS = 64, COLUMNS = 1024 }; /* of a block: 512 KiB */

enum er_status er_matrix_pass_open(struct er_matrix_pass *pass, const struct er_kernel_matrix *matrix,
                                   int64_t columns, struct er_pool *pool, struct er_task_count *count,
                                   struct er_error *err)
{
    const int64_t block = ROWS * er_least(COLUMNS, matrix->n);
    *pass = (struct er_matrix_pass){.matrix = matrix, .columns = columns, .pool = pool, .count = count};
    if (!matrix->entries) pass->room = er_alloc(er_pool_threads(pool) * block, sizeof *pass->room);
    pass->part = er_alloc(ER_MATRIX_GROUPS * matrix->n * columns, sizeof *pass->part);
    if (pass->part && (pass->room || matrix->entries)) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "kernel matrix: out of memory for products of %" PRId64 " x %" PRId64,
                   matrix->n, columns);
}

void er_matrix_pass_clear(struct er_matrix_pass *pass)
{
    er_free(pass->room);
    er_free(pass->part);
}

/* The first row of a group: areas below the diagonal are as the squares of rows. */
static int64_t first_row(int64_t n, int64_t group)
{
    const int64_t panels = (n + ROWS - 1) / ROWS;
    const int64_t panel = (int64_t)((double)panels * sqrt((double)group / ER_MATRIX_GROUPS) + 0.5);
    return er_least(n, panel * ROWS);
}

/* Rows row..row+rows, columns column..column+columns, `ld` apart: where they are in memory, or read into room. */
static const double *block_at(const struct er_kernel_matrix *m, int64_t row, int64_t rows, int64_t column,
                              int64_t columns, double *room, int64_t *ld)
{
    *ld = m->entries ? m->n : columns;
    if (m->entries) return m->entries + row * m->n + column;
    m->read(m->ctx, row, rows, column, columns, room);
    return room;
}

/* c (m x k) += A b, or A^T b; A's rows are ld apart. */
static void add_product(CBLAS_TRANSPOSE transposed, int64_t m, int64_t k, int64_t inner, const double *a,
                        int64_t ld, const double *b, double *c)
{
    cblas_dgemm(CblasRowMajor, transposed, CblasNoTrans, (blasint)m, (blasint)k, (blasint)inner, 1, a,
                (blasint)ld, b, (blasint)k, 1, c, (blasint)k);
}

struct work {
    const struct er_matrix_pass *pass;
    const double *v;
};

/* What a panel of rows adds to `out`: the square on the diagonal, and blocks left of it with their mirrors. */
static void add_panel(const struct work *w, int64_t row, int64_t rows, double *room, double *out)
{
    const struct er_matrix_pass *p = w->pass;
    const int64_t k = p->columns;
    int64_t ld;
    const double *square = block_at(p->matrix, row, rows, row, rows, room, &ld);
    add_product(CblasNoTrans, rows, k, rows, square, ld, w->v + row * k, out + row * k);
    for (int64_t column = 0; column < row && !er_task_count_stopped(p->count); column += COLUMNS) {
        const int64_t columns = er_least(COLUMNS, row - column);
        const double *block = block_at(p->matrix, row, rows, column, columns, room, &ld);
        add_product(CblasNoTrans, rows, k, columns, block, ld, w->v + column * k, out + row * k);
        add_product(CblasTrans, columns, k, rows, block, ld, w->v + row * k, out + column * k);
    }
}

static void group_task(void *ctx, int64_t group, int worker)
{
    const struct work *w = ctx;
    const struct er_matrix_pass *p = w->pass;
    const int64_t n = p->matrix->n, end = first_row(n, group + 1), block = ROWS * er_least(COLUMNS, n);
    double *out = p->part + group * n * p->columns, *room = p->room ? p->room + worker * block : NULL;
    memset(out, 0, (size_t)(end * p->columns) * sizeof *out);
    for (int64_t row = first_row(n, group); row < end && !er_task_count_stopped(p->count); row += ROWS) {
        const int64_t rows = er_least(ROWS, end - row);
        add_panel(w, row, rows, room, out);
        er_task_count_add(p->count, 4 * (double)rows * ((double)row + (double)rows / 2) * (double)p->columns);
    }
}

void er_matrix_apply(const struct er_matrix_pass *pass, const double *v, double *out)
{
    struct work w = {pass, v};
    const int64_t n = pass->matrix->n, size = n * pass->columns;
    er_pool_run(pass->pool, ER_MATRIX_GROUPS, group_task, &w);
    memset(out, 0, (size_t)size * sizeof *out);
    for (int64_t group = 0; group < ER_MATRIX_GROUPS; group++) {
        const double *part = pass->part + group * size;
        for (int64_t i = 0; i < first_row(n, group + 1) * pass->columns; i++) out[i] += part[i];
    }
}

void er_matrix_diagonal(const struct er_kernel_matrix *matrix, double *out)
{
    for (int64_t i = 0; i < matrix->n; i++)
        if (matrix->entries)
            out[i] = matrix->entries[i * matrix->n + i];
        else
            matrix->read(matrix->ctx, i, 1, i, 1, out + i);
}

void er_matrix_column(const struct er_kernel_matrix *matrix, int64_t i, double *out)
{
    const int64_t n = matrix->n;
    if (matrix->entries) {
        memcpy(out, matrix->entries + i * n, (size_t)n * sizeof *out);
        return;
    }
    matrix->read(matrix->ctx, i, 1, 0, i + 1, out);
    if (i + 1 < n) matrix->read(matrix->ctx, i + 1, n - i - 1, i, 1, out + i + 1);
}
