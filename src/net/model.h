/* model.h - the inside of a model: nodes in the order in which they are computed, not yet bound to shapes. */
#ifndef ERMINE_NET_MODEL_H
#define ERMINE_NET_MODEL_H

#include "net/layer.h"

enum { ER_FROM_INPUT = -1 };

struct er_node {
    struct er_layer layer; /* of a model: only ops, argument and index are set */
    int64_t *from;         /* n_from nodes before this one, or ER_FROM_INPUT; several only for a join */
    int64_t n_from;
    int64_t line, column; /* where it was written; 0: unknown */
};

struct er_model {
    struct er_node *node; /* n of them; the last one's output is the model's */
    int64_t n, room;
    int64_t *from; /* what the nodes' `from` point into once all are there */
    int64_t n_from, from_room;
    char *text;  /* canonical */
    char *label; /* of a single preset, as it was written; else NULL */
};

#endif
