/* avg_pool.c - the mean of each window, channel by channel.
 *
 *     y[i,j,c] = (1/n) sum_{a,b} x[i sh + a - top, j sw + b - left, c]
 *
 * over the n pixels of the window that exist: with padding=same, those outside are not counted. A linear map,
 * its own tangent. Places: net/window.h.
 */
#include "net/pooling.h"

const struct er_layer_ops er_layer_avg_pool = {
    .name = "avg_pool",
    .help = "the mean of each window: avg_pool SIZE",
    .argument = er_pooling_arguments,
    ER_AVERAGE_READINGS,
};
