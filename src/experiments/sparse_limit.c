/* sparse_limit.c - see sparse_limit.h.
 *
 *     grad G = X w - y,   hess G = X diag(h) X^T,  h = 2 alpha^2 cosh(X^T nu)
 */
#include "experiments/sparse_limit.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static const double ARRIVED = 1e-13, EXACT = 1e-9, ENOUGH = 1e-4;

/* A promise below so much of |G| is of a place where Newton's steps need no search, and where G has no digits for one. */
static const double CLOSE = 1e-9;

enum { MOST_STEPS = 500, MOST_HALVINGS = 60 };

struct newton {
    const struct er_sparse_problem *p;
    double alpha2;       /* 2 alpha^2 */
    double *w, *h, *z;   /* d; z = X^T nu */
    double *nu, *trial;  /* n */
    double *slope;       /* n: grad G, then the step */
    double *hess, *half; /* n x n, n x d */
};

/* G at nu less its value at 0, with z = X^T nu: cosh z - 1 = 2 sinh(z / 2)^2 keeps its digits where z is small. */
static double value_at(struct newton *s, const double *nu)
{
    const struct er_sparse_problem *p = s->p;
    double sum = 0;
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)p->n, (blasint)p->d, 1, p->x, (blasint)p->d, nu, 1, 0,
                s->z, 1);
    for (int64_t j = 0; j < p->d; j++) {
        const double half = sinh(s->z[j] / 2);
        sum += 2 * s->alpha2 * half * half;
    }
    return sum - cblas_ddot((blasint)p->n, p->y, 1, nu, 1);
}

/* w and h at the present z. */
static void fill(struct newton *s)
{
    for (int64_t j = 0; j < s->p->d; j++) {
        s->w[j] = s->alpha2 * sinh(s->z[j]);
        s->h[j] = s->alpha2 * cosh(s->z[j]);
    }
}

/* slope <- hess^-1 slope. False: the matrix is not positive definite to rounding. */
static bool solve(struct newton *s)
{
    const struct er_sparse_problem *p = s->p;
    const blasint n = (blasint)p->n, d = (blasint)p->d;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < d; j++) s->half[i * d + j] = p->x[i * d + j] * sqrt(s->h[j]);
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, n, d, 1, s->half, d, 0, s->hess, n);
    /* the upper triangle of rows is the lower one of columns */
    return LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'L', n, 1, s->hess, n, s->slope, n) == 0;
}

/* One step, halved until G falls by a share of what the slope promises. False: it does not. */
static bool step_once(struct newton *s, double *value)
{
    double part = 1;
    const blasint n = (blasint)s->p->n;
    memcpy(s->trial, s->slope, (size_t)n * sizeof *s->trial);
    if (!solve(s)) return false;
    const double promised = cblas_ddot(n, s->trial, 1, s->slope, 1);
    for (int k = 0; k < MOST_HALVINGS; k++) {
        for (blasint i = 0; i < n; i++) s->trial[i] = s->nu[i] - part * s->slope[i];
        const double here = value_at(s, s->trial), enough = *value - ENOUGH * part * promised;
        part /= 2;
        if (promised > CLOSE * fabs(*value) && !(here <= enough)) continue;
        *value = here;
        memcpy(s->nu, s->trial, (size_t)n * sizeof *s->nu);
        return true;
    }
    value_at(s, s->nu); /* z of where we are */
    return false;
}

enum er_status er_sparse_limit(const struct er_sparse_problem *problem, double alpha, double *w, bool *exact,
                               struct er_error *err)
{
    const int64_t n = problem->n, d = problem->d;
    double *block = er_alloc(2 * d + 3 * n + n * n + n * d, sizeof *block);
    if (!block)
        return er_fail(err, ER_E_NOMEM, "sparse: out of memory for the limit of %" PRId64 " weights", d);
    struct newton s = {.p = problem,
                       .alpha2 = 2 * alpha * alpha,
                       .w = w,
                       .h = block,
                       .z = block + d,
                       .nu = block + 2 * d,
                       .trial = block + 2 * d + n,
                       .slope = block + 2 * d + 2 * n,
                       .hess = block + 2 * d + 3 * n,
                       .half = block + 2 * d + 3 * n + n * n};
    const double scale = cblas_dnrm2((blasint)n, problem->y, 1);
    double value = value_at(&s, s.nu), off = (double)INFINITY, before;
    int k = 0;
    do {
        before = off;
        fill(&s);
        off = sqrt(er_sparse_residual(problem, w, s.slope));
        /* below EXACT it ends when steps no longer help */
    } while (off > ARRIVED * scale && (off > EXACT * scale || off < before / 2) && k++ < MOST_STEPS &&
             step_once(&s, &value));
    *exact = off <= EXACT * scale;
    er_free(block);
    return ER_OK;
}
