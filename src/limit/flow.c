/* flow.c - descent in the eigenvectors of the tangent kernel. */
#include "limit/flow.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum {
    MOST_EXAMPLES = 32000
}; /* beyond them the 2 n^2 numbers of dsyevd's workspace do not fit its 32 bit integers */

struct er_descent_options er_descent_defaults(void)
{
    return (struct er_descent_options){.kind = ER_DESCENT_FLOW, .rate = 1, .time = (double)INFINITY};
}

static enum er_status decompose(struct er_flow *flow, const double *theta_train, struct er_error *err)
{
    const int64_t n = flow->n;
    for (int64_t i = 0; i < n; i++) flow->mean += theta_train[i * n + i] / (double)n;
    for (int64_t i = 0; i < n * n; i++)
        if (!isfinite(theta_train[i]))
            return er_fail(err, ER_E_NONFINITE, "flow: the kernel matrix holds infinity or NaN");
    memcpy(flow->vector, theta_train, (size_t)(n * n) * sizeof *theta_train);
    /* Symmetric, and given by columns: what comes out as columns are rows for us. */
    const lapack_int info =
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, flow->vector, (lapack_int)n, flow->value);
    if (info == 0) return ER_OK;
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return er_fail(err, ER_E_NOMEM, "flow: out of memory for %" PRId64 " examples", n);
    return er_fail(err, ER_E_NONFINITE, "flow: the kernel of %" PRId64 " examples has no eigenvectors", n);
}

enum er_status er_flow_new(int64_t n, int64_t outputs, const double *theta_train, struct er_flow **out,
                           struct er_error *err)
{
    if (n < 1 || outputs < 1)
        return er_fail(err, ER_E_USAGE,
                       "flow: %" PRId64 " examples, %" PRId64 " outputs: each needs at least 1", n, outputs);
    if (n > MOST_EXAMPLES)
        return er_fail(err, ER_E_LIMIT,
                       "flow: %" PRId64
                       " examples are more than the %d that can be decomposed; the end of training "
                       "(er_posterior_new(), er_kernel_solve()) needs no decomposition",
                       n, (int)MOST_EXAMPLES);
    enum er_status status = ER_OK;
    struct er_flow *flow = er_alloc(1, sizeof *flow);
    if (flow) {
        *flow = (struct er_flow){.n = n, .outputs = outputs};
        flow->value = er_alloc(n, sizeof *flow->value);
        flow->vector = er_alloc(n * n, sizeof *flow->vector);
    }
    if (flow && flow->value && flow->vector)
        status = decompose(flow, theta_train, err);
    else
        status = er_fail(err, ER_E_NOMEM, "flow: out of memory for %" PRId64 " examples", n);
    if (status == ER_OK)
        *out = flow;
    else
        er_flow_free(flow);
    return status;
}

void er_flow_free(struct er_flow *flow)
{
    if (!flow) return;
    er_free(flow->value);
    er_free(flow->vector);
    er_free(flow);
}

const double *er_flow_eigenvalues(const struct er_flow *flow)
{
    return flow->value;
}

double er_flow_condition(const struct er_flow *flow, struct er_ridge ridge)
{
    const double r = er_flow_ridge(flow, ridge), least = flow->value[0] + r;
    return least > 0 ? (flow->value[flow->n - 1] + r) / least : (double)INFINITY;
}

double er_flow_max_rate(const struct er_flow *flow, struct er_ridge ridge, double momentum)
{
    return 2 * (1 + momentum) * (double)flow->n * (double)flow->outputs /
           (fmax(flow->value[flow->n - 1], 0) + er_flow_ridge(flow, ridge));
}

/* out (n x O) = Q diag(factor) Q^T v, v = y - start; projected: n x O of scratch. */
static void by_modes(const struct er_flow *flow, const double *factor, const double *v, double *projected,
                     double *out)
{
    const int64_t n = flow->n, k = flow->outputs;
    const struct er_product onto = {
        .m = n, .n = k, .k = n, .factor = 1, .a = flow->vector, .b = v, .c = projected};
    er_product_here(&onto);
    for (int64_t i = 0; i < n * k; i++) projected[i] *= factor[i / k];
    er_product_transposed_here(n, k, flow->vector, projected, out);
}

/* Q diag(psi or left) Q^T (y - f_0) to out. */
static enum er_status respond(const struct er_flow *flow, const struct er_descent_options *options, bool left,
                              const double *y, const double *start, double *out, struct er_error *err)
{
    const int64_t n = flow->n * flow->outputs;
    struct er_flow_modes modes;
    enum er_status status = er_flow_modes_find(flow, options, &modes, err);
    if (status != ER_OK) return status;
    double *error = er_alloc(n, sizeof *error), *projected = er_alloc(n, sizeof *projected);
    if (error && projected) {
        for (int64_t i = 0; i < n; i++) error[i] = y[i] - (start ? start[i] : 0);
        by_modes(flow, left ? modes.left : modes.psi, error, projected, out);
        status = er_check_finite(n, out, "descent", err);
    } else
        status = er_fail(err, ER_E_NOMEM, "descent: out of memory for %" PRId64 " targets", n);
    er_free(error);
    er_free(projected);
    er_flow_modes_clear(&modes);
    return status;
}

enum er_status er_flow_weights(const struct er_flow *flow, const struct er_descent_options *options,
                               const double *y, const double *start, double *alpha, struct er_error *err)
{
    return respond(flow, options, false, y, start, alpha, err);
}

enum er_status er_flow_train(const struct er_flow *flow, const struct er_descent_options *options,
                             const double *y, const double *start, double *train, double *loss,
                             struct er_error *err)
{
    const int64_t n = flow->n * flow->outputs;
    const enum er_status status = respond(flow, options, true, y, start, train, err);
    if (status != ER_OK) return status;
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += train[i] * train[i];
        train[i] = y[i] - train[i];
    }
    if (loss) *loss = sum / (2 * (double)n);
    return ER_OK;
}
