/* sparse_pass.c - rows of factors are gathered as entries name them, which is what a pass costs: memory, not arithmetic. */
#include "recovery/sparse_pass.h"

#include "core/vector.h"

enum { LANES = 8, ROWS = 32, AHEAD = 8 };

struct er_sparse_side er_sparse_rows(const struct er_sparse *s)
{
    return (struct er_sparse_side){
        .lines = s->rows, .n_across = s->columns, .start = s->row_start, .across = s->column};
}

struct er_sparse_side er_sparse_columns(const struct er_sparse *s)
{
    return (struct er_sparse_side){.lines = s->columns,
                                   .n_across = s->rows,
                                   .start = s->column_start,
                                   .entry = s->entry,
                                   .across = s->row};
}

struct blocks {
    int64_t lines, of;
    er_sparse_lines *run;
    void *ctx;
};

static void block_task(void *ctx, int64_t task, int worker)
{
    const struct blocks *b = ctx;
    const int64_t from = task * b->of, to = from + b->of < b->lines ? from + b->of : b->lines;
    b->run(b->ctx, from, to, worker);
}

void er_sparse_run(int64_t n_lines, int64_t of, er_sparse_lines *lines, void *ctx, struct er_pool *pool)
{
    struct blocks b = {n_lines, of, lines, ctx};
    const int64_t n = (n_lines + of - 1) / of;
    if (pool)
        er_pool_run(pool, n, block_task, &b);
    else
        for (int64_t i = 0; i < n; i++) block_task(&b, i, 0);
}

ER_VECTOR double er_sparse_dot(int64_t n, const double *a, const double *b)
{
    double part[LANES] = {0}, sum = 0;
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) part[l] += a[i + l] * b[i + l];
    for (int l = 0; i + l < n; l++) part[l] += a[i + l] * b[i + l];
    for (int l = 0; l < LANES; l++) sum += part[l];
    return sum;
}

struct residual {
    const struct er_sparse *s;
    int64_t rank;
    const double *left, *right, *target;
    double *out;
};

static void residual_lines(void *ctx, int64_t from, int64_t to, int worker)
{
    const struct residual *r = ctx;
    const int64_t last = r->s->row_start[to];
    (void)worker;
    for (int64_t i = from; i < to; i++)
        for (int64_t e = r->s->row_start[i]; e < r->s->row_start[i + 1]; e++) {
            if (e + AHEAD < last) __builtin_prefetch(r->right + r->s->column[e + AHEAD] * r->rank);
            const double x =
                er_sparse_dot(r->rank, r->left + i * r->rank, r->right + r->s->column[e] * r->rank);
            r->out[e] = r->target ? r->target[e] - x : x;
        }
}

void er_sparse_misfit(const struct er_sparse *s, int64_t rank, const double *left, const double *right,
                      const double *target, double *out, struct er_pool *pool)
{
    struct residual r = {s, rank, left, right, target, out};
    er_sparse_run(s->rows, ROWS, residual_lines, &r, pool);
}

struct times {
    const struct er_sparse_side *side;
    const double *value, *v;
    int64_t k;
    double *out;
};

ER_VECTOR static void add_scaled(int64_t n, double c, const double *x, double *restrict y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] += c * x[i];
}

static void times_lines(void *ctx, int64_t from, int64_t to, int worker)
{
    const struct times *t = ctx;
    const struct er_sparse_side *side = t->side;
    (void)worker;
    for (int64_t i = from; i < to; i++) {
        double *out = t->out + i * t->k;
        for (int64_t c = 0; c < t->k; c++) out[c] = 0;
        for (int64_t e = side->start[i]; e < side->start[i + 1]; e++) {
            const double value = t->value[er_sparse_place(side, e)];
            if (t->k == 1)
                out[0] += value * t->v[side->across[e]];
            else
                add_scaled(t->k, value, t->v + side->across[e] * t->k, out);
        }
    }
}

void er_sparse_times(const struct er_sparse_side *side, const double *value, int64_t k, const double *v,
                     double *out, struct er_pool *pool)
{
    struct times t = {side, value, v, k, out};
    er_sparse_run(side->lines, ROWS, times_lines, &t, pool);
}
