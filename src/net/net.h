/* net.h - the inside of a net: bound layers, and where each one's parameters lie. */
#ifndef ERMINE_NET_NET_H
#define ERMINE_NET_NET_H

#include "net/layer.h"
#include "net/loss.h"

struct er_net {
    struct er_layer *layer; /* n of them, bound */
    int64_t *offset;        /* of layer i's parameters in the block */
    int64_t n;
    int64_t first; /* the first layer with parameters: nothing before it needs a gradient */
    int64_t n_parameters, n_in, n_out, classes;
    const struct er_loss_ops *loss;
};

#endif
