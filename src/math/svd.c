/* svd.c - see svd.h. A row-major matrix is its transpose to LAPACK: A^T = V S U^T, whose first factor, n x k by columns,
 * is V^T by rows, and whose last, k x m by columns, is U by rows.
 */
#include "math/svd.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct er_svd {
    int64_t m, n, k;
    double *a, *work; /* the copy that is spoilt; LAPACK's scratch */
    lapack_int *order, n_work;
};

/* LAPACK's scratch in doubles, generous to its blocks: dgesdd's own formula for the job. */
static double scratch(int64_t m, int64_t n, bool vectors)
{
    const double k = (double)(m < n ? m : n), most = (double)(m < n ? n : m);
    return vectors ? 4 * k * k + 7 * k + 64 * (most + k) : 7 * k + most + 64 * (most + k);
}

double er_svd_bytes(int64_t m, int64_t n, bool vectors)
{
    return ((double)m * (double)n + scratch(m, n, vectors)) * sizeof(double);
}

enum er_status er_svd_new(int64_t m, int64_t n, bool vectors, struct er_svd **out, struct er_error *err)
{
    if (m < 1 || n < 1)
        return er_fail(err, ER_E_SHAPE, "singular values: a matrix of %" PRId64 " x %" PRId64 " is empty", m,
                       n);
    if (scratch(m, n, vectors) > INT32_MAX || (double)m * (double)n > INT32_MAX)
        return er_fail(err, ER_E_LIMIT,
                       "singular values: %" PRId64 " x %" PRId64 " does not fit LAPACK's 32 bit sizes", m, n);
    struct er_svd *svd = er_alloc(1, sizeof *svd);
    if (!svd) goto no_memory;
    *svd = (struct er_svd){.m = m, .n = n, .k = m < n ? m : n};
    svd->n_work = (lapack_int)scratch(m, n, vectors);
    svd->a = er_alloc(m * n, sizeof *svd->a);
    svd->work = er_alloc(svd->n_work, sizeof *svd->work);
    svd->order = er_alloc(8 * svd->k, sizeof *svd->order);
    if (!svd->a || !svd->work || !svd->order) goto no_memory;
    *out = svd;
    return ER_OK;
no_memory:
    er_svd_free(svd);
    return er_fail(err, ER_E_NOMEM, "singular values: out of memory for %" PRId64 " x %" PRId64, m, n);
}

void er_svd_free(struct er_svd *svd)
{
    if (!svd) return;
    er_free(svd->a);
    er_free(svd->work);
    er_free(svd->order);
    er_free(svd);
}

static enum er_status decompose(struct er_svd *svd, const double *a, char job, double *s, double *u,
                                double *vt, struct er_error *err)
{
    const int64_t size = svd->m * svd->n;
    for (int64_t i = 0; i < size; i++) /* LAPACK might go on for ever with what is no number */
        if (!isfinite(a[i]))
            return er_fail(err, ER_E_NONFINITE,
                           "singular values: row %" PRId64 ", column %" PRId64 " of the matrix is %g",
                           i / svd->n, i % svd->n, a[i]);
    memcpy(svd->a, a, (size_t)size * sizeof *a);
    const lapack_int m = (lapack_int)svd->m, n = (lapack_int)svd->n, k = (lapack_int)svd->k;
    const lapack_int info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, n, m, svd->a, n, s, vt, n, u, k,
                                                svd->work, svd->n_work, svd->order);
    if (info == 0) return ER_OK;
    return er_fail(err, ER_E_NONFINITE,
                   "singular values of %" PRId64 " x %" PRId64 ": did not converge (dgesdd %d)", svd->m,
                   svd->n, (int)info);
}

enum er_status er_svd_values(struct er_svd *svd, const double *a, double *s, struct er_error *err)
{
    return decompose(svd, a, 'N', s, NULL, NULL, err);
}

enum er_status er_svd_vectors(struct er_svd *svd, const double *a, double *s, double *u, double *vt,
                              struct er_error *err)
{
    return decompose(svd, a, 'S', s, u, vt, err);
}
