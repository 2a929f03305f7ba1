/* nuclear_system.c - see nuclear_system.h.
 *
 * In completion A_l is a unit matrix and an element of M is four products: for k = (i, j), l = (p, q)
 *
 *     M_kl = 1/2 (Z_ip T_jq + T_ip Z_jq + Z_iq T_jp + T_iq Z_jp)        (j, q among the columns' indices)
 *
 * In sensing the sum in <A_k, .> is formed for a block of l, and one product gives their columns.
 */
#include "recovery/nuclear_system.h"

#include "core/vector.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>

enum {
    ROWS = 32, /* completion: rows of M that are one task */
    BLOCK = 64 /* sensing: measurements whose images are held at once; rows of M that are one task */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t scratch_each(const struct er_recovery *p)
{
    return p->rows * (p->rows > p->columns ? p->rows : p->columns);
}

enum er_status er_nuclear_system_open(const struct er_observation *o, const struct er_pool *pool,
                                      struct er_nuclear_system *out, struct er_error *err)
{
    const bool sensing = o->problem->kind == ER_SENSING;
    struct er_nuclear_system s = {.o = o};
    s.m = er_alloc(o->n * o->n, sizeof *s.m);
    if (sensing) {
        s.image = er_alloc(BLOCK * o->size, sizeof *s.image);
        s.scratch = er_alloc(er_pool_threads(pool) * scratch_each(o->problem), sizeof *s.scratch);
    } else
        s.row = er_alloc(o->n, sizeof *s.row);
    if (!s.m || (sensing ? !s.image || !s.scratch : !s.row)) {
        er_nuclear_system_close(&s);
        return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for a system of %" PRId64, o->n);
    }
    if (!sensing) er_sparse_row_indices(&o->problem->train, s.row);
    *out = s;
    return ER_OK;
}

void er_nuclear_system_close(struct er_nuclear_system *s)
{
    er_free(s->m);
    er_free(s->row);
    er_free(s->image);
    er_free(s->scratch);
}

double er_nuclear_system_bytes(const struct er_recovery *problem, int threads)
{
    const double n = (double)problem->n, size = (double)problem->rows * (double)problem->columns;
    const double sensing = 8 * (BLOCK * size + threads * (double)scratch_each(problem));
    return 8 * n * n + (problem->kind == ER_SENSING ? sensing : 4 * n);
}

/* out_e = 1/2 (zp tj_e + tp zj_e + tq zi_e + zq ti_e) over the entries of one row. */
ER_VECTOR static void row_of_entries(int64_t n, const int32_t *column, const double weight[4],
                                     const double *tj, const double *zj, const double *zi, const double *ti,
                                     double *out)
{
    const double a = weight[0] / 2, b = weight[1] / 2, c = weight[2] / 2, d = weight[3] / 2;
#pragma omp simd
    for (int64_t e = 0; e < n; e++) {
        const int32_t q = column[e];
        out[e] = (a * tj[q] + b * zj[q]) + (c * zi[q] + d * ti[q]);
    }
}

static void completion_task(void *ctx, int64_t task, int worker)
{
    const struct er_nuclear_system *s = ctx;
    const struct er_sparse *at = &s->o->problem->train;
    const int64_t n = s->o->n, rows = at->rows, side = rows + at->columns;
    (void)worker;
    for (int64_t k = task * ROWS; k < least(n, (task + 1) * ROWS); k++) {
        const double *zi = s->z + s->row[k] * side, *ti = s->t + s->row[k] * side;
        const double *zj = s->z + (rows + at->column[k]) * side, *tj = s->t + (rows + at->column[k]) * side;
        for (int64_t p = 0; p <= s->row[k]; p++) {
            const int64_t from = at->row_start[p], to = least(at->row_start[p + 1], k + 1);
            const double weight[4] = {zi[p], ti[p], tj[p], zj[p]};
            row_of_entries(to - from, at->column + from, weight, tj + rows, zj + rows, zi + rows, ti + rows,
                           s->m + k * n + from);
        }
    }
}

static void product(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, bool transposed,
                    const double *b, int64_t ldb, double beta, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n,
                (blasint)k, 1, a, (blasint)lda, b, (blasint)ldb, beta, c, (blasint)n);
}

/* The image of measurement `first` + task. */
static void image_task(void *ctx, int64_t task, int worker)
{
    const struct er_nuclear_system *s = ctx;
    const int64_t rows = s->o->problem->rows, columns = s->o->problem->columns, side = rows + columns;
    const double *a = s->o->problem->a + (s->first + task) * s->o->size;
    const double *left[2] = {s->z, s->t}, *right[2] = {s->t, s->z};
    double *out = s->image + task * s->o->size, *half = s->scratch + worker * scratch_each(s->o->problem);
    for (int pass = 0; pass < 2; pass++) {
        const double *l = left[pass], *r = right[pass];
        product(rows, columns, rows, l, side, false, a, columns, 0, half);
        product(rows, columns, columns, half, columns, false, r + rows * side + rows, side, pass, out);
        product(rows, rows, columns, l + rows, side, true, a, columns, 0, half);
        product(rows, columns, rows, half, rows, false, r + rows, side, 1, out);
    }
}

/* Rows of M in the columns of the block: those at and below it. */
static void columns_task(void *ctx, int64_t task, int worker)
{
    const struct er_nuclear_system *s = ctx;
    const int64_t n = s->o->n, size = s->o->size, row = s->first + task * BLOCK;
    const int64_t rows = least(BLOCK, n - row), columns = least(BLOCK, n - s->first);
    (void)worker;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)columns, (blasint)size, 0.5,
                s->o->problem->a + row * size, (blasint)size, s->image, (blasint)size, 0,
                s->m + row * n + s->first, (blasint)n);
}

void er_nuclear_system_fill(struct er_nuclear_system *s, struct er_pool *pool)
{
    const int64_t n = s->o->n;
    if (s->o->problem->kind == ER_COMPLETION) {
        er_pool_run(pool, (n + ROWS - 1) / ROWS, completion_task, s);
        return;
    }
    for (s->first = 0; s->first < n && !er_progress_stopped(s->stop); s->first += BLOCK) {
        er_pool_run(pool, least(BLOCK, n - s->first), image_task, s);
        er_pool_run(pool, (n - s->first + BLOCK - 1) / BLOCK, columns_task, s);
    }
}
