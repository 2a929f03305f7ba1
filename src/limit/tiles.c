/* tiles.c - the grid; and a tile on the diagonal as squares below it and single points. */
#include "limit/tiles.h"

#include "core/available.h"
#include "core/vector.h"

#include <ermine/memory.h>
#include <math.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct er_limit_tiles er_limit_tiles_of(const struct er_limit_points *a, const struct er_limit_points *b)
{
    struct er_limit_tiles t = {.a = a, .b = b, .engine = er_limit_engine_of(a->limit)};
    t.most = t.engine->most;
    t.rows = (a->n + t.most - 1) / t.most;
    t.columns = b ? (b->n + t.most - 1) / t.most : t.rows;
    t.n = b ? t.rows * t.columns : t.rows * (t.rows + 1) / 2;
    return t;
}

struct er_limit_tile er_limit_tile_at(const struct er_limit_tiles *tiles, int64_t t)
{
    int64_t i, j;
    if (tiles->b) {
        i = t / tiles->columns;
        j = t % tiles->columns;
    } else {
        i = (int64_t)((sqrt(8 * (double)t + 1) - 1) / 2);
        while (i * (i + 1) / 2 > t) i--;
        while ((i + 1) * (i + 2) / 2 <= t) i++;
        j = t - i * (i + 1) / 2;
    }
    const int64_t most = tiles->most, all = tiles->b ? tiles->b->n : tiles->a->n;
    return (struct er_limit_tile){i * most, j * most, least(most, tiles->a->n - i * most),
                                  least(most, all - j * most)};
}

/* Points from..from+n of a with themselves: the square that the second half makes with the first, then each half. */
static void fill_below(const struct er_limit_tiles *tiles, int64_t from, int64_t n, double *k, double *theta,
                       int64_t ld, void *scratch)
{
    const struct er_limit_points *a = tiles->a;
    const int64_t half = n / 2, below = half * ld;
    if (n == 1) {
        const double *self = a->block + from * a->limit->point_block + er_limit_self_at(a->limit);
        *k = self[0];
        if (theta) *theta = self[1];
        return;
    }
    tiles->engine->tile(a, from + half, n - half, a, from, half, k + below, theta ? theta + below : NULL, ld,
                        scratch);
    fill_below(tiles, from, half, k, theta, ld, scratch);
    fill_below(tiles, from + half, n - half, k + below + half, theta ? theta + below + half : NULL, ld,
               scratch);
}

static void mirror(int64_t n, double *k, int64_t ld)
{
    for (int64_t r = 0; k && r < n; r++)
        for (int64_t c = 0; c < r; c++) k[c * ld + r] = k[r * ld + c];
}

/* 0 when all are finite, else not a number. */
ER_VECTOR static double flaws(int64_t n, const double *v)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) sum += v[i] - v[i];
    return sum;
}

static bool all_finite(const struct er_limit_tile *tile, const double *k, int64_t ld)
{
    for (int64_t r = 0; k && r < tile->rows; r++)
        if (flaws(tile->columns, k + r * ld) != 0) return false;
    return true;
}

bool er_limit_tile_fill(const struct er_limit_tiles *tiles, const struct er_limit_tile *tile, double *k,
                        double *theta, int64_t ld, void *scratch)
{
    if (!tiles->b && tile->row == tile->column) {
        fill_below(tiles, tile->row, tile->rows, k, theta, ld, scratch);
        mirror(tile->rows, k, ld);
        mirror(tile->rows, theta, ld);
    } else {
        tiles->engine->tile(tiles->a, tile->row, tile->rows, tiles->b ? tiles->b : tiles->a, tile->column,
                            tile->columns, k, theta, ld, scratch);
    }
    return all_finite(tile, k, ld) && all_finite(tile, theta, ld);
}

double er_limit_tile_pairs(const struct er_limit_tiles *tiles, const struct er_limit_tile *tile)
{
    if (!tiles->b && tile->row == tile->column) return (double)tile->rows * (double)(tile->rows - 1) / 2;
    return (double)tile->rows * (double)tile->columns;
}

double er_limit_tiles_pairs(const struct er_limit_tiles *tiles)
{
    const double n = (double)tiles->a->n;
    return tiles->b ? n * (double)tiles->b->n : n * (n - 1) / 2;
}

enum er_status er_limit_tiles_check(const struct er_limit_points *a, const struct er_limit_points *b,
                                    bool theta, struct er_error *err)
{
    if (b && a->limit != b->limit)
        return er_fail(err, ER_E_USAGE, "infinite width: the two sets of points are of different limits");
    if (theta && !a->limit->options.ntk)
        return er_fail(err, ER_E_USAGE, "infinite width: this limit was made without its tangent kernel");
    return ER_OK;
}

enum er_status er_limit_tiles_scratch(const struct er_limit_tiles *tiles, int threads, char **out,
                                      size_t *each, struct er_error *err)
{
    const enum er_status status = tiles->a->limit->vectors ? er_memory_check_blas(threads, err) : ER_OK;
    if (status != ER_OK) return status;
    *each = (size_t)er_limit_scratch_bytes(tiles->a->limit);
    *out = er_alloc(threads, *each);
    if (*out) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "infinite width: out of memory for the scratch of %d threads", threads);
}
