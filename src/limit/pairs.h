/* pairs.h - K and Theta of many pairs of points at one pixel, and what the linear kernel maps make of them. */
#ifndef ERMINE_LIMIT_PAIRS_H
#define ERMINE_LIMIT_PAIRS_H

#include "limit/program.h"

struct er_pairs {
    double *k, *theta; /* theta NULL: K alone */
};

/* Which of a few places holds the output of which node: place (n) is written, last (n) is scratch. A node that is the last
 * reader of its first input takes its place, so that a chain is computed in one. Returns how many there are, at most n. */
int64_t er_pairs_places(const struct er_limit *limit, int64_t *place, int64_t *last);

/* out = the node's map of its inputs, n pairs each: AFFINE, SCALE, SUM, PRODUCT, CONCAT. Of any other form, a copy of its
 * input. `out` may be in[0]. */
void er_pairs_map(const struct er_limit_node *node, int64_t n, const struct er_pairs *in,
                  struct er_pairs out);

/* K and Theta divided by scale, one for each pair: NORMALISE, in place. */
void er_pairs_normalise(int64_t n, const double *scale, struct er_pairs at);

#endif
