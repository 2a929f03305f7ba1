/* factor_read.c - W and its singular values, in float64 from the factors as they are. */
#include "math/matmul.h"
#include "math/qr.h"
#include "recovery/factor.h"
#include "recovery/sparse_pass.h"

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

/* B or, with `triangle`, what is left of it (n' x width, n' = min(n, width)) when orthonormal columns are split off; NULL:
 * out of memory, the one thing that can go wrong. */
static double *chain(const struct er_factorisation *f, bool triangle, int64_t *rows)
{
    const int64_t width = f->plan.width;
    double *b = copy(f, 0);
    *rows = f->plan.n;
    if (b && triangle && *rows > width) {
        if (er_qr_triangle(*rows, width, b, NULL) != ER_OK) {
            er_free(b);
            return NULL;
        }
        *rows = width;
    }
    for (int64_t i = 1; i < f->plan.depth - 1 && b; i++) {
        double *factor = copy(f, i), *next = er_alloc(*rows * width, sizeof *next);
        if (factor && next) {
            er_matmul64(NULL, false, *rows, width, width, b, width, factor, width, next, width);
        } else {
            er_free(next);
            next = NULL;
        }
        er_free(b);
        er_free(factor);
        b = next;
    }
    return b;
}

/* c (m x n) = a (m x k) b^T, b being n x k; false: out of memory. */
static bool times_transposed(int64_t m, int64_t n, int64_t k, const double *a, const double *b, double *c)
{
    double *turned = er_alloc(k * n, sizeof *turned);
    if (!turned) return false;
    for (int64_t j = 0; j < n; j++)
        for (int64_t p = 0; p < k; p++) turned[p * n + j] = b[j * k + p];
    er_matmul64(NULL, false, m, n, k, a, k, turned, n, c, n);
    er_free(turned);
    return true;
}

enum er_status er_factorisation_product(const struct er_factorisation *f, double *w, struct er_error *err)
{
    const struct er_factor_plan *p = &f->plan;
    if (p->depth == 1) {
        er_factorisation_factor(f, 1, w);
        return ER_OK;
    }
    int64_t rows;
    double *l = copy(f, p->depth - 1), *b = chain(f, false, &rows);
    const bool made = l && b &&
                      (p->turned ? times_transposed(p->n, p->m, p->width, b, l, w)
                                 : times_transposed(p->m, p->n, p->width, l, b, w));
    er_free(l);
    er_free(b);
    return made ? ER_OK : no_memory(err);
}

static double entry(const struct er_factor_plan *p, const double *l, const double *b, int64_t i, int64_t j)
{
    return er_sparse_dot(p->width, l + i * p->width, b + j * p->width);
}

enum er_status er_factorisation_entries(const struct er_factorisation *f, const struct er_sparse *at,
                                        double *value, struct er_error *err)
{
    const struct er_factor_plan *p = &f->plan;
    if (at->n > 0 && (at->rows != f->problem->rows || at->columns != f->problem->columns))
        return er_fail(err, ER_E_SHAPE, "factorise: entries of a matrix of %lld x %lld, not %lld x %lld",
                       (long long)at->rows, (long long)at->columns, (long long)f->problem->rows,
                       (long long)f->problem->columns);
    int64_t rows;
    double *l = copy(f, p->depth - 1), *b = p->depth > 1 ? chain(f, false, &rows) : NULL;
    const bool made = l && (b || p->depth == 1);
    for (int64_t i = 0; i < at->rows && made; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++) {
            const int64_t j = at->column[e];
            value[e] = !b ? l[i * p->n + j] : p->turned ? entry(p, l, b, j, i) : entry(p, l, b, i, j);
        }
    er_free(l);
    er_free(b);
    return made ? ER_OK : no_memory(err);
}

/* A matrix with the singular values of W, no larger than the factors: L's triangle, or L, by B's transposed. */
static double *small(const struct er_factorisation *f, int64_t *rows, int64_t *columns)
{
    const struct er_factor_plan *p = &f->plan;
    double *l = copy(f, p->depth - 1), *b, *w = NULL;
    *rows = p->m;
    *columns = p->n;
    if (p->depth == 1) return l;
    b = chain(f, true, columns);
    bool made = l && b;
    if (made && *rows > p->width) {
        made = er_qr_triangle(*rows, p->width, l, NULL) == ER_OK;
        *rows = p->width;
    }
    if (made) w = er_alloc(*rows * *columns, sizeof *w);
    if (w && !times_transposed(*rows, *columns, p->width, l, b, w)) {
        er_free(w);
        w = NULL;
    }
    er_free(l);
    er_free(b);
    return w;
}

enum er_status er_factorisation_singular_values(const struct er_factorisation *f, double *s,
                                                struct er_error *err)
{
    int64_t rows, columns;
    double *w = small(f, &rows, &columns);
    const enum er_status status = w ? er_singular_values(rows, columns, w, s, err) : no_memory(err);
    er_free(w);
    return status;
}
