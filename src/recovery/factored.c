/* factored.c - a matrix by its two factors: entries, errors, and the whole. */
#include <ermine/factored.h>

#include "recovery/sparse_pass.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

void er_factored_clear(struct er_factored *x)
{
    er_free(x->left);
    er_free(x->right);
    *x = (struct er_factored){0};
}

void er_factored_entries(const struct er_factored *x, const struct er_sparse *at, double *value,
                         struct er_pool *pool)
{
    er_sparse_misfit(at, x->rank, x->left, x->right, NULL, value, pool);
}

enum er_status er_factored_error(const struct er_factored *x, const struct er_sparse *at, double *error,
                                 struct er_pool *pool, struct er_error *err)
{
    if (at->n > 0 && (at->rows != x->rows || at->columns != x->columns))
        return er_fail(err, ER_E_SHAPE,
                       "error of a matrix of %" PRId64 " x %" PRId64 ": the entries are of one of %" PRId64
                       " x %" PRId64,
                       x->rows, x->columns, at->rows, at->columns);
    double *is = er_alloc(at->n, sizeof *is);
    if (!is)
        return er_fail(err, ER_E_NOMEM, "error of a matrix: out of memory for %" PRId64 " entries", at->n);
    if (at->n > 0) er_factored_entries(x, at, is, pool);
    *error = er_sparse_mean_square(at, is);
    er_free(is);
    return ER_OK;
}

void er_factored_dense(const struct er_factored *x, double *w)
{
    if (x->rank == 0)
        memset(w, 0, (size_t)(x->rows * x->columns) * sizeof *w);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)x->rows, (blasint)x->columns,
                    (blasint)x->rank, 1, x->left, (blasint)x->rank, x->right, (blasint)x->rank, 0, w,
                    (blasint)x->columns);
}

enum er_status er_factored_copy(const struct er_factored *x, struct er_factored *out, struct er_error *err)
{
    struct er_factored copy = *x;
    copy.left = er_alloc(x->rows * x->rank, sizeof *copy.left);
    copy.right = er_alloc(x->columns * x->rank, sizeof *copy.right);
    if (!copy.left || !copy.right) {
        er_factored_clear(&copy);
        return er_fail(err, ER_E_NOMEM, "copy of a matrix: out of memory for rank %" PRId64, x->rank);
    }
    if (x->rank > 0) {
        memcpy(copy.left, x->left, (size_t)(x->rows * x->rank) * sizeof *copy.left);
        memcpy(copy.right, x->right, (size_t)(x->columns * x->rank) * sizeof *copy.right);
    }
    *out = copy;
    return ER_OK;
}
