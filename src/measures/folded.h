/* folded.h - the weight matrices of a network, batch norm folded into those that it follows.
 *
 *     r = gamma / sqrt(variance + epsilon)     W <- r W     b <- beta + r (b - mean)        channel by channel
 *
 * in evaluation: what is seen is a network without batch norm, of other weights, that computes the same. Batch norm
 * can be folded where nothing but what passes its input on lies between, and nothing else reads the weights' outputs.
 * Branches and joins don't matter. Source: Jiang et al., ICLR 2020; the code of Dziugaite et al., NeurIPS 2020.
 */
#ifndef ERMINE_MEASURES_FOLDED_H
#define ERMINE_MEASURES_FOLDED_H

#include "net/layer.h"

/* A layer with weights; a convolution is the matrix that it is, with a row for each channel at each of its `positions`,
 * with the same weights in all of them (fewer at a border). */
struct er_affine {
    int64_t number; /* of layers with weights, as in er_net_norm() */
    int64_t node;   /* of the net */
    int64_t at;     /* where its matrix, fan_in x outputs, begins in `w` */
    int64_t fan_in, outputs, positions;
    int64_t inputs;     /* of the whole map; it has outputs * positions rows */
    double factor;      /* s: the map is s W */
    const double *bias; /* of each output, as it acts */
    bool biased;        /* whether it has one, its own or batch norm's; else all are 0 */
    int64_t norm;       /* the node of the batch norm that was folded into it last; -1: none */
    double lipschitz;   /* in a chain (measures/chain.h): of what lies between the map before, or x, and this
                           one; without the 1. Else 1 */
};

struct er_folded {
    const struct er_net *net;
    struct er_affine *map; /* n of them */
    int64_t n;
    double *w;    /* P: the weights, folded; rounded nowhere */
    double *bias; /* what the maps' point into */
};

/* into[i] = the node with weights that node i is, or, a batch norm, is folded into; else -1. One batch norm may follow another.
 * ER_E_UNSUPPORTED names one that follows no weights. */
enum er_status er_folded_into(const struct er_net *net, int64_t *into, struct er_error *err);

/* Errors as above; ER_E_NONFINITE, ER_E_NOMEM. */
enum er_status er_folded_new(const struct er_net *net, const struct er_network *network,
                             struct er_folded *out, struct er_error *err);
void er_folded_clear(struct er_folded *folded);

/* The epsilon of batch norm. */
double er_folded_epsilon(const struct er_layer *batch_norm);

#endif
