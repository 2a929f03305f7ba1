/* recover_errors.c - see recover_errors.h. mu + b_i + c_j = (1, b_i) . (mu + c_j, 1). */
#include "experiments/recover_errors.h"

#include <ermine/memory.h>
#include <ermine/risk_interval.h>
#include <math.h>

/* Resampled users are the same in all runs. */
enum { SEED = 0 };

enum er_status er_recover_factors(const struct er_baseline *baseline, bool bias, struct er_factored *out,
                                  struct er_error *err)
{
    struct er_factored x = {.rows = baseline->rows, .columns = baseline->columns, .rank = bias ? 2 : 1};
    x.left = er_alloc(x.rows * x.rank, sizeof *x.left);
    x.right = er_alloc(x.columns * x.rank, sizeof *x.right);
    if (!x.left || !x.right) {
        er_factored_clear(&x);
        return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld rows and %lld columns",
                       (long long)baseline->rows, (long long)baseline->columns);
    }
    for (int64_t i = 0; i < x.rows; i++) {
        x.left[i * x.rank] = 1;
        if (bias) x.left[2 * i + 1] = baseline->row[i];
    }
    for (int64_t j = 0; j < x.columns; j++) {
        x.right[j * x.rank] = baseline->mean + (bias ? baseline->column[j] : 0);
        if (bias) x.right[2 * j + 1] = 1;
    }
    *out = x;
    return ER_OK;
}

enum er_status er_recover_fit(const struct er_recovery *problem, bool bias, double lambda,
                              struct er_pool *pool, struct er_baseline *out, struct er_error *err)
{
    if (!bias) return er_baseline_mean(&problem->train, out, err);
    return er_baseline_bias(&problem->train, isnan(lambda) ? ER_BASELINE_LAMBDA : lambda, pool, out, err);
}

enum er_status er_recover_interval(const struct er_sparse *test, const double *predicted,
                                   struct er_pool *pool, double *low, double *high, struct er_error *err)
{
    struct er_risk_interval interval;
    double *error = er_alloc(test->n, sizeof *error);
    if (!error) return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld errors", (long long)test->n);
    for (int64_t k = 0; k < test->n; k++) error[k] = predicted[k] - test->value[k];
    const enum er_status status =
        er_risk_interval(test, error, ER_RISK_RESAMPLES, SEED, pool, &interval, err);
    er_free(error);
    if (status != ER_OK) return status;
    *low = interval.low;
    *high = interval.high;
    return ER_OK;
}

enum er_status er_recover_interval_of(const struct er_sparse *test, const double *w,
                                      const struct er_factored *x, struct er_pool *pool, double *low,
                                      double *high, struct er_error *err)
{
    double *at = er_alloc(test->n, sizeof *at);
    if (!at)
        return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld predictions", (long long)test->n);
    if (!w) er_factored_entries(x, test, at, pool);
    for (int64_t i = 0; w && i < test->rows; i++)
        for (int64_t k = test->row_start[i]; k < test->row_start[i + 1]; k++)
            at[k] = w[i * test->columns + test->column[k]];
    const enum er_status status = er_recover_interval(test, at, pool, low, high, err);
    er_free(at);
    return status;
}
