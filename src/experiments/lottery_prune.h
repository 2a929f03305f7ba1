/* lottery_prune.h - which weights of a network are pruned: those of least magnitude, layer by layer.
 */
#ifndef ERMINE_EXPERIMENTS_LOTTERY_PRUNE_H
#define ERMINE_EXPERIMENTS_LOTTERY_PRUNE_H

#include <ermine/net.h>

/* Of every layer with weights, of the k of its weights whose byte in mask[0..P) is not 0, floor(share k) are pruned: those
 * of least magnitude in w (P), of equal ones those that come first. `last` is the share of the last layer with weights.
 * Biases, gains and shifts stay. ER_E_NOMEM: the mask is as it was. */
enum er_status er_lottery_prune(const struct er_net *net, const float *w, double share, double last,
                                unsigned char *mask, struct er_error *err);

/* The share of the net's weights (biases and the like are none) that a mask leaves. */
double er_lottery_density(const struct er_net *net, const unsigned char *mask);

#endif
