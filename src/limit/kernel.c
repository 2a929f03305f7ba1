/* kernel.c - kernel matrices in memory: tiles as tasks of a pool. */
#include "limit/tiles.h"

#include "math/task_count.h"
#include <ermine/memory.h>
#include <inttypes.h>
#include <stdatomic.h>

enum { SQUARE = 16 };

struct work {
    struct er_limit_tiles tiles;
    double *k, *theta;
    int64_t ld;
    char *scratch;
    size_t each;
    double pair_flops;
    /* The first tile with an entry that is not finite, or as many as there are tiles. */
    atomic_int_fast64_t flawed;
    struct er_task_count count;
};

/* In squares: rows of a large matrix lie on pages of their own, of which few are at hand at a time. */
static void mirror(const struct er_limit_tile *tile, double *matrix, int64_t ld)
{
    const double *from = matrix + tile->row * ld + tile->column;
    double *to = matrix + tile->column * ld + tile->row;
    for (int64_t i = 0; i < tile->columns; i += SQUARE)
        for (int64_t j = 0; j < tile->rows; j += SQUARE)
            for (int64_t c = i; c < i + SQUARE && c < tile->columns; c++)
                for (int64_t r = j; r < j + SQUARE && r < tile->rows; r++) to[c * ld + r] = from[r * ld + c];
}

static void flaw(struct work *w, int64_t tile)
{
    int_fast64_t first = atomic_load(&w->flawed);
    while (tile < first && !atomic_compare_exchange_weak(&w->flawed, &first, tile)) continue;
}

static void tile_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    if (er_task_count_stopped(&w->count)) return;
    const struct er_limit_tile tile = er_limit_tile_at(&w->tiles, task);
    const int64_t at = tile.row * w->ld + tile.column;
    if (!er_limit_tile_fill(&w->tiles, &tile, w->k + at, w->theta ? w->theta + at : NULL, w->ld,
                            w->scratch + (size_t)worker * w->each))
        flaw(w, task);
    if (!w->tiles.b && tile.row != tile.column) {
        mirror(&tile, w->k, w->ld);
        if (w->theta) mirror(&tile, w->theta, w->ld);
    }
    er_task_count_add(&w->count, w->pair_flops * er_limit_tile_pairs(&w->tiles, &tile));
}

enum er_status er_limit_kernel(const struct er_limit_points *a, const struct er_limit_points *b, double *k,
                               double *theta, struct er_pool *pool, const struct er_progress *progress,
                               struct er_error *err)
{
    struct work w = {.k = k, .theta = theta, .ld = b ? b->n : a->n, .pair_flops = er_limit_flops(a->limit)};
    enum er_status status = er_limit_tiles_check(a, b, theta != NULL, err);
    if (status != ER_OK) return status;
    w.tiles = er_limit_tiles_of(a, b);
    atomic_store(&w.flawed, w.tiles.n);
    status = er_limit_tiles_scratch(&w.tiles, er_pool_threads(pool), &w.scratch, &w.each, err);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, w.pair_flops * er_limit_tiles_pairs(&w.tiles));
    er_pool_run(pool, w.tiles.n, tile_task, &w);
    er_free(w.scratch);
    status = er_task_count_close(&w.count, "kernel matrix", err);
    const int64_t flawed = atomic_load(&w.flawed);
    if (status != ER_OK || flawed == w.tiles.n) return status;
    const struct er_limit_tile tile = er_limit_tile_at(&w.tiles, flawed);
    return er_fail(err, ER_E_NONFINITE,
                   "infinite width: an entry in rows %" PRId64 " to %" PRId64 " of the kernel is not finite",
                   tile.row, tile.row + tile.rows - 1);
}
