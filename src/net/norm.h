/* norm.h - what readings `norm` are made of. Errors are those of er_net_norm() and er_net_map_norm(). */
#ifndef ERMINE_NET_NORM_H
#define ERMINE_NET_NORM_H

#include "net/layer.h"

/* Of a layer y = s x W + bias, W its first parameters: a matrix of fan_in x outputs, row-major. */
enum er_status er_norm_linear(const struct er_layer *layer, enum er_norm which, int64_t fan_in,
                              int64_t outputs, float factor, const float *w, double *out,
                              struct er_error *err);

/* Of a layer that multiplies each value by a factor of its own, `most` being the largest of their sizes, or one
 * that is not finite. */
enum er_status er_norm_factors(const struct er_layer *layer, enum er_norm which, double most, double *out,
                               struct er_error *err);

/* Of a layer of means, each over some of the values, without parameters. */
enum er_status er_norm_means(const struct er_layer *layer, enum er_norm which, double *out,
                             struct er_error *err);

#endif
