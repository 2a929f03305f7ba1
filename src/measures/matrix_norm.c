/* matrix_norm.c - the largest singular value of a matrix of float32.
 *
 * With a side of 256 or less: the root of the largest eigenvalue of A A^T or A^T A in float64, whichever is smaller.
 * Squaring costs no accuracy at that end of the spectrum. Larger ones by products with A in float32 (er_operator_norm()),
 * to a relative error of 1e-6.
 */
#include "measures/layer_norms.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/spectrum.h>
#include <lapacke.h>
#include <math.h>

static const double TOLERANCE = 1e-6;
enum { SIDE = 256, APPLIES = 2000 };

struct matrix {
    int64_t rows, columns;
    const float *a;
};

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct matrix *m = ctx;
    (void)err;
    cblas_sgemv(CblasRowMajor, CblasNoTrans, (blasint)m->rows, (blasint)m->columns, 1, m->a,
                (blasint)m->columns, v, 1, 0, out, 1);
    return ER_OK;
}

static enum er_status apply_transposed(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct matrix *m = ctx;
    (void)err;
    cblas_sgemv(CblasRowMajor, CblasTrans, (blasint)m->rows, (blasint)m->columns, 1, m->a,
                (blasint)m->columns, v, 1, 0, out, 1);
    return ER_OK;
}

/* The largest eigenvalue of the symmetric n x n matrix g, which is overwritten. */
static enum er_status largest(int64_t n, double *g, double *out, struct er_error *err)
{
    double *value = er_alloc(n, sizeof *value);
    lapack_int found = 0, support[2], info = -1;
    if (!value) return er_fail(err, ER_E_NOMEM, "norm: out of memory for %lld eigenvalues", (long long)n);
    info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'N', 'I', 'U', (lapack_int)n, g, (lapack_int)n, 0, 0,
                          (lapack_int)n, (lapack_int)n, 0, &found, value, NULL, 1, support);
    *out = value[0];
    er_free(value);
    if (info == LAPACK_WORK_MEMORY_ERROR) return er_fail(err, ER_E_NOMEM, "norm: out of memory");
    return info == 0 && found == 1
               ? ER_OK
               : er_fail(err, ER_E_NONFINITE, "norm: no eigenvalues of a matrix were found");
}

static enum er_status by_gram(int64_t rows, int64_t columns, const float *a, double *out,
                              struct er_error *err)
{
    const bool wide = columns > rows;
    const int64_t n = wide ? rows : columns;
    double *copy = er_alloc(rows * columns, sizeof *copy), *g = er_alloc(n * n, sizeof *g);
    enum er_status status = ER_E_NOMEM;
    double square = 0;
    if (copy && g) {
        for (int64_t i = 0; i < rows * columns; i++) copy[i] = (double)a[i];
        cblas_dsyrk(CblasRowMajor, CblasLower, wide ? CblasNoTrans : CblasTrans, (blasint)n,
                    (blasint)(wide ? columns : rows), 1, copy, (blasint)columns, 0, g, (blasint)n);
        status = largest(n, g, &square, err);
    } else {
        er_fail(err, status, "norm: out of memory for a matrix of %lld x %lld", (long long)rows,
                (long long)columns);
    }
    er_free(copy);
    er_free(g);
    if (status == ER_OK) *out = sqrt(fmax(square, 0));
    return status;
}

enum er_status er_matrix_spectral_norm(int64_t rows, int64_t columns, const float *a, double *out,
                                       struct er_error *err)
{
    struct matrix m = {rows, columns, a};
    const struct er_linear_map map = {
        .rows = rows, .columns = columns, .ctx = &m, .apply = apply, .apply_transposed = apply_transposed};
    for (int64_t i = 0; i < rows * columns; i++)
        if (!isfinite((double)a[i])) return er_fail(err, ER_E_NONFINITE, "norm: a weight is not finite");
    if (rows <= SIDE || columns <= SIDE) return by_gram(rows, columns, a, out, err);
    return er_operator_norm(&map, TOLERANCE, APPLIES, 0, er_stream(ER_PURPOSE_PROBES, 0), out, NULL, err);
}
