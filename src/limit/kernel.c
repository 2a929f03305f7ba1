/* kernel.c - kernel matrices in memory: tiles as tasks of a pool. */
#include "limit/tiles.h"

#include "math/task_count.h"
#include <ermine/memory.h>
#include <inttypes.h>
#include <stdatomic.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SQUARE = 16, LINE = ER_ALIGN / sizeof(double) };

struct work {
    struct er_limit_tiles tiles;
    double *k, *theta;
    int64_t ld;
    char *scratch;
    size_t each;
    double *tile; /* K and Theta of each worker's tile, rows `most` apart */
    double pair_flops;
    atomic_int_fast64_t flawed; /* the first tile with an entry that is not finite; or tiles.n */
    struct er_task_count count;
};

/* to[i] = from[i * step]. `past` the caches, which have no room for a matrix: whole lines aren't read then before they are
 * written. */
static void store(int64_t n, const double *from, int64_t step, double *to, bool past)
{
    int64_t i = 0;
#ifdef __SSE2__
    for (; past && i + 2 <= n; i += 2)
        _mm_stream_pd(to + i, _mm_set_pd(from[(i + 1) * step], from[i * step]));
#else
    (void)past;
#endif
    for (; i < n; i++) to[i] = from[i * step];
}

/* A tile's own place and, of a matrix that is symmetric, the mirror image: in squares, of rows that are far apart. */
static void place(const struct work *w, const struct er_limit_tile *tile, const double *from, double *matrix)
{
    const int64_t ld = w->ld, most = w->tiles.most;
    const bool past = (uintptr_t)matrix % ER_ALIGN == 0 && ld % LINE == 0;
    for (int64_t r = 0; r < tile->rows; r++)
        store(tile->columns, from + r * most, 1, matrix + (tile->row + r) * ld + tile->column, past);
    if (w->tiles.b || tile->row == tile->column) return;
    for (int64_t i = 0; i < tile->columns; i += SQUARE)
        for (int64_t j = 0; j < tile->rows; j += SQUARE)
            for (int64_t c = i; c < i + SQUARE && c < tile->columns; c++)
                store(tile->rows - j < SQUARE ? tile->rows - j : SQUARE, from + j * most + c, most,
                      matrix + (tile->column + c) * ld + tile->row + j, past);
}

/* Column after column of the grid, so that tiles in a row share the points of their columns, which are at hand then. */
static int64_t tile_of(const struct er_limit_tiles *tiles, int64_t task)
{
    if (tiles->b) return er_limit_tile_index(tiles, task % tiles->rows, task / tiles->rows);
    const struct er_limit_tile turned = er_limit_tile_at(tiles, tiles->n - 1 - task);
    return er_limit_tile_index(tiles, tiles->rows - 1 - turned.column / tiles->most,
                               tiles->rows - 1 - turned.row / tiles->most);
}

/* The least of all: not whichever thread comes last. */
static void note_flaw(struct work *w, int64_t task)
{
    int_fast64_t known = atomic_load(&w->flawed);
    while (task < known && !atomic_compare_exchange_weak(&w->flawed, &known, task)) {}
}

static void tile_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    if (er_task_count_stopped(&w->count)) return;
    const int64_t number = tile_of(&w->tiles, task);
    const struct er_limit_tile tile = er_limit_tile_at(&w->tiles, number);
    const int64_t area = w->tiles.most * w->tiles.most;
    double *k = w->tile + 2 * worker * area, *theta = w->theta ? k + area : NULL;
    if (!er_limit_tile_fill(&w->tiles, &tile, k, theta, w->tiles.most, w->scratch + (size_t)worker * w->each))
        note_flaw(w, number);
    place(w, &tile, k, w->k);
    if (theta) place(w, &tile, theta, w->theta);
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
    status = er_limit_tiles_scratch(&w.tiles, er_pool_threads(pool), &w.scratch, &w.each, err);
    if (status != ER_OK) return status;
    atomic_init(&w.flawed, w.tiles.n);
    w.tile = er_alloc(2 * w.tiles.most * w.tiles.most * er_pool_threads(pool), sizeof *w.tile);
    if (!w.tile) {
        er_free(w.scratch);
        return er_fail(err, ER_E_NOMEM, "infinite width: out of memory for tiles of %" PRId64 " points",
                       w.tiles.most);
    }
    er_task_count_open(&w.count, progress, w.pair_flops * er_limit_tiles_pairs(&w.tiles));
    er_pool_run(pool, w.tiles.n, tile_task, &w);
    er_free(w.scratch);
    er_free(w.tile);
    status = er_task_count_close(&w.count, "kernel matrix", err);
    const int64_t flawed = atomic_load(&w.flawed);
    if (status != ER_OK || flawed == w.tiles.n) return status;
    const struct er_limit_tile tile = er_limit_tile_at(&w.tiles, flawed);
    return er_fail(err, ER_E_NONFINITE,
                   "infinite width: an entry in rows %" PRId64 " to %" PRId64 " of the kernel is not finite",
                   tile.row, tile.row + tile.rows - 1);
}
