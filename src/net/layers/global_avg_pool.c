/* global_avg_pool.c - the mean over all pixels, channel by channel: H x W x C to 1 x 1 x C.
 *
 *     y[c] = 1/(H W) sum_{u,v} x[u,v,c]
 *
 * Source: Lin, Chen and Yan, "Network in network", ICLR 2014, section 3.2.
 */
#include "net/pooling.h"

const struct er_layer_ops er_layer_global_avg_pool = {
    .name = "global_avg_pool",
    .help = "the mean over all pixels of each channel",
    ER_AVERAGE_READINGS,
};
