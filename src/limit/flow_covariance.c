/* flow_covariance.c - the spread of an ensemble whose networks start differently, at any time of their descent. */
#include "limit/ensemble.h"
#include "limit/flow.h"

#include <ermine/memory.h>
#include <inttypes.h>

struct response {
    const struct er_flow *flow;
    const double *psi;
};

/* theta <- theta Q diag(psi) Q^T; eigenvectors are rows. */
static void influence(const void *of, int64_t rows, double *theta, double *scratch)
{
    const struct response *r = of;
    const int64_t n = r->flow->n;
    const struct er_product onto = {.m = rows,
                                    .n = n,
                                    .k = n,
                                    .factor = 1,
                                    .a = theta,
                                    .b = r->flow->vector,
                                    .transposed = true,
                                    .c = scratch};
    er_product_here(&onto);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t v = 0; v < n; v++) scratch[i * n + v] *= r->psi[v];
    const struct er_product back = {
        .m = rows, .n = n, .k = n, .factor = 1, .a = scratch, .b = r->flow->vector, .c = theta};
    er_product_here(&back);
}

static struct er_ensemble ensemble_of(const struct response *response, int64_t m, const double *theta_test,
                                      const double *k_test, const double *k_train)
{
    const int64_t n = response->flow->n;
    return (struct er_ensemble){.n = n,
                                .m = m,
                                .theta_test = theta_test,
                                .k_test = k_test,
                                .k_train = k_train,
                                .influence = influence,
                                .of = response,
                                .flops = 4 * (double)n * (double)n};
}

enum er_status er_flow_covariance(const struct er_flow *flow, const struct er_descent_options *options,
                                  int64_t m, const double *theta_test, const double *k_test,
                                  const double *k_train, double *covariance, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_error *err)
{
    struct er_flow_modes modes;
    enum er_status status = er_flow_modes_find(flow, options, &modes, err);
    if (status != ER_OK) return status;
    const struct response response = {flow, modes.psi};
    const struct er_ensemble ensemble = ensemble_of(&response, m, theta_test, k_test, k_train);
    status = er_ensemble_covariance(&ensemble, covariance, pool, progress, err);
    er_flow_modes_clear(&modes);
    return status;
}

enum er_status er_flow_variances(const struct er_flow *flow, const struct er_descent_options *options,
                                 int64_t m, const double *theta_test, const double *k_test,
                                 const double *k_train, double *variance, int64_t *clipped,
                                 struct er_pool *pool, const struct er_progress *progress,
                                 struct er_error *err)
{
    struct er_flow_modes modes;
    enum er_status status = er_flow_modes_find(flow, options, &modes, err);
    if (status != ER_OK) return status;
    const struct response response = {flow, modes.psi};
    const struct er_ensemble ensemble = ensemble_of(&response, m, theta_test, k_test, k_train);
    status = er_ensemble_variances(&ensemble, variance, clipped, pool, progress, err);
    er_flow_modes_clear(&modes);
    return status;
}

/* E = Q diag(left) Q^T from eigenvectors that are rows: Q^T, whose transpose times itself scaled E is. */
static void remainder_of(const struct er_flow *flow, const double *left, double *turned, double *scaled,
                         double *e, struct er_pool *pool, struct er_task_count *count)
{
    const int64_t n = flow->n;
    for (int64_t v = 0; v < n; v++)
        for (int64_t i = 0; i < n; i++) {
            turned[i * n + v] = flow->vector[v * n + i];
            scaled[v * n + i] = flow->vector[v * n + i] * left[v];
        }
    const struct er_product product = {.m = n, .n = n, .k = n, .factor = 1, .a = turned, .b = scaled, .c = e};
    er_product_run(&product, pool, count);
}

enum er_status er_flow_train_covariance(const struct er_flow *flow, const struct er_descent_options *options,
                                        const double *k_train, double *covariance, struct er_pool *pool,
                                        const struct er_progress *progress, struct er_error *err)
{
    const int64_t n = flow->n;
    struct er_flow_modes modes;
    struct er_task_count count;
    enum er_status status = er_flow_modes_find(flow, options, &modes, err);
    if (status != ER_OK) return status;
    double *one = er_alloc(n * n, sizeof *one), *two = er_alloc(n * n, sizeof *two);
    if (one && two) {
        er_task_count_open(&count, progress, 6 * (double)n * (double)n * (double)n);
        remainder_of(flow, modes.left, one, two, covariance, pool, &count);
        const struct er_product first = {
            .m = n, .n = n, .k = n, .factor = 1, .a = covariance, .b = k_train, .c = one};
        er_product_run(&first, pool, &count);
        const struct er_product second = {
            .m = n, .n = n, .k = n, .factor = 1, .a = one, .b = covariance, .transposed = true, .c = two};
        er_product_run(&second, pool, &count);
        status = er_task_count_close(&count, "covariance of the ensemble", err);
        for (int64_t i = 0; i < n * n; i++) covariance[i] = two[i];
    } else
        status =
            er_fail(err, ER_E_NOMEM, "flow: out of memory for the covariance of %" PRId64 " examples", n);
    er_free(one);
    er_free(two);
    er_flow_modes_clear(&modes);
    if (status != ER_OK) return status;
    er_symmetrise(n, covariance);
    return er_check_finite(n * n, covariance, "covariance of the ensemble", err);
}
