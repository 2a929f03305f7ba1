/* posterior.c - A = K + r I factored, with the rule for matrices that are not positive definite to rounding. */
#include "limit/posterior.h"

#include "math/cholesky.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double least_raise = 1e-14; /* of the mean of the diagonal */
static const double log_two_pi = 1.8378770664093453;

enum er_status er_ridge_check(struct er_ridge ridge, struct er_error *err)
{
    if (ridge.value >= 0 && isfinite(ridge.value)) return ER_OK;
    return er_fail(err, ER_E_USAGE, "prediction: ridge %g is not a number >= 0", ridge.value);
}

static double diagonal_mean(int64_t n, const double *a)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += a[i * n + i];
    return sum / (double)n;
}

double er_ridge_added(struct er_ridge ridge, int64_t n, const double *k_train)
{
    return ridge.absolute ? ridge.value : ridge.value * diagonal_mean(n, k_train);
}

enum er_status er_posterior_open(int64_t n, const double *k_train, struct er_ridge ridge,
                                 struct er_posterior **out, struct er_error *err)
{
    if (n < 1) return er_fail(err, ER_E_USAGE, "posterior: needs at least 1 example, got %" PRId64, n);
    const enum er_status status = er_ridge_check(ridge, err);
    if (status != ER_OK) return status;
    struct er_posterior *p = er_alloc(1, sizeof *p);
    double *sums = er_alloc(n, sizeof *sums), *l = er_alloc(n * n, sizeof *l);
    if (!p || !sums || !l) {
        er_free(p);
        er_free(sums);
        er_free(l);
        return er_fail(err, ER_E_NOMEM, "posterior: out of memory for %" PRId64 " examples", n);
    }
    *p = (struct er_posterior){.n = n,
                               .l = l,
                               .mean = diagonal_mean(n, k_train),
                               .norm = er_cholesky_norm(n, k_train, sums),
                               .report.ridge = er_ridge_added(ridge, n, k_train)};
    er_free(sums);
    if (isfinite(p->norm)) {
        *out = p;
        return ER_OK;
    }
    er_posterior_free(p);
    return er_fail(err, ER_E_NONFINITE, "posterior: the kernel matrix holds infinity or NaN");
}

void er_posterior_free(struct er_posterior *posterior)
{
    if (!posterior) return;
    er_free(posterior->l);
    er_free(posterior);
}

const struct er_posterior_report *er_posterior_reported(const struct er_posterior *posterior)
{
    return &posterior->report;
}

enum er_status er_posterior_factor(struct er_posterior *p, const double *k_train, double added,
                                   bool *definite, struct er_pool *pool, const struct er_progress *progress,
                                   struct er_error *err)
{
    const int64_t n = p->n;
    int64_t pivot;
    memcpy(p->l, k_train, (size_t)(n * n) * sizeof *p->l);
    for (int64_t i = 0; i < n; i++) p->l[i * n + i] += added;
    const enum er_status status = er_cholesky(n, p->l, &pivot, pool, progress, err);
    *definite = status == ER_OK && pivot < 0;
    if (!*definite) return status;
    p->report.added = added;
    p->report.log_determinant = 0;
    for (int64_t i = 0; i < n; i++) p->report.log_determinant += 2 * log(p->l[i * n + i]);
    return er_cholesky_condition(n, p->l, p->norm + added, &p->report.condition, err);
}

enum er_status er_posterior_new(int64_t n, const double *k_train, struct er_ridge ridge, struct er_pool *pool,
                                const struct er_progress *progress, struct er_posterior **out,
                                struct er_error *err)
{
    struct er_posterior *p = NULL;
    bool definite = false;
    enum er_status status = er_posterior_open(n, k_train, ridge, &p, err);
    if (status != ER_OK || !p) return status;
    double added = p->report.ridge, tried;
    status = er_posterior_factor(p, k_train, added, &definite, pool, progress, err);
    while (status == ER_OK && !definite) {
        tried = added;
        added = fmax(10 * added, least_raise * p->mean);
        p->report.raised++;
        if (!(added < p->mean))
            status = er_fail(err, ER_E_NONFINITE,
                             "posterior: the kernel matrix is not positive definite, not with a ridge of %g "
                             "either; ten times that is above its mean diagonal, %g",
                             tried, p->mean);
        else
            status = er_posterior_factor(p, k_train, added, &definite, pool, progress, err);
    }
    if (status == ER_OK)
        *out = p;
    else
        er_posterior_free(p);
    return status;
}

void er_posterior_weights(const struct er_posterior *posterior, int64_t outputs, const double *y,
                          double *alpha)
{
    if (alpha != y) memcpy(alpha, y, (size_t)(posterior->n * outputs) * sizeof *alpha);
    er_cholesky_solve(posterior->n, posterior->l, outputs, alpha);
}

double er_log_marginal_likelihood(const struct er_posterior *posterior, int64_t outputs, const double *y,
                                  const double *alpha)
{
    double fit = 0;
    for (int64_t i = 0; i < posterior->n * outputs; i++) fit += y[i] * alpha[i];
    return -fit / 2 -
           (double)outputs / 2 * (posterior->report.log_determinant + (double)posterior->n * log_two_pi);
}

enum er_status er_predict_mean(int64_t m, int64_t n, const double *k_test, int64_t outputs,
                               const double *alpha, const double *start, double *mean, struct er_pool *pool,
                               const struct er_progress *progress, struct er_error *err)
{
    struct er_task_count count;
    if (m < 1 || n < 1 || outputs < 1)
        return er_fail(err, ER_E_USAGE,
                       "prediction: %" PRId64 " test and %" PRId64 " training examples, %" PRId64
                       " outputs: each needs at least 1",
                       m, n, outputs);
    if (start && start != mean) memcpy(mean, start, (size_t)(m * outputs) * sizeof *mean);
    const struct er_product product = {
        .m = m, .n = outputs, .k = n, .factor = 1, .a = k_test, .b = alpha, .keep = start ? 1 : 0, .c = mean};
    er_task_count_open(&count, progress, 2 * (double)m * (double)n * (double)outputs);
    er_product_run(&product, pool, &count);
    const enum er_status status = er_task_count_close(&count, "mean prediction", err);
    return status == ER_OK ? er_check_finite(m * outputs, mean, "mean prediction", err) : status;
}
