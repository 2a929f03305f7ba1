/* sharpness.c - curvature of the training loss where training ended: the largest eigenvalue of its Hessian, and the trace.
 *
 *     L(w) = (1/m) sum_i loss(f(x_i, w), y_i)     H = d2 L / d w d w'     lambda_max = max_|v|=1 v' H v
 *     tr H = sum_i lambda_i, by 64 products (er_trace_split()): exactly within the 21 directions to which H turns
 *                             as many vectors of random signs, outside of these the mean of v' H v over 22 others
 *
 * Over all training examples and all parameters, biases and batch norm's among them; the loss alone, without weight
 * decay; the network as it is evaluated: batch norm by its running statistics, dropout off, no augmentation. lambda_max
 * is the largest eigenvalue with its sign, not the largest in size: minima of deep networks keep small negative ones.
 * It is found to a residual |H v - lambda v| of 1e-3 of the largest eigenvalue in size, so that it is good to about
 * 1e-6 over the gap to the next one. The estimate of the trace has a standard error of sqrt(2 sum_i lambda_i^2 / 22), the sum
 * over what is left of the spectrum without those directions: the largest eigenvalues, which hold most of it, are not in it.
 *
 * Neither is a property of the function: moving a scale from one layer of a relu network to the next leaves the outputs
 * and changes both (Dinh, Pascanu, Bengio and Bengio, "Sharp minima can generalize for deep nets", ICML 2017).
 * Source: Keskar, Mudigere, Nocedal, Smelyanskiy and Tang, ICLR 2017; Cohen et al., ICLR 2021 (lambda_max).
 */
#include "measures/measured.h"

#include <math.h>

static const double RESIDUAL = 1e-3;
enum { PRODUCTS = 2000, TRACE_PRODUCTS = 64 };

static enum er_status lambda_max(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_derivatives *derivatives;
    struct er_lanczos_report report;
    struct er_lanczos_options options = er_lanczos_options_default();
    double value, residual;
    options.tolerance = RESIDUAL;
    options.applies = PRODUCTS;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    const struct er_operator hessian = er_derivatives_operator(derivatives, ER_CURVATURE_HESSIAN);
    status = er_lanczos(&hessian, &options, &value, &residual, NULL, &report, err);
    if (status != ER_OK) return status;
    if (report.converged < 1)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "lambda_max: a residual of %.2g is left after %d products with the Hessian", residual,
                       (int)PRODUCTS);
    *out = value;
    return ER_OK;
}

static enum er_status trace(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_derivatives *derivatives;
    double made, error;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    const struct er_operator hessian = er_derivatives_operator(derivatives, ER_CURVATURE_HESSIAN);
    status = er_trace_split(&hessian, TRACE_PRODUCTS, 0, er_stream(ER_PURPOSE_PROBES, 0), &made, &error, err);
    if (status == ER_OK) *out = made;
    return status;
}

extern const struct er_measure er_measure_lambda_max, er_measure_trace;
const struct er_measure er_measure_lambda_max = {
    .name = "lambda_max",
    .title = "largest eigenvalue of the Hessian",
    .unit = "",
    .help = "sharpness: the largest eigenvalue of the training loss's Hessian, by Lanczos' method",
    .source = "Keskar et al., ICLR 2017; Cohen et al., ICLR 2021",
    .direction = 1,
    .family = "curvature",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = lambda_max,
};
const struct er_measure er_measure_trace = {
    .name = "trace",
    .title = "trace of the Hessian",
    .unit = "",
    .help = "the sum of the eigenvalues of the training loss's Hessian, by 64 products with it: a part "
            "exactly, a rest estimated",
    .source = "Meyer et al., SOSA 2021 (Hutch++); Jastrzebski et al. 2017 (its place in the width of minima)",
    .direction = 1,
    .family = "curvature",
    .version = 1,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = trace,
};
