/* gauss_newton.c - curvature of the training loss without the network's own: the Gauss-Newton matrix where
 * training ended.
 *
 *     G = (1/m) sum_i J_i' (d2 loss_i / d f_i d f_i') J_i       J_i = d f_i / d w
 *     lambda_max = max_|v|=1 v' G v        tr G = (1/m) sum_i sum_k |J_i' q_ik|^2      (measures/output_hessian.h)
 *
 * Positive semidefinite; for cross-entropy, logistic and mean-squared loss the Fisher information of the
 * model. The Hessian is G and the curvature of the outputs weighted by the residuals, so the two are near each
 * other where the training loss is small; of a relu network the rest has a trace of 0 wherever it is defined.
 * The trace is exact: no vectors are drawn. Conventions (all parameters, evaluation, no weight decay) and the
 * precision of the eigenvalue are those of sharpness.c.
 *
 * Cost: some dozens of products with G; for the trace as many gradients of all single examples as there are
 * outputs. Source: Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent",
 * Neural Computation 2002; Martens, JMLR 2020 (that it is the Fisher information).
 */
#include "derivatives/derivatives.h"
#include "math/inner.h"
#include "measures/measured.h"
#include "measures/output_hessian.h"
#include "measures/sharpness.h"

#include <ermine/memory.h>

static enum er_status lambda_max(struct er_measured_run *run, double *out, struct er_error *err)
{
    static const char name[] = "gauss_newton_lambda_max";
    const enum er_status status = er_output_hessian_check(run->is.net, name, err);
    return status == ER_OK ? er_measured_lambda_max(run, ER_CURVATURE_GAUSS_NEWTON, name, out, err) : status;
}

struct squares {
    int64_t P;
    double *row; /* m */
};

static void add_squares(void *ctx, int64_t first, int64_t rows, const float *g)
{
    const struct squares *s = ctx;
    for (int64_t r = 0; r < rows; r++) s->row[first + r] += er_inner(s->P, g + r * s->P, g + r * s->P);
}

/* df (m x O) = row k of the root at each example; q is scratch. */
static void roots(const struct er_net *net, int64_t m, const float *f, int64_t k, double *q, float *df)
{
    const int64_t O = er_net_outputs(net);
    for (int64_t i = 0; i < m; i++) {
        er_output_hessian_root(net, f + i * O, q);
        for (int64_t j = 0; j < O; j++) df[i * O + j] = (float)q[k * O + j];
    }
}

/* df: m x O, q: O x O, both scratch. */
static enum er_status sum_of_squares(struct er_measured_run *run, struct squares *squares, float *df,
                                     double *q, double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const int64_t m = run->is.train->n, O = er_net_outputs(net);
    struct er_derivatives *derivatives = NULL;
    const float *f = NULL;
    double sum = 0;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status == ER_OK) status = er_measured_outputs(run, &f, err);
    for (int64_t k = 0; k < O && status == ER_OK; k++) {
        roots(net, m, f, k, q, df);
        status = er_derivatives_outputs(derivatives, df, add_squares, squares, err);
    }
    for (int64_t i = 0; i < m; i++) sum += squares->row[i];
    if (status == ER_OK) *out = sum;
    return status;
}

static enum er_status trace(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const int64_t m = run->is.train->n, O = er_net_outputs(net);
    double sum = 0;
    enum er_status status = er_output_hessian_check(net, "gauss_newton_trace", err);
    if (status != ER_OK) return status;
    struct squares squares = {er_net_parameters(net), er_alloc(m, sizeof *squares.row)};
    float *df = er_alloc(m * O, sizeof *df);
    double *q = er_alloc(O * O, sizeof *q);
    if (squares.row && df && q)
        status = sum_of_squares(run, &squares, df, q, &sum, err);
    else
        status = er_fail(err, ER_E_NOMEM, "gauss_newton_trace: out of memory");
    if (status == ER_OK) *out = sum / (double)m;
    er_free(squares.row);
    er_free(df);
    er_free(q);
    return status;
}

extern const struct er_measure er_measure_gauss_newton_lambda_max, er_measure_gauss_newton_trace;
const struct er_measure er_measure_gauss_newton_lambda_max = {
    .name = "gauss_newton_lambda_max",
    .title = "largest Gauss-Newton eigenvalue",
    .unit = "",
    .help = "the largest eigenvalue of G = (1/m) sum_i J_i' (d2 loss_i / d f2) J_i, by Lanczos' method",
    .source = "Schraudolph, Neural Computation 2002; Martens, JMLR 2020",
    .direction = 1,
    .family = "curvature",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = lambda_max,
};
const struct er_measure er_measure_gauss_newton_trace = {
    .name = "gauss_newton_trace",
    .title = "trace of the Gauss-Newton matrix",
    .unit = "",
    .help = "the sum of the eigenvalues of G = (1/m) sum_i J_i' (d2 loss_i / d f2) J_i, exact",
    .source = "Schraudolph, Neural Computation 2002; Martens, JMLR 2020",
    .direction = 1,
    .family = "curvature",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS | ER_NEEDS_GRADIENTS,
    .cost = ER_COST_TRAINING,
    .compute = trace,
};
