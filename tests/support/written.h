/* written.h - model texts made of the list of layers: each layer written in many ways, from its table of
 * arguments alone, and set into small nets. A layer added tomorrow is written by the same rule. */
#ifndef ERMINE_TESTS_SUPPORT_WRITTEN_H
#define ERMINE_TESTS_SUPPORT_WRITTEN_H

#include "net/layer.h"

enum { WRITTEN_MOST = 64, WRITTEN_LENGTH = 256 };

/* A layer written in up to WRITTEN_MOST ways. The first has only what must be given; then each value of
 * each argument once; then some draws of several at a time. Not all need to fit a net. Returns how many. */
int written_layers(const struct er_layer_ops *ops, uint64_t seed, char out[WRITTEN_MOST][WRITTEN_LENGTH]);

/* Nets around a layer: on a vector behind a dense layer; first of all on an image; behind a convolution. */
enum written_place { WRITTEN_ON_VECTOR, WRITTEN_ON_IMAGE, WRITTEN_BEHIND_CONV, WRITTEN_PLACES };

/* The net's text around `layer`, and the shape of its input. */
struct er_shape written_net(enum written_place place, const char *layer, char *out);

#endif
