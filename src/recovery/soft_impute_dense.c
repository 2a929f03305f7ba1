/* soft_impute_dense.c - proximal steps with momentum on a matrix that is written out.
 *
 *     Z = X + (t - 1) / t' (X - X before),  Z = y on the entries;   X <- U (S - lambda)+ V^T of Z = U S V^T
 *     t' = (1 + sqrt(1 + 4 t^2)) / 2;  t = 1 again where the objective rises
 */
#include "math/svd.h"
#include "recovery/soft_impute_work.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { CHECKED = 10 };

struct dense {
    struct er_soft_impute_work *w;
    int64_t m, n, q, kept;               /* rows, columns, the lesser; singular values above lambda */
    double *block;                       /* where the three matrices lie, of which two change places */
    double *x, *before, *z, *u, *vt, *s; /* m x n; of Z: m x q, q x n, q */
    struct er_svd *svd;
    double t, nuclear_norm, objective;
};

static enum er_status open_dense(struct dense *d, struct er_soft_impute_work *w,
                                 const struct er_factored *start, struct er_error *err)
{
    const int64_t m = w->entries->rows, n = w->entries->columns, q = m < n ? m : n;
    *d = (struct dense){.w = w, .m = m, .n = n, .q = q, .t = 1, .objective = (double)INFINITY};
    d->x = d->block = er_alloc(3 * m * n, sizeof *d->x);
    d->u = er_alloc(q * (m + n + 1), sizeof *d->u);
    if (!d->x || !d->u) {
        (void)er_fail(err, ER_E_NOMEM, "soft-impute: out of memory for %" PRId64 " x %" PRId64, m, n);
        return ER_E_NOMEM;
    }
    d->before = d->x + m * n;
    d->z = d->before + m * n;
    d->vt = d->u + m * q;
    d->s = d->vt + q * n;
    er_factored_dense(&(struct er_factored){m, n, start->rank, start->left, start->right}, d->x);
    memcpy(d->before, d->x, (size_t)(m * n) * sizeof *d->x);
    return er_svd_new(m, n, true, &d->svd, err);
}

static void close_dense(struct dense *d)
{
    er_free(d->block);
    er_free(d->u);
    er_svd_free(d->svd);
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

/* X is what is left of Z's singular values, which the rows of vt then carry. */
static enum er_status threshold(struct dense *d, struct er_error *err)
{
    const enum er_status status = er_svd_vectors(d->svd, d->z, d->s, d->u, d->vt, err);
    if (status != ER_OK) return status;
    d->kept = 0;
    d->nuclear_norm = 0;
    while (d->kept < d->q && d->s[d->kept] > d->w->lambda) {
        d->s[d->kept] -= d->w->lambda;
        d->nuclear_norm += d->s[d->kept];
        cblas_dscal((blasint)d->n, d->s[d->kept], d->vt + d->kept * d->n, 1);
        d->kept++;
    }
    if (d->kept == 0)
        memset(d->x, 0, (size_t)(d->m * d->n) * sizeof *d->x);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)d->m, (blasint)d->n, (blasint)d->kept,
                    1, d->u, (blasint)d->q, d->vt, (blasint)d->n, 0, d->x, (blasint)d->n);
    return ER_OK;
}

static enum er_status step(struct dense *d, struct er_error *err)
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
    const enum er_status status = threshold(d, err);
    if (status != ER_OK) return status;
    const double objective = leave(d) + d->w->lambda * d->nuclear_norm;
    d->t = objective > d->objective ? 1 : next;
    d->objective = objective;
    return ER_OK;
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
        for (int64_t i = 0; i < d->m; i++) made.left[i * k + c] = d->u[i * d->q + c] * root;
        for (int64_t j = 0; j < d->n; j++) made.right[j * k + c] = d->vt[c * d->n + j] / root;
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
        status = step(d, err);
        state->iterations++;
        er_task_count_add(d->w->count, 20 * (double)d->m * (double)d->n * (double)d->q);
        if (status == ER_OK &&
            (state->iterations % CHECKED == 1 || state->iterations == d->w->options->iterations))
            status = er_soft_impute_judge(d->w, d->nuclear_norm, true, state, err);
    }
    return status;
}

enum er_status er_soft_impute_dense(struct er_soft_impute_work *w, struct er_factored *x,
                                    struct er_soft_impute_state *state, struct er_error *err)
{
    struct dense d;
    enum er_status status = open_dense(&d, w, x, err);
    if (status == ER_OK) status = iterate(&d, state, err);
    if (status == ER_OK) {
        state->nuclear_norm = d.nuclear_norm;
        state->rank = d.kept;
        status = write_factors(&d, x, err);
    }
    close_dense(&d);
    return status;
}
