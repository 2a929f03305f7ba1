/* posterior_covariance.c - what triangular solutions give: X = K_*D L^-T and K_** - X X^T; B = Theta_*D L^-T L^-1. */
#include "limit/ensemble.h"
#include "limit/posterior.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { ROWS = 64 }; /* test examples of a task */

struct work {
    const struct er_posterior *p;
    const double *k_test;
    int64_t m;
    double *x; /* m x n; with `variance` ROWS x n a worker */
    double *variance;
    struct er_task_count count;
};

/* x <- x L^-T, or x L^-1, of `rows` rows. */
static void solve_rows(const struct er_posterior *p, int64_t rows, double *x, CBLAS_TRANSPOSE transposed)
{
    cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, transposed, CblasNonUnit, (blasint)rows, (blasint)p->n,
                1, p->l, (blasint)p->n, x, (blasint)p->n);
}

static void solve_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const int64_t n = w->p->n, row = task * ROWS, rows = er_least(ROWS, w->m - row);
    double *x = w->x + (w->variance ? (int64_t)worker * ROWS * n : row * n);
    if (er_task_count_stopped(&w->count)) return;
    memcpy(x, w->k_test + row * n, (size_t)(rows * n) * sizeof *x);
    solve_rows(w->p, rows, x, CblasTrans);
    for (int64_t i = 0; w->variance && i < rows; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++) sum += x[i * n + j] * x[i * n + j];
        w->variance[row + i] -= sum;
    }
    er_task_count_add(&w->count, (double)rows * (double)n * (double)n);
}

static enum er_status open_work(struct work *w, struct er_pool *pool, struct er_error *err)
{
    if (w->m < 1) return er_fail(err, ER_E_USAGE, "posterior: needs at least 1 test example");
    const int64_t rows = w->variance ? (int64_t)er_pool_threads(pool) * ROWS : w->m;
    w->x = er_alloc(rows * w->p->n, sizeof *w->x);
    if (w->x) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "posterior: out of memory for %" PRId64 " test examples", w->m);
}

enum er_status er_posterior_variances(const struct er_posterior *posterior, int64_t m, const double *k_test,
                                      double *variance, int64_t *clipped, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.p = posterior, .k_test = k_test, .m = m, .variance = variance};
    enum er_status status = open_work(&w, pool, err);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, (double)m * (double)posterior->n * (double)posterior->n);
    er_pool_run(pool, (m + ROWS - 1) / ROWS, solve_task, &w);
    status = er_task_count_close(&w.count, "posterior variances", err);
    er_free(w.x);
    if (status == ER_OK) status = er_check_finite(m, variance, "posterior variances", err);
    if (status == ER_OK) er_clip_variances(m, variance, clipped);
    return status;
}

enum er_status er_posterior_covariance(const struct er_posterior *posterior, int64_t m, const double *k_test,
                                       double *covariance, struct er_pool *pool,
                                       const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.p = posterior, .k_test = k_test, .m = m};
    const int64_t n = posterior->n;
    enum er_status status = open_work(&w, pool, err);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, (double)m * (double)n * (double)(n + 2 * m));
    er_pool_run(pool, (m + ROWS - 1) / ROWS, solve_task, &w);
    const struct er_product product = {.m = m,
                                       .n = m,
                                       .k = n,
                                       .factor = -1,
                                       .a = w.x,
                                       .b = w.x,
                                       .transposed = true,
                                       .keep = 1,
                                       .c = covariance};
    er_product_run(&product, pool, &w.count);
    status = er_task_count_close(&w.count, "posterior covariance", err);
    er_free(w.x);
    if (status != ER_OK) return status;
    er_symmetrise(m, covariance);
    return er_check_finite(m * m, covariance, "posterior covariance", err);
}

static void influence(const void *of, int64_t rows, double *theta, double *scratch)
{
    (void)scratch;
    solve_rows(of, rows, theta, CblasTrans);
    solve_rows(of, rows, theta, CblasNoTrans);
}

static struct er_ensemble ensemble_of(const struct er_posterior *theta, int64_t m, const double *theta_test,
                                      const double *k_test, const double *k_train)
{
    return (struct er_ensemble){.n = theta->n,
                                .m = m,
                                .theta_test = theta_test,
                                .k_test = k_test,
                                .k_train = k_train,
                                .influence = influence,
                                .of = theta,
                                .flops = 2 * (double)theta->n * (double)theta->n};
}

enum er_status er_posterior_ensemble_covariance(const struct er_posterior *theta, int64_t m,
                                                const double *theta_test, const double *k_test,
                                                const double *k_train, double *covariance,
                                                struct er_pool *pool, const struct er_progress *progress,
                                                struct er_error *err)
{
    const struct er_ensemble ensemble = ensemble_of(theta, m, theta_test, k_test, k_train);
    return er_ensemble_covariance(&ensemble, covariance, pool, progress, err);
}

enum er_status er_posterior_ensemble_variances(const struct er_posterior *theta, int64_t m,
                                               const double *theta_test, const double *k_test,
                                               const double *k_train, double *variance, int64_t *clipped,
                                               struct er_pool *pool, const struct er_progress *progress,
                                               struct er_error *err)
{
    const struct er_ensemble ensemble = ensemble_of(theta, m, theta_test, k_test, k_train);
    return er_ensemble_variances(&ensemble, variance, clipped, pool, progress, err);
}
