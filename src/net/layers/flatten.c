/* flatten.c - height x width x channels become 1 x 1 x (height width channels); values stay in their order.
 */
#include "net/layer.h"

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    (void)err;
    l->out = (struct er_shape){1, 1, er_shape_size(l->in)};
    er_layer_size(l);
    return ER_OK;
}

const struct er_layer_ops er_layer_flatten = {
    .name = "flatten",
    .help = "an image as one vector",
    .bind = bind,
};
