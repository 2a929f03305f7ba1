/* blocks.c - plans for the chunks and tiles of a set. */
#include "landscape/blocks.h"

#include <ermine/memory.h>

enum { FEWEST = 32 };
static const int64_t MOVED_FLOATS = (int64_t)1
                                    << 16;    /* of a first layer's outputs, of three arrays of them */
static const int64_t MANY = (int64_t)1 << 15; /* parameters behind: making them costs as much */

int64_t er_set_blocks_rows(const struct er_affine *affine)
{
    int64_t rows = er_net_chunk(affine->net), behind = 0;
    for (int64_t i = 0; i < affine->n_rest; i++) behind += affine->rest[i].n;
    if (affine->n == 0 || behind > MANY) return rows;
    while (rows > FEWEST && rows * affine->floats > MOVED_FLOATS) rows /= 2;
    return rows;
}

enum er_status er_set_blocks_open(const struct er_net *net, const struct er_dataset *set, int64_t rows,
                                  struct er_set_blocks *out, struct er_error *err)
{
    struct er_set_blocks blocks = {.set = set, .chunk = er_net_chunk(net), .rows = rows};
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "there are no examples to evaluate networks on");
    enum er_status status = er_net_check_data(net, set, err);
    if (status != ER_OK) return status;
    blocks.chunks = (set->n + blocks.chunk - 1) / blocks.chunk;
    if (set->n >= rows) status = er_plan_new(net, rows, &blocks.tile, err);
    if (status == ER_OK && set->n % rows) status = er_plan_new(net, set->n % rows, &blocks.end, err);
    if (status == ER_OK)
        *out = blocks;
    else
        er_set_blocks_close(&blocks);
    return status;
}

void er_set_blocks_close(struct er_set_blocks *blocks)
{
    er_plan_free(blocks->tile);
    er_plan_free(blocks->end);
    *blocks = (struct er_set_blocks){0};
}

size_t er_set_blocks_scratch(const struct er_set_blocks *blocks)
{
    const size_t tile = blocks->tile ? er_plan_call_bytes(blocks->tile, 1, ER_PLAN_FORWARD) : 0,
                 end = blocks->end ? er_plan_call_bytes(blocks->end, 1, ER_PLAN_FORWARD) : 0,
                 most = tile > end ? tile : end;
    return (most + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
}
