/* lazy_network.h - a network of two layers whose output has a scale, in float64.
 *
 *     f(x) = alpha / sqrt(M) sum_{k<M} a_k max(w_k . x, 0)          w_k (d), a_k from N(0, 1), no biases
 *
 * Doubled (M even), units 2p and 2p + 1 start with the same w and opposite a, so that f = 0 at the start, exactly: sums
 * over units add each pair to its own two lanes, whose totals are opposite to the bit. Units are drawn one after the
 * other, so a narrower network is the beginning of a wider one.
 *
 * Units lie in blocks of ER_LAZY_LANES, the last one filled up with units of 0, which stay 0. Unit k is lane k mod 8 of
 * block k / 8. Products are of vectors over the units of a block, with sums over inputs or examples in their order: the
 * same bits at every vector width (core/vector.h).
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_NETWORK_H
#define ERMINE_EXPERIMENTS_LAZY_NETWORK_H

#include <ermine/status.h>
#include <stdbool.h>

enum { ER_LAZY_LANES = 8 };

struct er_lazy_network {
    int64_t d, units, blocks;
    double scale; /* alpha / sqrt(M) */
    double *w;    /* blocks x d x lanes */
    double *a;    /* blocks x lanes */
};

/* The network at its start. ER_E_NOMEM; freed by er_lazy_network_clear(). */
enum er_status er_lazy_network_new(int64_t d, int64_t units, double alpha, bool doubled, uint64_t seed,
                                   struct er_lazy_network *out, struct er_error *err);

enum er_status er_lazy_network_copy(const struct er_lazy_network *from, struct er_lazy_network *out,
                                    struct er_error *err);

void er_lazy_network_clear(struct er_lazy_network *network);

/* Numbers of a layer's outputs for n examples. */
int64_t er_lazy_hidden_size(const struct er_lazy_network *network, int64_t n);

/* f (n) of inputs x (n x d, row-major), and hidden (er_lazy_hidden_size()) = max(w_k . x_i, 0), blocks x n x lanes. */
void er_lazy_network_outputs(const struct er_lazy_network *network, int64_t n, const double *x,
                             double *hidden, double *f);

/* weights -= sum_i c_i d f(x_i) / d weights, of the hidden outputs at these weights, which are overwritten. */
void er_lazy_network_move(struct er_lazy_network *network, int64_t n, const double *x, const double *c,
                          double *hidden);

/* |weights - those of start| / |those of start|, over w and a together. */
double er_lazy_network_movement(const struct er_lazy_network *network, const struct er_lazy_network *start);

/* Of n hidden outputs each: the share of pairs of example and unit where one is 0 and the other is not. */
double er_lazy_flips(const struct er_lazy_network *network, int64_t n, const double *hidden,
                     const double *hidden_start);

#endif
