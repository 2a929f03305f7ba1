/* tiles.h - a kernel matrix as tiles, each computed by itself: the grid is the same for any number of threads, and the tiles
 * of the first rows are the same for any number of points.
 *
 * Of points with others: tile t is row t / columns of the grid, column t mod columns. Of points with themselves: the tiles
 * on and below the diagonal, row after row, t = i (i + 1) / 2 + j.
 */
#ifndef ERMINE_LIMIT_TILES_H
#define ERMINE_LIMIT_TILES_H

#include "limit/program.h"

struct er_limit_tiles {
    const struct er_limit_points *a, *b; /* b NULL: of a with itself */
    const struct er_limit_engine *engine;
    int64_t most;          /* rows and columns of a tile */
    int64_t rows, columns; /* of the grid */
    int64_t n;             /* tiles */
};

struct er_limit_tile {
    int64_t row, column;   /* its first entry */
    int64_t rows, columns; /* entries */
};

struct er_limit_tiles er_limit_tiles_of(const struct er_limit_points *a, const struct er_limit_points *b);

struct er_limit_tile er_limit_tile_at(const struct er_limit_tiles *tiles, int64_t t);

/* The number of tile (i, j) of the grid; of points with themselves i >= j. */
static inline int64_t er_limit_tile_index(const struct er_limit_tiles *tiles, int64_t i, int64_t j)
{
    return tiles->b ? i * tiles->columns + j : i * (i + 1) / 2 + j;
}

/* k and theta (or NULL) of a tile, rows ld apart; one on the diagonal is filled whole and symmetric. False when an entry is
 * not finite. `scratch` as the engine's. */
bool er_limit_tile_fill(const struct er_limit_tiles *tiles, const struct er_limit_tile *tile, double *k,
                        double *theta, int64_t ld, void *scratch);

/* Pairs of different examples that a tile has, and all of them. */
double er_limit_tile_pairs(const struct er_limit_tiles *tiles, const struct er_limit_tile *tile);
double er_limit_tiles_pairs(const struct er_limit_tiles *tiles);

/* ER_E_USAGE when Theta is asked of a limit without, or the points are of two limits. */
enum er_status er_limit_tiles_check(const struct er_limit_points *a, const struct er_limit_points *b,
                                    bool theta, struct er_error *err);

/* Scratch for each of `threads` workers, *each bytes apart; freed by er_free(). ER_E_NOMEM. */
enum er_status er_limit_tiles_scratch(const struct er_limit_tiles *tiles, int threads, char **out,
                                      size_t *each, struct er_error *err);

#endif
