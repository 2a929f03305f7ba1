/* net.h - the inside of a net: bound layers, and where each one's parameters lie. */
#ifndef ERMINE_NET_NET_H
#define ERMINE_NET_NET_H

#include "net/loss.h"
#include "net/model.h"

/* What a net knows of a node beyond its layer. `from` leads past nodes that only pass their input on. */
struct er_bound {
    int64_t at, statistics_at; /* of its parameters and statistics in their blocks */
    int64_t consumers;         /* how many inputs of other nodes, or the loss, take its output */
    bool passes;               /* y is x: it does nothing, nobody leads to it */
    bool trainable;            /* it or a node before it has parameters: its output needs a gradient */
};

struct er_net {
    struct er_node *node; /* n of them, bound, in the order in which they are computed */
    struct er_bound *bound;
    int64_t *from;          /* what the nodes' `from` point into */
    struct er_shape *shape; /* and, beside it, the `branch` of joins */
    int64_t n;
    int64_t output; /* the node whose output the loss takes */
    int64_t n_parameters, n_statistics, n_in, n_out, classes;
    const struct er_loss_ops *loss;
};

/* er_net_new() without a loss: an open width becomes `outputs`, and the last layer gives what it gives. Whatever asks for
 * losses can't be called then; `loss` is NULL and `classes` 0. ER_E_SHAPE, ER_E_LIMIT, ER_E_NOMEM. */
enum er_status er_net_bind(const struct er_model *model, struct er_shape input, int64_t outputs,
                           struct er_net **out, struct er_error *err);

/* Rows to be evaluated at a time, where no batch size rules: a power of two up to 512 that keeps activations
 * within some megabytes. */
int64_t er_net_chunk(const struct er_net *net);

/* Whether the net can be run on a data set: ER_E_SHAPE (inputs, classes), ER_E_INPUT (a label outside of
 * 0..K-1: losses index by labels unasked), with both numbers. A set without examples passes. */
enum er_status er_net_check_data(const struct er_net *net, const struct er_dataset *set,
                                 struct er_error *err);

#endif
