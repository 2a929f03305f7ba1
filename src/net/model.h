/* model.h - the inside of a model: layers with their arguments, not yet bound to shapes. */
#ifndef ERMINE_NET_MODEL_H
#define ERMINE_NET_MODEL_H

#include "net/layer.h"

struct er_model {
    struct er_layer *layer; /* n of them; only ops, argument and index are set */
    int64_t n;
    char *text; /* canonical */
};

#endif
