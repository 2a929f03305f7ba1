/* least_squares.c - see least_squares.h.
 *
 * A row-major matrix is its transpose to LAPACK, so everything here is said of A^T (n x m, columns of length
 * n):
 *
 *     tall A (m >= n):  A^T = T Q     (dgelqf)    A x = b  <=>  T^T x = Q b
 *     wide A (m <  n):  A^T = Q T     (dgeqrf)    x = Q y,      T^T y = b
 *
 * Of full rank and without ridge, T^T y = c is solved as it stands. Else T = P S W^T (dgesdd), and y = P
 * f(S) W^T c. Solutions are rows for LAPACK too: y^T = c^T T^-1, or c^T W f(S) P^T, from the right.
 */
#include "math/least_squares.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

struct er_least_squares {
    int64_t m, n, r;
    double *q, *tau;    /* the reflections, as dgelqf and dgeqrf leave them in the place of A^T */
    double *s, *p, *wt; /* singular values; vectors, NULL until they are needed */
    double cut_off;
    int64_t rank;
};

static bool is_tall(const struct er_least_squares *f)
{
    return f->m >= f->n;
}

/* What LAPACK may ask for as scratch, taken through er_alloc(). */
static double *workspace(double asked, lapack_int *n)
{
    *n = (lapack_int)asked;
    return er_alloc(*n, sizeof(double));
}

static enum er_status no_memory(const struct er_least_squares *f, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "least squares: out of memory for a matrix of %" PRId64 " x %" PRId64,
                   f->m, f->n);
}

/* f->q: A^T -> reflections and the triangle. */
static enum er_status reflect(struct er_least_squares *f, struct er_error *err)
{
    const lapack_int n = (lapack_int)f->n, m = (lapack_int)f->m;
    lapack_int n_work = -1;
    double asked = 0, *work = &asked;
    for (int pass = 0; pass < 2; pass++) {
        const lapack_int info =
            is_tall(f) ? LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, n, m, f->q, n, f->tau, work, n_work)
                       : LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, n, m, f->q, n, f->tau, work, n_work);
        if (pass > 0) break;
        if (info != 0)
            return er_fail(err, ER_E_USAGE, "least squares: LAPACK refuses argument %d", (int)-info);
        work = workspace(asked, &n_work);
        if (!work) return no_memory(f, err);
    }
    er_free(work);
    return ER_OK;
}

/* The triangle T, r x r, in zeroed memory. */
static void take_triangle(const struct er_least_squares *f, double *t)
{
    for (int64_t j = 0; j < f->r; j++) {
        const int64_t from = is_tall(f) ? j : 0, to = is_tall(f) ? f->r : j + 1;
        memcpy(t + j * f->r + from, f->q + j * f->n + from, (size_t)(to - from) * sizeof *t);
    }
}

/* The singular values of the triangle, and with `vectors` P and W^T. */
static enum er_status decompose(struct er_least_squares *f, bool vectors, struct er_error *err)
{
    const lapack_int r = (lapack_int)f->r;
    double *t = er_alloc(f->r * f->r, sizeof *t), asked = 0, *work = &asked;
    lapack_int *iwork = er_alloc(8 * f->r, sizeof *iwork), n_work = -1, info = 0;
    enum er_status status = ER_OK;
    if (!t || !iwork) {
        er_free(t);
        er_free(iwork);
        return no_memory(f, err);
    }
    take_triangle(f, t);
    for (int pass = 0; pass < 2 && status == ER_OK; pass++) {
        info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, vectors ? 'A' : 'N', r, r, t, r, f->s, f->p, r, f->wt, r,
                                   work, n_work, iwork);
        if (pass > 0 || info != 0) break;
        work = workspace(asked, &n_work);
        if (!work) status = no_memory(f, err);
    }
    if (status == ER_OK && info != 0)
        status = er_fail(err, ER_E_NONFINITE,
                         "least squares: the singular values of a %" PRId64 " x %" PRId64
                         " matrix did not converge",
                         f->m, f->n);
    if (work != &asked) er_free(work);
    er_free(iwork);
    er_free(t);
    return status;
}

static enum er_status find_vectors(struct er_least_squares *f, struct er_error *err)
{
    if (f->p && f->wt) return ER_OK;
    f->p = er_alloc(f->r * f->r, sizeof *f->p);
    f->wt = er_alloc(f->r * f->r, sizeof *f->wt);
    enum er_status status = f->p && f->wt ? decompose(f, true, err) : no_memory(f, err);
    if (status == ER_OK) return ER_OK;
    er_free(f->p);
    er_free(f->wt);
    f->p = f->wt = NULL;
    return status;
}

static enum er_status check(int64_t m, int64_t n, const double *a, double cut_off, struct er_error *err)
{
    if (m < 1 || n < 1)
        return er_fail(err, ER_E_USAGE, "least squares: a matrix of %" PRId64 " x %" PRId64 " is empty", m,
                       n);
    if (!(cut_off >= 0 && cut_off < 1))
        return er_fail(err, ER_E_USAGE, "least squares: the cut-off must be in [0, 1), got %g", cut_off);
    if (m > INT_MAX / 2 || n > INT_MAX / 2 || (m < n ? m : n) > 20000)
        return er_fail(err, ER_E_LIMIT,
                       "least squares: a matrix of %" PRId64 " x %" PRId64
                       " is too large; its smaller side may be 20000",
                       m, n);
    for (int64_t i = 0; i < m * n; i++)
        if (!isfinite(a[i]))
            return er_fail(err, ER_E_NONFINITE,
                           "least squares: row %" PRId64 ", column %" PRId64 " of the matrix is %g", i / n,
                           i % n, a[i]);
    return ER_OK;
}

enum er_status er_least_squares_new(int64_t m, int64_t n, const double *a, double cut_off,
                                    struct er_least_squares **out, struct er_error *err)
{
    enum er_status status = check(m, n, a, cut_off, err);
    if (status != ER_OK) return status;
    struct er_least_squares *f = er_alloc(1, sizeof *f);
    if (!f) return er_fail(err, ER_E_NOMEM, "least squares: out of memory");
    *f = (struct er_least_squares){.m = m, .n = n, .r = m < n ? m : n, .cut_off = cut_off};
    f->q = er_alloc(m * n, sizeof *f->q);
    f->tau = er_alloc(f->r, sizeof *f->tau);
    f->s = er_alloc(f->r, sizeof *f->s);
    if (!f->q || !f->tau || !f->s) {
        status = no_memory(f, err);
        er_least_squares_free(f);
        return status;
    }
    memcpy(f->q, a, (size_t)(m * n) * sizeof *a);
    status = reflect(f, err);
    if (status == ER_OK) status = decompose(f, false, err);
    if (status != ER_OK) {
        er_least_squares_free(f);
        return status;
    }
    while (f->rank < f->r && f->s[f->rank] > cut_off * f->s[0]) f->rank++;
    *out = f;
    return ER_OK;
}

int64_t er_least_squares_rank(const struct er_least_squares *f)
{
    return f->rank;
}

double er_least_squares_condition(const struct er_least_squares *f)
{
    const double least = f->s[f->r - 1];
    return least > 0 ? f->s[0] / least : (double)INFINITY;
}

double er_least_squares_norm(const struct er_least_squares *f)
{
    return f->s[0];
}

/* c (k x as many columns as Q has rows, a column-major array) <- c Q or c Q^T. */
static enum er_status turn(struct er_least_squares *f, int64_t k, double *c, bool transposed,
                           struct er_error *err)
{
    const char trans = transposed ? 'T' : 'N';
    const lapack_int rows = (lapack_int)k, n = (lapack_int)f->n, m = (lapack_int)f->m;
    lapack_int n_work = -1;
    double asked = 0, *work = &asked;
    for (int pass = 0; pass < 2; pass++) {
        if (is_tall(f))
            LAPACKE_dormlq_work(LAPACK_COL_MAJOR, 'R', trans, rows, m, n, f->q, n, f->tau, c, rows, work,
                                n_work);
        else
            LAPACKE_dormqr_work(LAPACK_COL_MAJOR, 'R', trans, rows, n, m, f->q, n, f->tau, c, rows, work,
                                n_work);
        if (pass > 0) break;
        work = workspace(asked, &n_work);
        if (!work) return no_memory(f, err);
    }
    er_free(work);
    return ER_OK;
}

/* out (k x r) = in (k x r) X^T or X, for a square X of order r, all column-major. */
static void multiply(const struct er_least_squares *f, int64_t k, const double *in, const double *x,
                     bool transposed, double *out)
{
    cblas_dgemm(CblasColMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, (blasint)k,
                (blasint)f->r, (blasint)f->r, 1, in, (blasint)k, x, (blasint)f->r, 0, out, (blasint)k);
}

/* c (k x r) <- c T^-1 */
static void solve_triangle(const struct er_least_squares *f, int64_t k, double *c)
{
    cblas_dtrsm(CblasColMajor, CblasRight, is_tall(f) ? CblasLower : CblasUpper, CblasNoTrans, CblasNonUnit,
                (blasint)k, (blasint)f->r, 1, f->q, (blasint)f->n, c, (blasint)k);
}

/* c (k x r) <- c W f(S) P^T */
static enum er_status filter(struct er_least_squares *f, int64_t k, double ridge, double *c,
                             struct er_error *err)
{
    enum er_status status = find_vectors(f, err);
    double *y = status == ER_OK ? er_alloc(f->r * k, sizeof *y) : NULL;
    if (!y) return status == ER_OK ? no_memory(f, err) : status;
    multiply(f, k, c, f->wt, true, y);
    for (int64_t i = 0; i < f->r; i++) {
        const double gain = i < f->rank ? f->s[i] / (f->s[i] * f->s[i] + ridge) : 0;
        for (int64_t j = 0; j < k; j++) y[i * k + j] *= gain;
    }
    multiply(f, k, y, f->p, true, c);
    er_free(y);
    return ER_OK;
}

enum er_status er_least_squares_solve(struct er_least_squares *f, int64_t k, const double *b, double ridge,
                                      double *x, struct er_error *err)
{
    if (k < 1 || k > INT_MAX / 2 || !(ridge >= 0))
        return er_fail(err, ER_E_USAGE, "least squares: %" PRId64 " right sides and a ridge of %g", k, ridge);
    const int64_t longer = f->m > f->n ? f->m : f->n;
    double *c = er_alloc(longer * k, sizeof *c);
    enum er_status status = ER_OK;
    if (!c) return no_memory(f, err);
    memcpy(c, b, (size_t)(f->m * k) * sizeof *c);
    if (is_tall(f)) status = turn(f, k, c, true, err);
    if (status == ER_OK && ridge == 0 && f->rank == f->r)
        solve_triangle(f, k, c);
    else if (status == ER_OK)
        status = filter(f, k, ridge, c, err);
    if (status == ER_OK) {
        memset(c + f->r * k, 0, (size_t)((longer - f->r) * k) * sizeof *c);
        if (!is_tall(f)) status = turn(f, k, c, true, err);
    }
    if (status == ER_OK) memcpy(x, c, (size_t)(f->n * k) * sizeof *x);
    er_free(c);
    return status;
}

/* What A sees of z are its first `rank` coordinates in the basis Q P. */
enum er_status er_least_squares_null(struct er_least_squares *f, int64_t k, double *z, struct er_error *err)
{
    const bool full = f->rank == f->r;
    enum er_status status = full ? ER_OK : find_vectors(f, err);
    double *y = er_alloc(f->r * k, sizeof *y);
    if (!y) return status == ER_OK ? no_memory(f, err) : status;
    if (status == ER_OK && !is_tall(f)) status = turn(f, k, z, false, err);
    if (status == ER_OK && full) memset(z, 0, (size_t)(f->r * k) * sizeof *z);
    if (status == ER_OK && !full) {
        multiply(f, k, z, f->p, false, y);
        memset(y, 0, (size_t)(f->rank * k) * sizeof *y);
        multiply(f, k, y, f->p, true, z);
    }
    if (status == ER_OK && !is_tall(f)) status = turn(f, k, z, true, err);
    er_free(y);
    return status;
}

void er_least_squares_free(struct er_least_squares *f)
{
    if (!f) return;
    er_free(f->q);
    er_free(f->tau);
    er_free(f->s);
    er_free(f->p);
    er_free(f->wt);
    er_free(f);
}
