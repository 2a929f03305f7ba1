/* blocks.h - a set in chunks, as a training's records take it, and these in tiles that stay in the cache.
 *
 * A chunk's losses are added one after the other, chunks' sums then: so tiles of a chunk are gone through in order, and
 * give the bits of er_network_measure(). Tiles are a power of two of rows, 32 at least where chunks have as many:
 * that is how dense layers cut their batches (layers/dense.c), so that rows meet the same kernels.
 */
#ifndef ERMINE_LANDSCAPE_BLOCKS_H
#define ERMINE_LANDSCAPE_BLOCKS_H

#include "net/affine.h"

struct er_set_blocks {
    const struct er_dataset *set;
    int64_t chunk, chunks;      /* er_net_chunk() examples, the last one fewer */
    int64_t rows;               /* of a tile */
    struct er_plan *tile, *end; /* end: for the tile that is shorter; NULL where none is */
};

/* Tiles of `rows` examples, a power of two up to er_net_chunk(). Errors: er_network_measure()'s for the set,
 * er_plan_new(). */
enum er_status er_set_blocks_open(const struct er_net *net, const struct er_dataset *set, int64_t rows,
                                  struct er_set_blocks *out, struct er_error *err);
void er_set_blocks_close(struct er_set_blocks *blocks);

/* Rows of a tile for which what is moved at every point stays in the second cache. */
int64_t er_set_blocks_rows(const struct er_affine *affine);

/* Where chunk c ends. */
static inline int64_t er_set_blocks_end(const struct er_set_blocks *blocks, int64_t c)
{
    const int64_t end = (c + 1) * blocks->chunk;
    return end < blocks->set->n ? end : blocks->set->n;
}

/* The plan of the tile that begins at example `at` of a chunk that ends at `end`. */
static inline const struct er_plan *er_set_blocks_plan(const struct er_set_blocks *blocks, int64_t at,
                                                       int64_t end)
{
    return end - at < blocks->rows ? blocks->end : blocks->tile;
}

/* The largest scratch that a forward pass of a tile takes, rounded up to ER_ALIGN. */
size_t er_set_blocks_scratch(const struct er_set_blocks *blocks);

#endif
