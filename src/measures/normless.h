/* normless.h - a network as it is evaluated, without batch norm and dropout: another net, of the same function.
 *
 *     z = s W x + t b     y = gamma (z - mean) r + beta,  r = 1 / sqrt(variance + epsilon)
 *
 *     W' = gamma r W      b' = (beta + gamma r (t b - mean)) / t'      y = s W' x + t' b'
 *
 * channel by channel, of every batch norm: it must follow a dense layer or a convolution, whose output goes nowhere else.
 * The layer before gets a bias where it has none (t' = 1); no other parameter changes. Branches are allowed.
 *
 * What is perturbed around a minimum is this net's parameters: a batch norm makes the function indifferent to the size of the
 * weights before it, and so a noise of one size on them means nothing. It is faster, too.
 */
#ifndef ERMINE_MEASURES_NORMLESS_H
#define ERMINE_MEASURES_NORMLESS_H

#include "net/net.h"

struct er_normless {
    const struct er_net *of;
    struct er_net *net;     /* P parameters, no statistics */
    int64_t *norm;          /* a node each: the batch norm that is folded into it, or -1 */
    unsigned char *weights; /* P bytes: 1 for the elements of weight tensors, 0 for biases and the like */
    int64_t n_weights;      /* omega: how many are 1 */
    int64_t layers;         /* dense layers and convolutions */
};

/* The net. ER_E_UNSUPPORTED names a batch norm that can't be folded; ER_E_NOMEM. Borrows `net`. */
enum er_status er_normless_new(const struct er_net *net, struct er_normless *out, struct er_error *err);
void er_normless_clear(struct er_normless *normless);

/* w (P of that net) = the parameters of a network of the net it was made of, in evaluation. ER_E_NONFINITE where one
 * is not finite; w is then undefined. Folded by measures/folded.h. */
enum er_status er_normless_weights(const struct er_normless *normless, const float *from,
                                   const float *statistics, float *w, struct er_error *err);

#endif
