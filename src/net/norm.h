/* norm.h - the reading `norm` of layers that are y = s x W + bias, W their first parameters. */
#ifndef ERMINE_NET_NORM_H
#define ERMINE_NET_NORM_H

#include "net/layer.h"

/* W as a matrix of fan_in x outputs, row-major. Errors as er_net_norm(). */
enum er_status er_norm_linear(const struct er_layer *layer, enum er_norm which, int64_t fan_in,
                              int64_t outputs, float factor, const float *w, double *out,
                              struct er_error *err);

#endif
