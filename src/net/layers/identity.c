/* identity.c - y = x: it makes a model linear where an activation would stand, and is the plain way around a
 * branch. */
#include "net/layer.h"

const struct er_layer_ops er_layer_identity = {
    .name = "identity",
    .help = "y = x",
    .bind = er_layer_bind_pointwise,
};
