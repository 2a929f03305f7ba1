/* matrix_norm.c - the largest singular value of a matrix.
 *
 * With a side of 256 or less: the root of the largest eigenvalue of A A^T or A^T A in float64, whichever is smaller.
 * Squaring costs no accuracy at that end of the spectrum. Larger ones by products with A (er_operator_norm()), in
 * float64 on vectors of float32, to a relative error of 1e-6.
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
    const double *a;
    double *in, *out; /* a vector, and its product: of the larger side each */
};

static enum er_status multiply(const struct matrix *m, bool transposed, const float *v, float *out)
{
    const int64_t n = transposed ? m->rows : m->columns, n_out = transposed ? m->columns : m->rows;
    for (int64_t i = 0; i < n; i++) m->in[i] = (double)v[i];
    cblas_dgemv(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, (blasint)m->rows, (blasint)m->columns,
                1, m->a, (blasint)m->columns, m->in, 1, 0, m->out, 1);
    for (int64_t i = 0; i < n_out; i++) out[i] = (float)m->out[i];
    return ER_OK;
}

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    return multiply(ctx, false, v, out);
}

static enum er_status apply_transposed(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    return multiply(ctx, true, v, out);
}

static enum er_status by_products(struct matrix *m, double *out, struct er_error *err)
{
    const int64_t longer = m->rows > m->columns ? m->rows : m->columns;
    const struct er_linear_map map = {.rows = m->rows,
                                      .columns = m->columns,
                                      .ctx = m,
                                      .apply = apply,
                                      .apply_transposed = apply_transposed};
    m->in = er_alloc(2 * longer, sizeof *m->in);
    if (!m->in) return er_fail(err, ER_E_NOMEM, "norm: out of memory for vectors of %lld", (long long)longer);
    m->out = m->in + longer;
    const enum er_status status =
        er_operator_norm(&map, TOLERANCE, APPLIES, 0, er_stream(ER_PURPOSE_PROBES, 0), out, NULL, err);
    er_free(m->in);
    return status;
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

static enum er_status by_gram(int64_t rows, int64_t columns, const double *a, double *out,
                              struct er_error *err)
{
    const bool wide = columns > rows;
    const int64_t n = wide ? rows : columns;
    double square = 0, *g = er_alloc(n * n, sizeof *g);
    if (!g)
        return er_fail(err, ER_E_NOMEM, "norm: out of memory for a matrix of %lld x %lld", (long long)n,
                       (long long)n);
    cblas_dsyrk(CblasRowMajor, CblasLower, wide ? CblasNoTrans : CblasTrans, (blasint)n,
                (blasint)(wide ? columns : rows), 1, a, (blasint)columns, 0, g, (blasint)n);
    const enum er_status status = largest(n, g, &square, err);
    er_free(g);
    if (status == ER_OK) *out = sqrt(fmax(square, 0));
    return status;
}

enum er_status er_matrix_spectral_norm(int64_t rows, int64_t columns, const double *a, double *out,
                                       struct er_error *err)
{
    struct matrix m = {.rows = rows, .columns = columns, .a = a};
    for (int64_t i = 0; i < rows * columns; i++)
        if (!isfinite(a[i])) return er_fail(err, ER_E_NONFINITE, "norm: a weight is not finite");
    return rows <= SIDE || columns <= SIDE ? by_gram(rows, columns, a, out, err) : by_products(&m, out, err);
}
