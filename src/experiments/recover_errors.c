/* recover_errors.c - see recover_errors.h. */
#include "experiments/recover_errors.h"

#include <ermine/memory.h>
#include <math.h>

enum er_status er_recover_constants(const struct er_recovery *problem, bool bias, double lambda,
                                    struct er_factored *out, struct er_error *err)
{
    struct er_factored x = {.rows = problem->rows, .columns = problem->columns, .rank = 1 + bias};
    (void)lambda; (void)err;
    x.left = er_alloc(x.rows * x.rank, 8); x.right = er_alloc(x.columns * x.rank, 8);
    double mu = 0; for (int64_t k = 0; k < problem->n; k++) mu += problem->train.value[k] / (double)problem->n;
    for (int64_t i = 0; i < x.rows; i++) x.left[i * x.rank] = 1;
    for (int64_t i = 0; i < x.columns; i++) x.right[i * x.rank] = mu;
    *out = x;
    return ER_OK;
}

enum er_status er_recover_interval(const struct er_sparse *test, const double *predicted, double *low,
                                   double *high, struct er_error *err)
{
    (void)test; (void)predicted; (void)err;
    *low = *high = (double)NAN;
    return ER_OK;
}

enum er_status er_recover_interval_of(const struct er_sparse *test, const double *w, const struct er_factored *x,
                                      double *low, double *high, struct er_error *err)
{
    double *at = er_alloc(test->n, sizeof *at);
    if (!at) return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld predictions", (long long)test->n);
    if (!w) er_factored_entries(x, test, at, NULL);
    for (int64_t i = 0; w && i < test->rows; i++)
        for (int64_t k = test->row_start[i]; k < test->row_start[i + 1]; k++)
            at[k] = w[i * test->columns + test->column[k]];
    const enum er_status status = er_recover_interval(test, at, low, high, err);
    er_free(at);
    return status;
}
