/* end_to_end.c - the one matrix that a linear network is: its effective rank and its nuclear norm.
 *
 *     f(x) = W x + b     W = W_N ... W_1 (outputs x inputs), W_j the weights of the dense layers with their factors
 *
 *     end_to_end_nuclear_norm     sum_r s_r                        s_1 >= s_2 >= ... the singular values of W
 *     end_to_end_effective_rank   exp(-sum_r p_r ln p_r)           p_r = s_r / sum_q s_q; 0 of W = 0
 *
 * Biases move b alone. Inputs are those of the network, after whatever was done to the data. W and its singular values are in
 * float64, sums in a fixed order.
 *
 * Source: Arora, Cohen, Hu and Luo, "Implicit regularization in deep matrix factorization", NeurIPS 2019: depth lowers the
 * effective rank of W, not its nuclear norm; Roy and Vetterli, "The effective rank", EUSIPCO 2007.
 */
#include "measures/measured.h"
#include "net/net.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <ermine/recovery.h>
#include <math.h>
#include <string.h>

/* Dense layers, and such as pass their input on. */
static enum er_status check(const struct er_net *net, struct er_error *err)
{
    int64_t dense = 0;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (net->bound[i].passes) continue;
        if (strcmp(l->ops->name, "dense") != 0)
            return er_fail(err, ER_E_UNSUPPORTED,
                           "layer %lld, %s: the end-to-end matrix is that of networks of dense layers alone",
                           (long long)i + 1, l->ops->name);
        dense++;
    }
    return dense > 0 ? ER_OK : er_fail(err, ER_E_UNSUPPORTED, "the network has no dense layer, so no matrix");
}

/* out = s W p: W is inputs x outputs of the layer, p outputs x K, out inputs x K. */
static void multiply(const struct er_layer *l, const float *w, int64_t K, const double *p, double *out)
{
    const double s = (double)er_weights_factor(er_weights_arguments(l), l->n_in);
    for (int64_t i = 0; i < l->n_in; i++) {
        double *row = out + i * K;
        for (int64_t k = 0; k < K; k++) row[k] = 0;
        for (int64_t o = 0; o < l->n_out; o++) {
            const double v = s * (double)w[i * l->n_out + o];
            for (int64_t k = 0; k < K; k++) row[k] += v * p[o * K + k];
        }
    }
}

/* W^T, inputs x K, from the outputs on. `room` is as large as `product`: the widest layer times K. */
static double *chain(const struct er_net *net, const float *w, double *product, double *room)
{
    const int64_t K = net->n_out;
    for (int64_t k = 0; k < K * K; k++) product[k] = k % (K + 1) == 0;
    for (int64_t i = net->n - 1; i >= 0; i--) {
        if (net->bound[i].passes) continue;
        double *made = room;
        multiply(&net->node[i].layer, w + net->bound[i].at, K, product, made);
        room = product;
        product = made;
    }
    return product;
}

/* A number of the singular values. */
static enum er_status of_spectrum(const struct er_measured_run *run, double (*of)(int64_t n, const double *s),
                                  double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    int64_t widest = net->n_out;
    enum er_status status = check(net, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < net->n; i++)
        widest = widest < net->node[i].layer.n_in ? net->node[i].layer.n_in : widest;
    const int64_t n = net->n_in < net->n_out ? net->n_in : net->n_out;
    double *room = er_alloc(2 * widest * net->n_out, sizeof *room), *s = er_alloc(n, sizeof *s);
    if (room && s)
        status = er_singular_values(net->n_in, net->n_out,
                                    chain(net, run->is.w, room, room + widest * net->n_out), s, err);
    else
        status = er_fail(err, ER_E_NOMEM, "measures: out of memory for a matrix of %lld x %lld",
                         (long long)net->n_out, (long long)net->n_in);
    if (status == ER_OK) *out = of(n, s);
    er_free(room);
    er_free(s);
    return status;
}

static enum er_status nuclear_norm(struct er_measured_run *run, double *out, struct er_error *err)
{
    return of_spectrum(run, er_nuclear_norm, out, err);
}

static enum er_status effective_rank(struct er_measured_run *run, double *out, struct er_error *err)
{
    return of_spectrum(run, er_effective_rank, out, err);
}

extern const struct er_measure er_measure_end_to_end_effective_rank, er_measure_end_to_end_nuclear_norm;
const struct er_measure er_measure_end_to_end_effective_rank = {
    .name = "end_to_end_effective_rank",
    .title = "effective rank, end to end",
    .unit = "",
    .help = "of a linear network: the effective rank of the one matrix that its layers multiply to",
    .source = "Arora et al., NeurIPS 2019; Roy and Vetterli, EUSIPCO 2007",
    .direction = 1,
    .family = "end_to_end",
    .invariant = ER_INVARIANT_UNIT_SCALE | ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS,
    .cost = ER_COST_WEIGHTS,
    .compute = effective_rank,
};
const struct er_measure er_measure_end_to_end_nuclear_norm = {
    .name = "end_to_end_nuclear_norm",
    .title = "nuclear norm, end to end",
    .unit = "",
    .help =
        "of a linear network: the sum of the singular values of the one matrix that its layers multiply to",
    .source = "Arora et al., NeurIPS 2019",
    .direction = 1,
    .family = "end_to_end",
    .invariant = ER_INVARIANT_UNIT_SCALE | ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS,
    .cost = ER_COST_WEIGHTS,
    .compute = nuclear_norm,
};
