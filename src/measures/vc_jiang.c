/* vc_jiang.c - the VC measure of Jiang et al.: capacity of a relu network of convolutions.
 *
 *     d log2(6 d n)^3 sum_i k_i^2 c_i c_{i-1}        er_vc_convolutional()
 *
 * d layers with weights, the sum their weights without biases (of a dense layer k = 1), n the longer side of the input image, 1 of
 * a vector. The numerator of the capacity term, without the constant 4000 and m. vc_dimension is a bound that holds.
 */
#include "measures/norm_sums.h"
#include "net/net.h"
#include "net/weights.h"

#include <ermine/bounds.h>

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    double d = 0, weights = 0;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!l->ops->mixes_features) continue;
        d++;
        weights +=
            (double)(l->n_parameters - (er_weights_has_bias(er_weights_arguments(l)) ? l->out.channels : 0));
    }
    if (d == 0) return er_fail(err, ER_E_UNSUPPORTED, "the network has no layer with weights");
    *out = er_vc_convolutional(d, er_jiang_side(net), weights);
    return ER_OK;
}

extern const struct er_measure er_measure_vc_jiang;
const struct er_measure er_measure_vc_jiang = {
    .name = "vc_jiang",
    .title = "VC measure of Jiang et al.",
    .unit = "",
    .help = "d log2(6 d n)^3 (weights): d layers, n the side of the input image",
    .source = "Jiang et al., ICLR 2020, eq. 19 (from memory)",
    .logarithmic = true,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "capacity",
    .invariant = ER_INVARIANT_ALL,
    .cost = ER_COST_MODEL,
    .compute = compute,
};
