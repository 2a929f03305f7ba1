/* avg_pool.c - the mean of each window, channel by channel.
 *
 *     y[i,j,c] = (1/n) sum_{a,b} x[i sh + a - top, j sw + b - left, c]
 *
 * over the pixels of the window that exist. n is their number or, with count_padding=true, that of the window's size:
 * then zeros around the image are counted. With padding=circular the image goes on from its other edge, and all exist. A
 * linear map, its own tangent. Places: net/window.h.
 */
#include "net/pooling.h"

static const struct er_argument argument[] = {
    ER_POOLING_SIZES,
    {"padding", ER_ARGUMENT_CHOICE, false, 0, 0, "valid same circular", "valid",
     "valid: windows inside the image only; same: an output for every stride begun; circular: the same, the "
     "image going on from its other edge"},
    {"count_padding", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "false",
     "true: the mean is over the window's whole size, with zeros outside of the image"},
    {0},
};

const struct er_layer_ops er_layer_avg_pool = {
    .name = "avg_pool",
    .help = "the mean of each window: avg_pool SIZE",
    .argument = argument,
    ER_AVERAGE_READINGS,
};
