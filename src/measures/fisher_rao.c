/* fisher_rao.c - the Fisher-Rao norm of a network: how much its loss changes, relative to all weights at once.
 *
 *     fisher_rao_gradient    (1/m) sum_i <w, dl_i/dw>^2
 *     fisher_rao             (d^2/m) sum_i <dl_i/df, f(x_i)>^2    for cross-entropy (<p_i, f_i> - f_i[y_i])^2
 *
 * l_i the loss of training example i, f its outputs, p the softmax of these, w all parameters. Both are the norm <w, I w> with
 * the empirical Fisher matrix I of the network as it is evaluated; the first is <w, dl_i/dw> = <dl_i/df, J_i w>, by one tangent.
 * Where outputs are homogeneous of degree d in the weights of d layers, J_i w = d f(x_i), and the second, from outputs alone, is
 * the same number: for dense layers and convolutions without biases with relu, leaky_relu, means, maxima and scales between.
 * Other networks are refused.
 *
 * Departure: Jiang et al. print ((d+1)^2/m) sum_i <w, dl_i/dw>^2 (eq. 45), with the factor of the depth taken in twice.
 * Source: Liang, Poggio, Rakhlin and Stokes, "Fisher-Rao metric, geometry, and complexity of neural networks", AISTATS 2019,
 * definition 2 and theorem 3.1.
 * Cost: one forward pass over the training set; three.
 */
#include "measures/measured.h"
#include "net/net.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <string.h>

enum { ROWS = 256 };

/* Homogeneous of degree 1 in their input, whatever their arguments are. */
static const char *const homogeneous[] = {"relu",     "leaky_relu", "abrelu",         "identity",
                                          "scale",    "gain",       "flatten",        "dropout",
                                          "max_pool", "avg_pool",   "global_avg_pool"};

static bool has_bias(const struct er_layer *l)
{
    const double *argument = er_weights_arguments(l);
    return er_weights_has_bias(argument) && er_weights_bias_factor(argument) > 0;
}

/* The degree of the outputs in the weights. */
static enum er_status degree(const struct er_net *net, double *out, struct er_error *err)
{
    *out = 0;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        bool fits = l->ops->mixes_features && !has_bias(l);
        for (size_t k = 0; k < sizeof homogeneous / sizeof homogeneous[0]; k++)
            fits = fits || strcmp(l->ops->name, homogeneous[k]) == 0;
        if (!fits || (net->bound[i].consumers > 1 && !net->bound[i].passes))
            return er_fail(
                err, ER_E_UNSUPPORTED,
                "fisher_rao is for chains of layers without biases, of relu and its like, and layer %lld is "
                "%s%s",
                (long long)l->index + 1, l->ops->name, l->ops->mixes_features ? " with a bias" : "");
        *out += l->n_parameters > 0;
    }
    return ER_OK;
}

/* (1/m) sum_i <dl_i/df, t_i>^2 for outputs f and others t of the m training examples. */
static enum er_status mean_square(const struct er_measured_run *run, const float *f, const float *t,
                                  double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const struct er_dataset *set = run->is.train;
    const int64_t O = net->n_out;
    double sum = 0;
    float *df = er_alloc(ROWS * O, sizeof *df);
    if (!df) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld gradients", (long long)ROWS);
    for (int64_t at = 0; at < set->n; at += ROWS) {
        const int64_t rows = set->n - at < ROWS ? set->n - at : ROWS;
        net->loss->evaluate(rows, O, f + at * O, set->label + at, 1, df, NULL, NULL);
        for (int64_t r = 0; r < rows; r++) {
            double product = 0;
            for (int64_t k = 0; k < O; k++) product += (double)df[r * O + k] * (double)t[(at + r) * O + k];
            sum += product * product;
        }
    }
    er_free(df);
    *out = sum / (double)set->n;
    return ER_OK;
}

static enum er_status fisher_rao(struct er_measured_run *run, double *out, struct er_error *err)
{
    double d, mean;
    const float *f;
    enum er_status status = degree(run->is.net, &d, err);
    if (status == ER_OK) status = er_measured_outputs(run, &f, err);
    if (status == ER_OK) status = mean_square(run, f, f, &mean, err);
    if (status == ER_OK) *out = d * d * mean;
    return status;
}

static enum er_status fisher_rao_gradient(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_derivatives *derivatives;
    const int64_t n = run->is.train->n * er_net_outputs(run->is.net);
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    float *f = er_alloc(2 * n, sizeof *f);
    if (!f) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld outputs", (long long)n);
    status = er_derivatives_jvp(derivatives, run->is.w, f, f + n, err);
    if (status == ER_OK) status = mean_square(run, f, f + n, out, err);
    er_free(f);
    return status;
}

extern const struct er_measure er_measure_fisher_rao, er_measure_fisher_rao_gradient;
const struct er_measure er_measure_fisher_rao = {
    .name = "fisher_rao",
    .title = "Fisher-Rao norm",
    .unit = "",
    .help =
        "d^2 mean_i <dl_i/df, f(x_i)>^2, d layers without biases: (sum_k p_k f_k - f_y)^2 for cross-entropy",
    .source = "Liang et al., AISTATS 2019, theorem 3.1; Jiang et al., ICLR 2020, eq. 45, less its second "
              "factor d^2",
    .logarithmic = false,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "norms",
    .invariant = ER_INVARIANT_UNIT_SCALE | ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = fisher_rao,
};
const struct er_measure er_measure_fisher_rao_gradient = {
    .name = "fisher_rao_gradient",
    .title = "Fisher-Rao norm, by gradients",
    .unit = "",
    .help = "mean_i <w, dl_i/dw>^2 over all parameters w",
    .source = "Liang et al., AISTATS 2019, definition 2, with the empirical Fisher matrix",
    .logarithmic = false,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "norms",
    .invariant = ER_INVARIANT_ALL,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_PASS,
    .compute = fisher_rao_gradient,
};
