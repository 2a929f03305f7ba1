/* factor_read.c - W and its singular values, in float64 from the factors as they are. */
#include "core/vector.h"
#include "math/matmul.h"
#include "math/qr.h"
#include "recovery/factor.h"

#include <ermine/memory.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "factorise: out of memory for its product");
}

static double *copy(const struct er_factorisation *f, int64_t piece)
{
    const struct er_factor_piece *p = &f->plan.piece[piece];
    double *out = er_alloc(p->rows * p->columns, sizeof *out);
    if (out) f->engine->get(p, f->w, false, out);
    return out;
}

/* B or, with `triangle`, what is left of it (n' x width, n' = min(n, width)) when orthonormal columns are split off. */
static enum er_status chain(const struct er_factorisation *f, bool triangle, double **out, int64_t *rows,
                            struct er_error *err)
{
    const int64_t width = f->plan.width;
    enum er_status status = ER_OK;
    double *b = copy(f, 0);
    *rows = f->plan.n;
    if (!b) return no_memory(err);
    if (triangle && *rows > width) {
        status = er_qr_triangle(*rows, width, b, err);
        *rows = width;
    }
    for (int64_t i = 1; i < f->plan.depth - 1 && status == ER_OK; i++) {
        double *factor = copy(f, i), *next = er_alloc(*rows * width, sizeof *next);
        if (factor && next)
            er_matmul64(NULL, false, *rows, width, width, b, width, factor, width, next, width);
        else
            status = no_memory(err);
        er_free(b);
        er_free(factor);
        b = next;
    }
    if (status == ER_OK)
        *out = b;
    else
        er_free(b);
    return status;
}

enum er_status er_factor_sides(const struct er_factorisation *f, double **l, double **b, struct er_error *err)
{
    int64_t rows;
    double *side = copy(f, f->plan.depth - 1);
    if (!side) return no_memory(err);
    enum er_status status = chain(f, false, b, &rows, err);
    if (status == ER_OK)
        *l = side;
    else
        er_free(side);
    return status;
}

/* c (m x n) = a (m x k) b^T, b being n x k. */
static enum er_status times_transposed(int64_t m, int64_t n, int64_t k, const double *a, const double *b,
                                       double *c, struct er_error *err)
{
    double *turned = er_alloc(k * n, sizeof *turned);
    if (!turned) return no_memory(err);
    for (int64_t j = 0; j < n; j++)
        for (int64_t p = 0; p < k; p++) turned[p * n + j] = b[j * k + p];
    er_matmul64(NULL, false, m, n, k, a, k, turned, n, c, n);
    er_free(turned);
    return ER_OK;
}

enum er_status er_factorisation_product(const struct er_factorisation *f, double *w, struct er_error *err)
{
    const struct er_factor_plan *p = &f->plan;
    if (p->depth == 1) {
        er_factorisation_factor(f, 1, w);
        return ER_OK;
    }
    double *l, *b;
    enum er_status status = er_factor_sides(f, &l, &b, err);
    if (status != ER_OK) return status;
    status = p->turned ? times_transposed(p->n, p->m, p->width, b, l, w, err)
                       : times_transposed(p->m, p->n, p->width, l, b, w, err);
    er_free(l);
    er_free(b);
    return status;
}

ER_VECTOR
static double entry(const struct er_factor_plan *p, const double *l, const double *b, int64_t i, int64_t j)
{
    enum { LANES = 32 };
    const double *x = l + i * p->width, *y = b + j * p->width;
    const int64_t whole = p->width - p->width % LANES;
    double part[LANES] = {0}, sum = 0;
    for (int64_t k = 0; k < whole; k += LANES) {
#pragma omp simd
        for (int q = 0; q < LANES; q++) part[q] += x[k + q] * y[k + q];
    }
    for (int q = 0; q < LANES; q++) sum += part[q];
    for (int64_t k = whole; k < p->width; k++) sum += x[k] * y[k];
    return sum;
}

enum er_status er_factorisation_entries(const struct er_factorisation *f, const struct er_sparse *at,
                                        double *value, struct er_error *err)
{
    const struct er_factor_plan *p = &f->plan;
    double *l, *b = NULL;
    if (at->n > 0 && (at->rows != f->problem->rows || at->columns != f->problem->columns))
        return er_fail(err, ER_E_SHAPE, "factorise: entries of a matrix of %lld x %lld, not %lld x %lld",
                       (long long)at->rows, (long long)at->columns, (long long)f->problem->rows,
                       (long long)f->problem->columns);
    enum er_status status = ER_OK;
    if (p->depth > 1)
        status = er_factor_sides(f, &l, &b, err);
    else if (!(l = copy(f, 0)))
        status = no_memory(err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++) {
            const int64_t j = at->column[e];
            value[e] = !b ? l[i * p->n + j] : p->turned ? entry(p, l, b, j, i) : entry(p, l, b, i, j);
        }
    er_free(l);
    er_free(b);
    return ER_OK;
}

enum er_status er_factorisation_singular_values(const struct er_factorisation *f, double *s,
                                                struct er_error *err)
{
    const struct er_factor_plan *p = &f->plan;
    double *l = copy(f, p->depth - 1), *b = NULL, *w = NULL;
    int64_t rows = p->m, columns = p->n;
    if (!l) return no_memory(err);
    if (p->depth == 1) {
        enum er_status status = er_singular_values(rows, columns, l, s, err);
        er_free(l);
        return status;
    }
    enum er_status status = chain(f, true, &b, &columns, err);
    if (status == ER_OK && rows > p->width) {
        status = er_qr_triangle(rows, p->width, l, err);
        rows = p->width;
    }
    if (status == ER_OK) {
        w = er_alloc(rows * columns, sizeof *w);
        status = w ? times_transposed(rows, columns, p->width, l, b, w, err) : no_memory(err);
    }
    if (status == ER_OK) status = er_singular_values(rows, columns, w, s, err);
    er_free(l);
    er_free(b);
    er_free(w);
    return status;
}
