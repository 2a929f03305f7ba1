/* units.h - layers of hidden units of a net without branches, and the tensors that touch them. */
#ifndef ERMINE_LANDSCAPE_UNITS_H
#define ERMINE_LANDSCAPE_UNITS_H

#include "net/tensor_layout.h"
#include <ermine/net.h>

enum { ER_UNITS_FIXED = -1 }; /* inputs and outputs of the net keep their places */

/* A part of the parameters or statistics, (H, W, C, O) in memory as in net/tensor_layout.h: whose units its
 * channels c and its outputs o are. */
struct er_units_tensor {
    struct er_tensor_axes axes;
    int64_t at; /* in its block */
    bool statistics;
    int64_t in, out; /* numbers of layers of units, or ER_UNITS_FIXED */
};

struct er_units {
    int64_t layers, total;
    int64_t *n;                     /* units of each layer */
    int64_t *first;                 /* where each begins in a permutation */
    struct er_units_tensor *tensor; /* all of them, in the order of the layers */
    int64_t tensors;
};

/* Errors of er_net_units(). */
enum er_status er_units_new(const struct er_net *net, struct er_units *out, struct er_error *err);
void er_units_clear(struct er_units *units);

/* The places of a layer, or NULL for what is fixed. */
static inline const int64_t *er_units_places(const struct er_units *units, int64_t layer,
                                             const int64_t *permutation)
{
    return layer == ER_UNITS_FIXED ? NULL : permutation + units->first[layer];
}

#endif
