/* als_measured.c - alternating least squares of dense measurements: one regression for a whole factor.
 *
 *     <A_k, U V^T> = <A_k V, U> = <A_k^T U, V>        a row of the design each, with rank x length unknowns
 *
 * With a ridge by the normal equations; without one, or where they are singular to rounding, by src/math/least_squares.h,
 * which gives the least norm.
 */
#include "math/least_squares.h"
#include "recovery/als_kind.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <string.h>

enum { MEASUREMENTS = 16, MOST_UNKNOWNS = 4096 };

static enum er_status open_measured(struct er_als_work *w, struct er_error *err)
{
    const struct er_recovery *p = w->problem;
    const int64_t most = w->options->rank * (p->rows > p->columns ? p->rows : p->columns);
    if (w->options->penalty == ER_ALS_WEIGHTED)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "als: a penalty weighted by counts needs entries, not measurements");
    if (most > MOST_UNKNOWNS)
        return er_fail(err, ER_E_LIMIT,
                       "als: a regression on measurements has %" PRId64 " unknowns, more than %d", most,
                       MOST_UNKNOWNS);
    w->design = er_alloc(p->n * most, sizeof *w->design);
    w->normal = er_alloc(most * most, sizeof *w->normal);
    w->dense = er_alloc(p->rows * p->columns, sizeof *w->dense);
    w->left = er_alloc(p->n, sizeof *w->left);
    if (!w->design || !w->normal || !w->dense || !w->left)
        return er_fail(err, ER_E_NOMEM,
                       "als: out of memory for %" PRId64 " measurements of %" PRId64 " unknowns", p->n, most);
    return ER_OK;
}

static void close_measured(struct er_als_work *w)
{
    er_free(w->design);
    er_free(w->normal);
    er_free(w->dense);
    er_free(w->left);
}

struct designed {
    const struct er_als_work *w;
    int which;
};

static void design_rows(void *ctx, int64_t from, int64_t to, int worker)
{
    const struct designed *d = ctx;
    const struct er_als_work *w = d->w;
    const blasint rows = (blasint)w->length[0], columns = (blasint)w->length[1],
                  r = (blasint)w->options->rank;
    const int64_t size = w->length[0] * w->length[1], unknowns = w->length[d->which] * w->options->rank;
    (void)worker;
    for (int64_t k = from; k < to; k++) {
        const double *a = w->problem->a + k * size;
        double *out = w->design + k * unknowns;
        if (d->which == 0)
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, r, columns, 1, a, columns,
                        w->factor[1], r, 0, out, r);
        else
            cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, columns, r, rows, 1, a, columns,
                        w->factor[0], r, 0, out, r);
    }
}

/* By the normal equations; false where they are singular to rounding. */
static bool solve_normal(struct er_als_work *w, int64_t unknowns, double *u)
{
    const lapack_int q = (lapack_int)unknowns;
    double largest = 0;
    cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, q, (blasint)w->problem->n, 1, w->design, q, 0,
                w->normal, q);
    for (int64_t i = 0; i < unknowns; i++) {
        w->normal[i * unknowns + i] += w->options->lambda;
        largest = w->normal[i * unknowns + i] > largest ? w->normal[i * unknowns + i] : largest;
    }
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', q, w->normal, q) != 0) return false;
    for (int64_t i = 0; i < unknowns; i++) {
        const double pivot = w->normal[i * unknowns + i];
        if (!(pivot * pivot > (double)unknowns * DBL_EPSILON * largest)) return false;
    }
    cblas_dgemv(CblasColMajor, CblasNoTrans, q, (blasint)w->problem->n, 1, w->design, q, w->y, 1, 0, u, 1);
    return LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', q, 1, w->normal, q, u, q) == 0;
}

static enum er_status step_measured(struct er_als_work *w, int which, double *squared, struct er_error *err)
{
    const int64_t n = w->problem->n, unknowns = w->length[which] * w->options->rank;
    double *u = w->factor[which];
    struct designed d = {w, which};
    er_sparse_run(n, MEASUREMENTS, design_rows, &d, w->pool);
    enum er_status status = ER_OK;
    if (w->options->lambda == 0 || !solve_normal(w, unknowns, u)) {
        struct er_least_squares *f = NULL;
        status = er_least_squares_new(n, unknowns, w->design, (double)unknowns * DBL_EPSILON, &f, err);
        if (status == ER_OK) status = er_least_squares_solve(f, 1, w->y, w->options->lambda, u, err);
        er_least_squares_free(f);
    }
    if (status != ER_OK) return status;
    memcpy(w->left, w->y, (size_t)n * sizeof *w->left);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)n, (blasint)unknowns, -1, w->design, (blasint)unknowns,
                u, 1, 1, w->left, 1);
    *squared = er_sparse_dot(n, w->left, w->left);
    er_task_count_add(w->count, 2 * (double)n * (double)unknowns * (double)unknowns);
    return ER_OK;
}

static double penalty_of_measured(const struct er_als_work *w, int which)
{
    const int64_t size = w->length[which] * w->options->rank;
    return w->options->lambda * er_sparse_dot(size, w->factor[which], w->factor[which]);
}

static void residual_of_measured(struct er_als_work *w, double *out)
{
    const struct er_recovery *p = w->problem;
    const struct er_factored x = {p->rows, p->columns, w->options->rank, w->factor[0], w->factor[1]};
    const blasint size = (blasint)(p->rows * p->columns);
    er_factored_dense(&x, w->dense);
    memcpy(out, w->y, (size_t)p->n * sizeof *out);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)p->n, size, -1, p->a, size, w->dense, 1, 1, out, 1);
}

static void times_measured(struct er_als_work *w, const double *c, int which, int64_t k, const double *v,
                           double *out)
{
    const struct er_recovery *p = w->problem;
    const blasint size = (blasint)(p->rows * p->columns), columns = (blasint)p->columns;
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)p->n, size, 1, p->a, size, c, 1, 0, w->dense, 1);
    cblas_dgemm(CblasRowMajor, which == 0 ? CblasNoTrans : CblasTrans, CblasNoTrans,
                (blasint)w->length[which], (blasint)k, (blasint)w->length[1 - which], 1, w->dense, columns, v,
                (blasint)k, 0, out, (blasint)k);
}

const struct er_als_kind er_als_measured = {.open = open_measured,
                                            .close = close_measured,
                                            .step = step_measured,
                                            .penalty = penalty_of_measured,
                                            .residual = residual_of_measured,
                                            .times = times_measured};
