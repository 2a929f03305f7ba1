/* qr.c - a row-major m x n matrix is to LAPACK an n x m matrix by columns, its transpose: A = Q R is A^T = R^T Q^T there
 * (dgelqf, dorglq), and A = L Q is A^T = Q^T L^T (dgeqrf, dorgqr).
 */
#include "math/qr.h"

#include <ermine/memory.h>
#include <lapacke.h>

struct scratch {
    double *tau, *work;
    lapack_int n_work;
};

enum step { LQ, LQ_ROWS, QR, QR_COLUMNS };

static lapack_int call(enum step step, lapack_int rows, lapack_int columns, double *a,
                       const struct scratch *s)
{
    const lapack_int least = rows < columns ? rows : columns;
    if (step == LQ)
        return LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, rows, columns, a, rows, s->tau, s->work, s->n_work);
    if (step == QR)
        return LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, rows, columns, a, rows, s->tau, s->work, s->n_work);
    if (step == LQ_ROWS)
        return LAPACKE_dorglq_work(LAPACK_COL_MAJOR, least, columns, least, a, rows, s->tau, s->work,
                                   s->n_work);
    return LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, rows, columns, columns, a, rows, s->tau, s->work, s->n_work);
}

/* Asks for the scratch of a step, and does it. */
static enum er_status run(enum step step, int64_t rows, int64_t columns, double *a, double *tau,
                          struct er_error *err)
{
    double asked = 0;
    struct scratch s = {tau, &asked, -1};
    call(step, (lapack_int)rows, (lapack_int)columns, a, &s);
    s.n_work = (lapack_int)asked;
    s.work = er_alloc(s.n_work, sizeof *s.work);
    if (!s.work) return er_fail(err, ER_E_NOMEM, "orthogonal triangle: out of memory");
    call(step, (lapack_int)rows, (lapack_int)columns, a, &s);
    er_free(s.work);
    return ER_OK;
}

enum er_status er_qr_triangle(int64_t m, int64_t n, double *a, struct er_error *err)
{
    double *tau = er_alloc(n, sizeof *tau);
    if (!tau) return er_fail(err, ER_E_NOMEM, "orthogonal triangle: out of memory");
    const enum er_status status = run(LQ, n, m, a, tau, err);
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        for (int64_t j = 0; j < i; j++) a[i * n + j] = 0;
    er_free(tau);
    return status;
}

enum er_status er_qr_thin(int64_t m, int64_t n, double *a, double *r, struct er_error *err)
{
    const int64_t k = m < n ? m : n;
    double *tau = er_alloc(k, sizeof *tau);
    if (!tau) return er_fail(err, ER_E_NOMEM, "orthonormal columns: out of memory");
    enum er_status status = run(LQ, n, m, a, tau, err);
    for (int64_t i = 0; i < k && r; i++)
        for (int64_t j = 0; j < n; j++) r[i * n + j] = j < i ? 0 : a[i * n + j];
    if (status == ER_OK) status = run(LQ_ROWS, n, m, a, tau, err);
    er_free(tau);
    return status;
}

enum er_status er_qr_orthonormal(int64_t m, int64_t n, double *a, struct er_error *err)
{
    double *tau = er_alloc(2 * m, sizeof *tau);
    if (!tau) return er_fail(err, ER_E_NOMEM, "orthonormal rows: out of memory");
    double *sign = tau + m;
    enum er_status status = run(QR, n, m, a, tau, err);
    for (int64_t i = 0; i < m; i++) sign[i] = a[i * n + i] < 0 ? -1 : 1;
    if (status == ER_OK) status = run(QR_COLUMNS, n, m, a, tau, err);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) a[i * n + j] *= sign[i];
    er_free(tau);
    return status;
}
