/* conv_map.h - the layer conv as a map of one image: its arguments, its parameters, where it fits. */
#ifndef ERMINE_NET_CONV_MAP_H
#define ERMINE_NET_CONV_MAP_H

#include "net/convolution.h"

extern const struct er_argument er_conv_arguments[];

/* The map of a layer with its input's shape, both sides fitted; gemm is 0. */
struct er_convolution er_conv_map(const struct er_layer *l);

/* Terms of the sum of one output, kh kw C/groups; and weights in all, as many for each of O channels. */
int64_t er_conv_fan_in(const struct er_convolution *c);
int64_t er_conv_weights(const struct er_convolution *c);

/* Whether there is a bias; s and t of net/weights.h. */
bool er_conv_has_bias(const struct er_layer *l);
float er_conv_weight_factor(const struct er_layer *l, const struct er_convolution *c);
float er_conv_bias_factor(const struct er_layer *l);

/* The layer's readings of these names. */
enum er_status er_conv_bind(struct er_layer *l, struct er_error *err);
void er_conv_laws(const struct er_layer *l, struct er_layer_laws *out);
void er_conv_initialise(const struct er_layer *l, uint64_t seed, float *w);
enum er_status er_conv_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err);

#endif
