/* limit_pixels.h - kernels of infinite width by plain loops over all pairs of pixels, in float64: every node of a program in
 * full, its map as net/kernel_map.h writes it down. Activations are the two relus here.
 */
#ifndef ERMINE_TESTS_LIMIT_PIXELS_H
#define ERMINE_TESTS_LIMIT_PIXELS_H

#include "limit/program.h"

enum { MOST_PIXEL_NODES = 24 };

/* A relu that is written down plainly, and one whose table is the variance itself. */
extern const struct er_dual plain_relu, table_relu;

/* K and Theta of all pairs of pixels of every node, by node + 1. */
struct full {
    double *k[MOST_PIXEL_NODES + 1], *t[MOST_PIXEL_NODES + 1]; /* by node + 1 */
};

/* Of points x1 and x2; self1, self2: the full kernels of each alone. self1 == f: a point with itself. Freed by full_free();
 * ends the program where memory is out. */
void full_kernel(const struct er_limit *limit, const double *x1, const double *x2, struct full *f,
                 const struct full *self1, const struct full *self2);
void full_free(struct full *f);

#endif
