/* network_tensors.h - the tensors of a net in the order of its layers, with their names and shapes in files
 * and their places in memory.
 *
 * A dense layer sees the features of an image where nothing but flatten and layers that keep features apart
 * (pointwise ones, norms, dropout, joins) lie between: then its weights are permuted, as are scale and shift
 * of norms on the way. What layers that mix features give is a vector of its own.
 */
#ifndef ERMINE_NET_NETWORK_TENSORS_H
#define ERMINE_NET_NETWORK_TENSORS_H

#include "net/net.h"

#include <ermine/tensors.h>

struct er_network_tensors {
    int64_t n;
    struct er_tensor *tensor;      /* names ("layers.3.weight") and shapes in the file; no bytes */
    struct er_layer_tensor *place; /* `at` counts from the beginning of the net's block */
    struct er_arena *memory;
};

/* ER_E_UNSUPPORTED names the layer that has no tensors, or the join of an image's features with others. */
enum er_status er_network_tensors_new(const struct er_net *net, struct er_network_tensors *out,
                                      struct er_error *err);
void er_network_tensors_clear(struct er_network_tensors *tensors);

#endif
