/* soft_impute_dense.c - proximal steps with momentum on a matrix that is written out.
 *
 *     Z = X + (t - 1) / t' (X - X before),  Z = y on the entries;   X <- U (S - lambda)+ V^T of Z = U S V^T
 *     t' = (1 + sqrt(1 + 4 t^2)) / 2;  t = 1 again where the objective rises
 */
#include "recovery/soft_impute_work.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { CHECKED = 10 };

/* To LAPACK, with columns one after the other, a row-major X is X^T = u S vt: u is of the columns of X, vt of its rows. */
struct dense {
    struct er_soft_impute_work *w;
    lapack_int m, n, q, kept; /* rows, columns, the lesser; singular values above lambda */
    double *x, *before, *z, *u, *s, *vt, *work;
    double wanted; /* of work, as dgesdd says */
    lapack_int *places;
    double t, nuclear_norm, objective;
};

static lapack_int decompose(struct dense *d, double *work, lapack_int n_work)
{
    return LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', d->n, d->m, d->z, d->n, d->s, d->u, d->n, d->vt, d->q,
                               work, n_work, d->places);
}

static enum er_status open_dense(struct dense *d, struct er_soft_impute_work *w, struct er_error *err)
{
    const int64_t size = w->entries->rows * w->entries->columns;
    *d = (struct dense){
        .w = w, .m = (lapack_int)w->entries->rows, .n = (lapack_int)w->entries->columns, .t = 1};
    d->q = d->m < d->n ? d->m : d->n;
    d->x = er_alloc(3 * size, sizeof *d->x);
    d->u = er_alloc((int64_t)d->q * (d->m + d->n + 1), sizeof *d->u);
    d->places = er_alloc(8 * (int64_t)d->q, sizeof *d->places);
    if (d->x && d->u && d->places) {
        d->before = d->x + size;
        d->z = d->before + size;
        d->vt = d->u + (int64_t)d->q * d->n;
        d->s = d->vt + (int64_t)d->q * d->m;
        if (decompose(d, &d->wanted, -1) == 0) d->work = er_alloc((int64_t)d->wanted, sizeof *d->work);
    }
    return d->work ? ER_OK
                   : er_fail(err, ER_E_NOMEM, "soft-impute: out of memory for %" PRId64 " x %" PRId64,
                             w->entries->rows, w->entries->columns);
}

static void close_dense(struct dense *d)
{
    er_free(d->x);
    er_free(d->u);
    er_free(d->places);
    er_free(d->work);
}

/* residual = y - X on the entries; half its square. */
static double leave(struct dense *d)
{
    const struct er_sparse *s = d->w->entries;
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++)
            d->w->residual[e] = s->value[e] - d->x[i * s->columns + s->column[e]];
    return er_sparse_dot(s->n, d->w->residual, d->w->residual) / 2;
}

/* X is what is left of Z's singular values; u's columns then carry them. */
static bool threshold(struct dense *d)
{
    if (decompose(d, d->work, (lapack_int)d->wanted) != 0) return false;
    d->kept = 0;
    d->nuclear_norm = 0;
    while (d->kept < d->q && d->s[d->kept] > d->w->lambda) {
        d->s[d->kept] -= d->w->lambda;
        d->nuclear_norm += d->s[d->kept];
        cblas_dscal(d->n, d->s[d->kept], d->u + (int64_t)d->kept * d->n, 1);
        d->kept++;
    }
    if (d->kept == 0)
        memset(d->x, 0, (size_t)d->m * (size_t)d->n * sizeof *d->x);
    else
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, d->n, d->m, d->kept, 1, d->u, d->n, d->vt,
                    d->q, 0, d->x, d->n);
    return true;
}

static bool step(struct dense *d)
{
    const struct er_sparse *s = d->w->entries;
    const int64_t size = s->rows * s->columns;
    const double next = (1 + sqrt(1 + 4 * d->t * d->t)) / 2, momentum = (d->t - 1) / next;
    for (int64_t i = 0; i < size; i++) d->z[i] = d->x[i] + momentum * (d->x[i] - d->before[i]);
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++)
            d->z[i * s->columns + s->column[e]] = s->value[e];
    double *was = d->before;
    d->before = d->x;
    d->x = was;
    if (!threshold(d)) return false;
    const double objective = leave(d) + d->w->lambda * d->nuclear_norm;
    d->t = objective > d->objective ? 1 : next;
    d->objective = objective;
    return true;
}

static enum er_status write_factors(const struct dense *d, struct er_factored *x, struct er_error *err)
{
    const int64_t k = d->kept;
    struct er_factored made = {d->m, d->n, k, NULL, NULL};
    made.left = er_alloc(made.rows * k, sizeof *made.left);
    made.right = er_alloc(made.columns * k, sizeof *made.right);
    if (!made.left || !made.right) {
        er_factored_clear(&made);
        return er_fail(err, ER_E_NOMEM, "soft-impute: out of memory for rank %" PRId64, k);
    }
    for (int64_t c = 0; c < k; c++) {
        const double root = sqrt(d->s[c]);
        for (int64_t i = 0; i < d->m; i++) made.left[i * k + c] = d->vt[c + i * d->q] * root;
        for (int64_t j = 0; j < d->n; j++) made.right[j * k + c] = d->u[j + c * d->n] / root;
    }
    er_factored_clear(x);
    *x = made;
    return ER_OK;
}

static enum er_status iterate(struct dense *d, struct er_soft_impute_state *state, struct er_error *err)
{
    enum er_status status = ER_OK;
    while (status == ER_OK && !state->converged && state->iterations < d->w->options->iterations) {
        if (er_task_count_stopped(d->w->count)) return ER_OK; /* closing the count says so */
        if (!step(d)) return er_fail(err, ER_E_NONFINITE, "soft-impute: singular values did not converge");
        state->iterations++;
        er_task_count_add(d->w->count, 20.0 * d->m * d->n * d->q);
        if (state->iterations % CHECKED == 1 || state->iterations == d->w->options->iterations)
            status = er_soft_impute_judge(d->w, d->nuclear_norm, true, state, err);
    }
    return status;
}

enum er_status er_soft_impute_dense(struct er_soft_impute_work *w, struct er_factored *x,
                                    struct er_soft_impute_state *state, struct er_error *err)
{
    struct dense d;
    enum er_status status = open_dense(&d, w, err);
    if (status == ER_OK) {
        const struct er_factored start = {w->entries->rows, w->entries->columns, x->rank, x->left, x->right};
        er_factored_dense(&start, d.x);
        memcpy(d.before, d.x, (size_t)d.m * (size_t)d.n * sizeof *d.x);
        d.objective = (double)INFINITY;
        status = iterate(&d, state, err);
    }
    if (status == ER_OK) {
        state->nuclear_norm = d.nuclear_norm;
        state->rank = d.kept;
        status = write_factors(&d, x, err);
    }
    close_dense(&d);
    return status;
}
