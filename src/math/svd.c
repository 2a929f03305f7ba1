/* svd.c - see svd.h. A row-major A is A^T = V S U^T to LAPACK, whose U is our V^T and whose V^T is our U, as they lie. */
#include "math/svd.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct er_svd {
    int64_t m, n, r;
    bool vectors;
    lapack_int n_work, *iwork;
    double *a, *work;
};

static lapack_int decompose(const struct er_svd *d, double *u, double *s, double *vt, double *work,
                            lapack_int n_work)
{
    const lapack_int m = (lapack_int)d->m, n = (lapack_int)d->n, r = (lapack_int)d->r;
    return LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, d->vectors ? 'S' : 'N', n, m, d->a, n, s, vt,
                               d->vectors ? n : 1, u, d->vectors ? r : 1, work, n_work, d->iwork);
}

enum er_status er_svd_new(int64_t m, int64_t n, bool vectors, struct er_svd **out, struct er_error *err)
{
    enum { MOST = 1 << 30 };
    if (m < 1 || n < 1 || m > MOST || n > MOST)
        return er_fail(err, ER_E_SHAPE,
                       "singular values: a matrix of %" PRId64 " x %" PRId64 "; sides are 1 to %d", m, n,
                       MOST);
    struct er_svd *d = er_alloc(1, sizeof *d);
    double asked = 0, none = 0;
    if (!d) return er_fail(err, ER_E_NOMEM, "singular values: out of memory");
    *d = (struct er_svd){.m = m, .n = n, .r = m < n ? m : n, .vectors = vectors};
    d->a = er_alloc(m * n, sizeof *d->a);
    d->iwork = er_alloc(8 * d->r, sizeof *d->iwork);
    if (d->a && d->iwork && decompose(d, &none, &none, &none, &asked, -1) == 0) {
        d->n_work = (lapack_int)asked;
        d->work = er_alloc(d->n_work, sizeof *d->work);
    }
    if (!d->work) {
        er_svd_free(d);
        return er_fail(err, ER_E_NOMEM,
                       "singular values: out of memory for a matrix of %" PRId64 " x %" PRId64, m, n);
    }
    *out = d;
    return ER_OK;
}

enum er_status er_svd_of(struct er_svd *d, const double *a, double *u, double *s, double *vt,
                         struct er_error *err)
{
    double none = 0;
    for (int64_t i = 0; i < d->m * d->n; i++)
        if (!isfinite(a[i]))
            return er_fail(err, ER_E_NONFINITE,
                           "singular values: row %" PRId64 ", column %" PRId64 " of the matrix is %g",
                           i / d->n, i % d->n, a[i]);
    memcpy(d->a, a, (size_t)(d->m * d->n) * sizeof *a);
    if (decompose(d, d->vectors ? u : &none, s, d->vectors ? vt : &none, d->work, d->n_work) != 0)
        return er_fail(err, ER_E_NONFINITE,
                       "singular values: those of a %" PRId64 " x %" PRId64 " matrix did not converge", d->m,
                       d->n);
    return ER_OK;
}

void er_svd_free(struct er_svd *d)
{
    if (!d) return;
    er_free(d->a);
    er_free(d->iwork);
    er_free(d->work);
    er_free(d);
}
