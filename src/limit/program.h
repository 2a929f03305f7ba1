/* program.h - the inside of a limit: a net's nodes with their kernel maps, in the order in which they are computed.
 *
 * Two engines run a program on pairs of points: er_limit_vectors, where every node is one pixel (fully connected nets: a
 * tile of pairs at a time), and er_limit_slices, for images (one pair at a time, one displacement of the two pixels after
 * the other).
 */
#ifndef ERMINE_LIMIT_PROGRAM_H
#define ERMINE_LIMIT_PROGRAM_H

#include "net/kernel_map.h"
#include "net/net.h"

#include <ermine/limit.h>

struct er_limit_node {
    struct er_kernel_map map;
    const struct er_layer *layer;
    const int64_t *from; /* n_from nodes of the program before this one, or ER_FROM_INPUT */
    int64_t n_from;
    int64_t height, width; /* pixels of its output; behind flatten those of the image before it */
    /* Of a POINTWISE or NORMALISE, else -1: where the variances of its input begin in a point's block, one for each pixel of
     * the input; and where their tables do, dual->width each (-1 without), in the block, or with table_block beside it. */
    int64_t variances_at, tables_at;
    /* How many displacements p' - p of its output's pixels are needed, each on at most height * width pixels: all of them in
     * front of an average, 1 in front of what takes the mean over p = p'. */
    double displacements;
};

struct er_limit {
    struct er_net *net;
    struct er_limit_node *node; /* n, the last one is the output: one pixel */
    int64_t *from;              /* what the nodes' `from` point into */
    int64_t n;
    struct er_limit_options options;
    struct er_shape input;
    bool vectors; /* whether every node is one pixel, and every layer with weights takes all pixels */
    struct er_slices *slices; /* how the engine of images runs it; NULL with vectors */
    /* Doubles that a point has beside x: variances, tables, and K and Theta with itself at the end. */
    int64_t point_block;
    /* Doubles of a point's tables where they are not kept but made again for each tile, which many displacements pay for;
     * 0: they are in the block. */
    int64_t table_block;
};

/* Pixels of a node's output; of the data for ER_FROM_INPUT. */
static inline int64_t er_limit_height(const struct er_limit *limit, int64_t node)
{
    return node < 0 ? limit->input.height : limit->node[node].height;
}
static inline int64_t er_limit_width(const struct er_limit *limit, int64_t node)
{
    return node < 0 ? limit->input.width : limit->node[node].width;
}
static inline int64_t er_limit_pixels(const struct er_limit *limit, int64_t node)
{
    return er_limit_height(limit, node) * er_limit_width(limit, node);
}

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
    bool masked;     /* with masks of dropout: a point is not what an equal one is */
};

/* Whether equal points of a and b have the kernel of a point with itself. */
static inline bool er_limit_joins(const struct er_limit_points *a, const struct er_limit_points *b)
{
    return !a->masked && !b->masked;
}

/* ER_E_USAGE: an option is out of its range. */
enum er_status er_limit_check_options(const struct er_limit_options *options, struct er_error *err);

/* What the options say in the place of the model, of a layer with weights; other maps stay as they are. */
void er_limit_override(const struct er_limit_options *options, struct er_kernel_map *map);

/* Where a point's numbers lie: variances_at, tables_at, point_block, table_block. ER_E_LIMIT. */
enum er_status er_limit_lay_out(struct er_limit *limit, struct er_error *err);

/* What an engine does. `scratch` is a worker's own, `scratch_bytes` long, aligned to ER_ALIGN. */
struct er_limit_engine {
    double (*scratch_bytes)(const struct er_limit *limit);
    /* Fills the blocks of n points of D values each; `training`: with the masks of dropout. */
    void (*prepare)(const struct er_limit *limit, int64_t n, const double *x, bool training, double *block,
                    void *scratch);
    /* k, theta (rows x columns, ld apart; theta may be NULL) of points i.. of a with points j.. of b, all pairs being of
     * different examples: whoever wants a point with itself reads its block. At most `most` rows and columns. */
    void (*tile)(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch);
    int64_t most;
};

extern const struct er_limit_engine er_limit_vectors, er_limit_slices;

static inline const struct er_limit_engine *er_limit_engine_of(const struct er_limit *limit)
{
    return limit->vectors ? &er_limit_vectors : &er_limit_slices;
}

#endif
