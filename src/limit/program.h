/* program.h - the inside of a limit: a net's nodes with their kernel maps, in the order in which they are computed.
 *
 * Two engines run a program on pairs of points: vector.h, where every node is one pixel (fully connected nets: a tile of
 * pairs at a time), and slice.h, for images (one pair at a time, one displacement of the two pixels after the other).
 */
#ifndef ERMINE_LIMIT_PROGRAM_H
#define ERMINE_LIMIT_PROGRAM_H

#include "net/kernel_map.h"
#include "net/net.h"

#include <ermine/limit.h>

struct er_limit_node {
    struct er_kernel_map map;
    const struct er_layer *layer;
    const int64_t *from; /* n_from nodes before this one, or ER_FROM_INPUT */
    int64_t n_from;
    int64_t height, width; /* pixels of its output; behind flatten those of the image before it */
    bool gaussian;         /* its output is a zero-mean Gaussian, independent from channel to channel */
    /* Of a POINTWISE, NORMALISE: where the variances of its input begin in a point's block, one for each pixel of the
     * input; and where their tables do (dual->width each). Else -1. */
    int64_t variances_at, tables_at;
};

struct er_limit {
    struct er_net *net;
    struct er_limit_node *node; /* n; nodes that pass their input on are kept, as PASS */
    int64_t n, output;          /* the last one: one pixel, else ER_E_SHAPE */
    struct er_limit_options options;
    struct er_shape input;
    bool vectors; /* whether the vector engine can run it: every map is of one pixel */
    int64_t
        point_block; /* doubles that a point has beside x: variances, tables, and K and Theta with itself at the end */
};

/* Where K(x,x) and Theta(x,x) stand in a point's block. */
static inline int64_t er_limit_self_at(const struct er_limit *limit)
{
    return limit->point_block - 2;
}

struct er_limit_points {
    const struct er_limit *limit;
    int64_t n;
    const double *x; /* n x D */
    double *block;   /* n x limit->point_block */
};

/* What an engine does. `scratch` is a worker's own, `scratch_bytes` long, aligned to ER_ALIGN. */
struct er_limit_engine {
    double (*scratch_bytes)(const struct er_limit *limit);
    /* Fills the blocks of n points of d values each. */
    void (*prepare)(const struct er_limit *limit, int64_t n, const double *x, double *block, void *scratch);
    /* k, theta (rows x columns, ld apart; theta may be NULL) of points i.. of a with points j.. of b, all pairs being of
     * different examples: whoever wants a point with itself reads its block. At most `tile` rows and columns. */
    void (*tile)(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch);
    int64_t most; /* rows and columns of a tile */
};

extern const struct er_limit_engine er_limit_vectors, er_limit_slices;

static inline const struct er_limit_engine *er_limit_engine_of(const struct er_limit *limit)
{
    return limit->vectors ? &er_limit_vectors : &er_limit_slices;
}

#endif
