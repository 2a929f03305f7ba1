/* <ermine/norm.h> - norms of the layers of a network that are linear maps: of their weights (dense, conv), and as
 * maps.
 *
 * Each is the norm of the layer as it acts: with the factor s that init=ntk and scale give it, without its
 * bias. O outputs (of a convolution: channels), W_o the incoming weights of output o.
 *
 *     spectral    max |L x|_2 / |x|_2     L is the layer as a linear map on inputs of its own shape, with its
 *                                         stride, dilation, padding and groups
 *
 *     frobenius   s sqrt(sum W^2)
 *
 *     two-one     s sum_o |W_o|_2         the (2,1)-norm of the transposed weight matrix
 *
 *     one-inf     s max_o |W_o|_1         max |L x|_inf / |x|_inf, of a convolution too where an output sees
 *                                         every tap at a pixel of its own
 *
 * The spectral norm of a convolution is not that of its weights written as a matrix of kh kw C/groups x O,
 * which is between it and its sqrt(kh kw)-th part where some output sees all taps. It comes from products
 * with the layer's own forward and backward pass (er_operator_norm()): in float32, to a relative error of
 * about 1e-6, never above the true norm by more than rounding. For padding=circular and stride 1 it agrees
 * with Sedghi, Gupta and Long, "The singular values of convolutional layers", ICLR 2019. Norms of measures:
 * Neyshabur et al., NeurIPS 2017; Bartlett, Foster and Telgarsky, NeurIPS 2017 ((2,1) and spectral); Jiang et
 * al., ICLR 2020.
 */
#ifndef ERMINE_NORM_H
#define ERMINE_NORM_H

#include <ermine/net.h>

enum er_norm { ER_NORM_SPECTRAL, ER_NORM_FROBENIUS, ER_NORM_TWO_ONE, ER_NORM_ONE_INF };

/* A layer with weights. */
struct er_weight_layer {
    int64_t index;    /* its number in the model's text, from 0; a join's comes before its branches' */
    const char *name; /* "dense", "conv" */
    int64_t at, n;    /* its parameters, bias included, are w[at .. at + n) */
};

/** The i-th layer with weights, i from 0 in the order of the text; false behind the last. */
ER_API bool er_net_weight_layer(const struct er_net *net, int64_t i, struct er_weight_layer *out);

/**
 * *out = the norm of the i-th layer with weights.
 *
 * @param w  the P parameters of the whole net.
 * Errors: ER_E_USAGE (no such layer), ER_E_NONFINITE (a weight or product is not finite, or the spectral
 * norm's fourth power leaves float32), ER_E_NOMEM. *out is untouched then. Any thread. Cost: one pass over
 * the weights; spectral some dozens, rarely hundreds, of forward and backward passes of one row. Memory: 25
 * vectors of the layer's smaller side.
 */
ER_API enum er_status er_net_norm(const struct er_net *net, int64_t i, enum er_norm which, const float *w,
                                  double *out, struct er_error *err);

/**
 * *out = the norm of a layer as a map from its input to its output, in evaluation and without what it adds.
 *
 *     dense, conv                 as er_net_norm()
 *     scale, gain                 |c|, |g|
 *     batch_norm                  max over channels of |gamma| / sqrt(running variance + epsilon)
 *     avg_pool, global_avg_pool   spectral from products, as of a convolution; one-inf 1,
 *                                 with count_padding=true the share of the fullest window that is image
 *     identity, flatten, dropout  1
 *
 * All but the first have no matrix of weights, and of the four norms spectral and one-inf.
 *
 * @param index    its number in the model's text, as in er_weight_layer.
 * @param network  its w and, where the net has them, statistics; `training` is not looked at.
 * Errors: as er_net_norm(), ER_E_USAGE for a layer that is not there, and ER_E_UNSUPPORTED for one that is not
 * linear or a join, and for a norm that it has not. *out is untouched then. Any thread. Cost: as er_net_norm().
 */
ER_API enum er_status er_net_map_norm(const struct er_net *net, int64_t index, enum er_norm which,
                                      const struct er_network *network, double *out, struct er_error *err);

#endif
