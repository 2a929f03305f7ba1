/* kernel_fit.c - one kernel matrix, in place: K stays above the diagonal, its factor L comes below it.
 */
#include "experiments/kernel_fit.h"

#include "core/available.h"
#include "math/cholesky.h"
#include "math/gram.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TRIES = 4, MIRROR = 64 };
static const double WORST_CONDITION = 0x1p52, FIRST_JITTER = 1e-10, MORE_JITTER = 100;

struct work {
    int64_t n;
    double *K;        /* n x n */
    double *diagonal; /* of K; in its place is that of L */
    double *sums;     /* scratch */
    struct er_pool *pool;
    const struct er_progress *progress;
};

double er_kernel_fit_bytes(int64_t n, int64_t d, int64_t k, int threads)
{
    const double rows = (double)n,
                 scratch = er_gram_scratch_bytes(d, threads) + er_cholesky_scratch_bytes(n, threads);
    return (rows * rows + rows * (3.0 * (double)k + 5)) * sizeof(double) + scratch;
}

double er_kernel_fit_flops(int64_t n, int64_t d, int64_t k)
{
    const double rows = (double)n;
    return rows * rows * ((double)d + 2 * rows / 3 + 6 * (double)k);
}

void er_kernel_fit_clear(struct er_kernel_fit *fit)
{
    er_free(fit->c);
    er_free(fit->f);
    er_free(fit->left_out);
    *fit = (struct er_kernel_fit){0};
}

static void work_clear(struct work *w)
{
    er_free(w->K);
    er_free(w->diagonal);
    er_free(w->sums);
}

static enum er_status allocate(struct work *w, int64_t k, struct er_kernel_fit *fit, struct er_error *err)
{
    w->K = er_alloc(w->n, (size_t)w->n * sizeof *w->K);
    w->diagonal = er_alloc(w->n, sizeof *w->diagonal);
    w->sums = er_alloc(w->n, sizeof *w->sums);
    fit->c = er_alloc(w->n * k, sizeof *fit->c);
    fit->f = er_alloc(w->n * k, sizeof *fit->f);
    fit->left_out = er_alloc(w->n * k, sizeof *fit->left_out);
    if (w->K && w->diagonal && w->sums && fit->c && fit->f && fit->left_out) return ER_OK;
    return er_fail(err, ER_E_NOMEM,
                   "kernel-regression: out of memory for the kernel matrix of %" PRId64 " examples", w->n);
}

/* What is above the diagonal, below it, a square at a time. */
static void mirror(int64_t n, double *K)
{
    for (int64_t row = 0; row < n; row += MIRROR)
        for (int64_t column = 0; column <= row; column += MIRROR)
            for (int64_t i = row; i < row + MIRROR && i < n; i++)
                for (int64_t j = column; j < column + MIRROR && j < i; j++) K[i * n + j] = K[j * n + i];
}

static void set_diagonal(struct work *w, double more)
{
    for (int64_t i = 0; i < w->n; i++) w->K[i * w->n + i] = w->diagonal[i] + more;
}

/* Factorises K + (ridge + jitter) I by the rule for jitter. */
static enum er_status factorise(struct work *w, double ridge, struct er_kernel_fit *fit, struct er_error *err)
{
    enum er_status status = ER_OK;
    double jitter = 0;
    for (int t = 0; t < TRIES && !fit->solved && status == ER_OK; t++) {
        int64_t pivot;
        if (t > 0) mirror(w->n, w->K);
        if (t > 0) jitter = t > 1 ? jitter * MORE_JITTER : FIRST_JITTER * fit->trace / (double)w->n;
        set_diagonal(w, ridge + jitter);
        const double norm = er_cholesky_norm(w->n, w->K, w->sums);
        if (!isfinite(norm))
            return er_fail(err, ER_E_NONFINITE,
                           "kernel-regression: the kernel of some examples is beyond float64");
        status = er_cholesky(w->n, w->K, &pivot, w->pool, w->progress, err);
        if (status != ER_OK || pivot >= 0) continue;
        status = er_cholesky_condition(w->n, w->K, norm, &fit->condition, err);
        fit->solved = fit->condition <= WORST_CONDITION;
    }
    fit->jitter = jitter;
    return status;
}

/* f = K c by the triangle above the diagonal, whose own place is lent back to K. */
static void apply(struct work *w, int64_t k, const double *c, double *f)
{
    for (int64_t i = 0; i < w->n; i++) w->sums[i] = w->K[i * w->n + i];
    set_diagonal(w, 0);
    cblas_dsymm(CblasRowMajor, CblasLeft, CblasUpper, (blasint)w->n, (blasint)k, 1, w->K, (blasint)w->n, c,
                (blasint)k, 0, f, (blasint)k);
    for (int64_t i = 0; i < w->n; i++) w->K[i * w->n + i] = w->sums[i];
}

static enum er_status solve(struct work *w, const double *y, struct er_kernel_fit *fit, struct er_error *err)
{
    const int64_t n = w->n, k = fit->k;
    double square = 0;
    memcpy(fit->c, y, (size_t)(n * k) * sizeof *y);
    er_cholesky_solve(n, w->K, k, fit->c);
    apply(w, k, fit->c, fit->f);
    for (int64_t i = 0; i < n * k; i++) square += fit->c[i] * fit->f[i];
    fit->norm = sqrt(fmax(square, 0));
    const enum er_status status = er_cholesky_inverse_diagonal(n, w->K, w->sums, w->pool, w->progress, err);
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        for (int64_t c = i * k; c < (i + 1) * k; c++) fit->left_out[c] = y[c] - fit->c[c] / w->sums[i];
    return status;
}

enum er_status er_kernel_fit(const struct er_kernel *kernel, const struct er_dataset *train, int64_t k,
                             const double *y, double ridge, struct er_pool *pool,
                             const struct er_progress *progress, struct er_kernel_fit *out,
                             struct er_error *err)
{
    const int64_t n = train->n, d = er_shape_size(train->shape);
    struct work w = {.n = n, .pool = pool, .progress = progress};
    struct er_kernel_fit fit = {.k = k};
    char what[96];
    snprintf(what, sizeof what, "kernel-regression: the kernel matrix of %" PRId64 " examples and its like",
             n);
    enum er_status status = er_memory_check(er_kernel_fit_bytes(n, d, k, er_pool_threads(pool)), what, err);
    if (status == ER_OK) status = allocate(&w, k, &fit, err);
    if (status == ER_OK) status = er_gram(kernel, n, d, train->x, w.K, pool, progress, err);
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        w.diagonal[i] = w.K[i * n + i];
        fit.trace += w.diagonal[i];
    }
    if (status == ER_OK) status = factorise(&w, ridge, &fit, err);
    if (status == ER_OK && fit.solved) status = solve(&w, y, &fit, err);
    work_clear(&w);
    if (status == ER_OK)
        *out = fit;
    else
        er_kernel_fit_clear(&fit);
    return status;
}
