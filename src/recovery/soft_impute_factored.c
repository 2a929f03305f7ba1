/* soft_impute_factored.c - alternating ridge regressions on factors that get the columns that the certificate asks for.
 *
 *     X = A B^T, balanced: A = U S^(1/2), B = V S^(1/2)
 *     a round:  columns (r', c) of what of R no factor spans, above lambda: A, B get sqrt(value - lambda) of each
 *               some pairs of regressions, each balanced
 *               X <- soft-threshold((X + R) V V^T): the proximal step within the rows' span, which sets the rank
 *               certificate
 *
 * No step raises the objective. In balance |A|^2 + |B|^2 = 2 ||X||_*.
 */
#include "recovery/row_regression.h"
#include "recovery/soft_impute_work.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PAIRS = 5, DIRECTIONS_LEAST = 8, DIRECTIONS_MOST = 32, IDLE = 10 };

struct factored {
    struct er_soft_impute_work *w;
    struct er_factored x; /* room for `most` columns, in use x.rank */
    int64_t most;
    double *s, *squared, *room; /* most; longer side; rows x most */
    double *value, *u, *v;      /* of new directions */
    struct er_row_regression regression;
    struct er_sparse_side rows, columns;
    bool capped;
};

/* How rounds went: the objective before, the least gap, rounds since it fell. */
struct round {
    double primal, gap;
    int idle;
};

static enum er_status open_factored(struct factored *f, struct er_soft_impute_work *w,
                                    const struct er_factored *start, struct er_error *err)
{
    const int64_t rows = w->entries->rows, columns = w->entries->columns;
    const int64_t shorter = rows < columns ? rows : columns,
                  asked = w->options->rank > 0 ? w->options->rank : 50;
    *f = (struct factored){.w = w,
                           .x = {rows, columns, start->rank, NULL, NULL},
                           .most = asked < shorter ? asked : shorter,
                           .rows = er_sparse_rows(w->entries),
                           .columns = er_sparse_columns(w->entries)};
    if (start->rank > f->most)
        return er_fail(err, ER_E_SHAPE,
                       "soft-impute: the start has rank %" PRId64 ", at most %" PRId64 " is allowed",
                       start->rank, f->most);
    f->x.left = er_alloc(rows * f->most, sizeof *f->x.left);
    f->x.right = er_alloc(columns * f->most, sizeof *f->x.right);
    f->s = er_alloc(f->most, sizeof *f->s);
    f->squared = er_alloc(rows > columns ? rows : columns, sizeof *f->squared);
    f->room = er_alloc(rows * f->most, sizeof *f->room);
    f->value = er_alloc(DIRECTIONS_MOST, sizeof *f->value);
    f->u = er_alloc(rows * DIRECTIONS_MOST, sizeof *f->u);
    f->v = er_alloc(columns * DIRECTIONS_MOST, sizeof *f->v);
    if (!f->x.left || !f->x.right || !f->s || !f->squared || !f->room || !f->value || !f->u || !f->v)
        return er_fail(err, ER_E_NOMEM, "soft-impute: out of memory for rank %" PRId64, f->most);
    if (start->rank > 0) {
        memcpy(f->x.left, start->left, (size_t)(rows * start->rank) * sizeof *f->x.left);
        memcpy(f->x.right, start->right, (size_t)(columns * start->rank) * sizeof *f->x.right);
    }
    return er_row_regression_open(&f->regression, f->most, w->lambda, false, w->pool, w->count, err);
}

static void close_factored(struct factored *f)
{
    er_row_regression_close(&f->regression);
    er_factored_clear(&f->x);
    er_free(f->s);
    er_free(f->squared);
    er_free(f->room);
    er_free(f->value);
    er_free(f->u);
    er_free(f->v);
}

/* Rows of `from` columns become rows of `to`, in place: the first ones stay, new ones are zeros. */
static void restride(int64_t n, double *a, int64_t from, int64_t to)
{
    if (to <= from) {
        for (int64_t i = 0; i < n; i++) memmove(a + i * to, a + i * from, (size_t)to * sizeof *a);
        return;
    }
    for (int64_t i = n - 1; i >= 0; i--) {
        memmove(a + i * to, a + i * from, (size_t)from * sizeof *a);
        memset(a + i * to + from, 0, (size_t)(to - from) * sizeof *a);
    }
}

static void set_rank(struct factored *f, int64_t rank)
{
    restride(f->x.rows, f->x.left, f->x.rank, rank);
    restride(f->x.columns, f->x.right, f->x.rank, rank);
    f->x.rank = rank;
    f->regression.rank = rank;
}

static void leave(struct factored *f)
{
    er_sparse_misfit(f->w->entries, f->x.rank, f->x.left, f->x.right, f->w->entries->value, f->w->residual,
                     f->w->pool);
}

/* New columns, as many as there are directions above lambda and there is room for. */
static enum er_status grow(struct factored *f, struct er_error *err)
{
    const struct er_soft_impute_work *w = f->w;
    const struct er_residual_norm r = {w->entries, w->residual, w->options->seed, w->pool, w->count};
    const int64_t before = f->x.rank;
    int64_t k = before < DIRECTIONS_LEAST ? DIRECTIONS_LEAST : before, found = 0;
    if (k > DIRECTIONS_MOST) k = DIRECTIONS_MOST;
    if (k > f->most - before) k = f->most - before;
    if (k < 1) return ER_OK;
    const enum er_status status = er_residual_directions(
        &r, &f->x, f->s, w->lambda * (1 + 0.1 * w->options->gap), k, &found, f->value, f->u, f->v, err);
    if (status != ER_OK || found < 1) return status;
    set_rank(f, before + found);
    for (int64_t c = 0; c < found; c++) {
        const double root = sqrt(f->value[c] - w->lambda);
        for (int64_t i = 0; i < f->x.rows; i++)
            f->x.left[i * f->x.rank + before + c] = root * f->u[i * k + c];
        for (int64_t j = 0; j < f->x.columns; j++)
            f->x.right[j * f->x.rank + before + c] = root * f->v[j * k + c];
    }
    return ER_OK;
}

static enum er_status regress(struct factored *f, int64_t pairs, struct er_soft_impute_state *state,
                              struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < pairs && status == ER_OK && !er_task_count_stopped(f->w->count); i++) {
        const double *y = f->w->entries->value;
        er_row_regression_run(&f->regression, &f->columns, y, f->x.left, f->x.right, f->squared);
        er_row_regression_run(&f->regression, &f->rows, y, f->x.right, f->x.left, f->squared);
        status = er_factored_balance(&f->x, f->s, err);
        state->iterations++;
    }
    return status;
}

/* Drops columns whose singular value is no more than `least`. */
static void drop(struct factored *f, double least)
{
    int64_t kept = f->x.rank;
    while (kept > 0 && !(f->s[kept - 1] > least)) kept--;
    if (kept < f->x.rank) set_rank(f, kept);
}

static void scale_columns(int64_t n, int64_t k, double *a, const double *scale)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++) a[i * k + c] *= scale[c];
}

/* The proximal step within the span of the rows of X. */
static enum er_status shrink(struct factored *f, struct er_error *err)
{
    drop(f, f->x.rank > 0 ? 1e-14 * f->s[0] : 0);
    const int64_t k = f->x.rank, rows = f->x.rows;
    if (k == 0) return ER_OK;
    leave(f);
    er_sparse_times(&f->rows, f->w->residual, k, f->x.right, f->room, f->w->pool);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t c = 0; c < k; c++) {
            const double root = sqrt(f->s[c]);
            f->x.left[i * k + c] = f->x.left[i * k + c] * root + f->room[i * k + c] / root;
        }
    for (int64_t j = 0; j < f->x.columns; j++)
        for (int64_t c = 0; c < k; c++) f->x.right[j * k + c] /= sqrt(f->s[c]);
    const enum er_status status = er_factored_balance(&f->x, f->s, err);
    if (status != ER_OK) return status;
    drop(f, f->w->lambda);
    for (int64_t c = 0; c < f->x.rank; c++) {
        const double left = f->s[c] - f->w->lambda;
        f->room[c] = sqrt(left / f->s[c]);
        f->s[c] = left;
    }
    scale_columns(rows, f->x.rank, f->x.left, f->room);
    scale_columns(f->x.columns, f->x.rank, f->x.right, f->room);
    return ER_OK;
}

static double nuclear_norm_of(const struct factored *f)
{
    return er_nuclear_norm(f->x.rank, f->s);
}

/* Whether another round may help: the gap still falls, or, of factors that may not grow, the objective. */
static bool goes_on(const struct factored *f, const struct er_soft_impute_state *state, struct round *r)
{
    const double fall = r->primal - state->primal;
    r->primal = state->primal;
    if (state->gap < 0.9 * r->gap) {
        r->gap = state->gap;
        r->idle = 0;
    } else {
        r->idle++;
    }
    return !state->converged && f->x.rank > 0 && state->iterations < f->w->options->iterations &&
           (f->capped ? fall > 0.1 * f->w->options->gap * state->primal : r->idle < IDLE);
}

static enum er_status iterate(struct factored *f, struct er_soft_impute_state *state, struct er_error *err)
{
    const struct er_soft_impute_options *o = f->w->options;
    const int64_t shorter = f->x.rows < f->x.columns ? f->x.rows : f->x.columns;
    struct round r = {(double)INFINITY, (double)INFINITY, 0};
    enum er_status status = er_factored_balance(&f->x, f->s, err);
    if (status == ER_OK) leave(f);
    for (bool going = true; going && status == ER_OK;) {
        status = grow(f, err);
        f->capped = f->x.rank == f->most && f->most < shorter;
        const int64_t left = o->iterations - state->iterations;
        if (status == ER_OK && f->x.rank > 0) status = regress(f, left < PAIRS ? left : PAIRS, state, err);
        if (status == ER_OK) status = shrink(f, err);
        if (status != ER_OK || er_task_count_stopped(f->w->count))
            return status; /* closing the count says so */
        leave(f);
        status = er_soft_impute_judge(f->w, nuclear_norm_of(f), false, state, err);
        going = goes_on(f, state, &r);
        if (status == ER_OK && !going && !state->exact) {
            const bool was = state->converged;
            status = er_soft_impute_judge(f->w, nuclear_norm_of(f), true, state, err);
            going = was && !state->converged && r.idle < IDLE && state->iterations < o->iterations;
        }
    }
    return status;
}

enum er_status er_soft_impute_factored(struct er_soft_impute_work *w, struct er_factored *x,
                                       struct er_soft_impute_state *state, struct er_error *err)
{
    struct factored f;
    enum er_status status = open_factored(&f, w, x, err);
    if (status == ER_OK) {
        f.regression.rank = f.x.rank;
        status = iterate(&f, state, err);
    }
    if (status == ER_OK) {
        struct er_factored made = {0};
        state->nuclear_norm = nuclear_norm_of(&f);
        state->rank = f.x.rank;
        state->capped = f.capped;
        status = er_factored_copy(&f.x, &made, err);
        if (status == ER_OK) {
            er_factored_clear(x);
            *x = made;
        }
    }
    close_factored(&f);
    return status;
}
