/* slice.c - the engine of images: tiles of pairs, chunk after chunk of displacements (slice_plan.h). */
#include "limit/slice_work.h"

#include <math.h>
#include <string.h>

enum { PAIRS = ER_SLICE_MOST * ER_SLICE_MOST, STRETCH = 64 };

static const double NEAR = 1.0 / 128;

static int64_t add(struct er_slice_parts *parts, int64_t count, int64_t size)
{
    const int64_t at = parts->bytes;
    parts->bytes += (count * size + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
    return at;
}

struct er_slice_parts er_slice_parts(const struct er_limit *limit, const struct er_slice_run *run,
                                     int64_t pairs, int64_t real)
{
    const struct er_slices *slices = limit->slices;
    struct er_slice_parts parts = {0};
    if (run->tail) pairs = 0; /* nothing is stored of single pixels */
    parts.values = add(&parts, (limit->n + 1) * PAIRS, sizeof(struct er_slice_value));
    parts.tables = add(&parts, 2 * ER_SLICE_MOST * limit->table_block, sizeof(double));
    parts.stored = add(&parts, pairs * 2 * slices->stored_numbers, real);
    parts.stored_lines = add(&parts, pairs * 2 * slices->line_numbers, real);
    parts.masks = add(&parts, limit->n, sizeof(struct er_slice_masks));
    parts.lane = add(&parts, run->entries, sizeof(double));
    parts.slot = add(&parts, 2 * (run->n_slots + 1) * run->entries, real);
    parts.line = add(&parts, 2 * run->line_numbers, real);
    parts.mask = add(&parts, run->mask_numbers, real);
    parts.planes = add(&parts, 2 * ER_SLICE_MOST * run->plane_numbers, real);
    parts.spread = add(&parts, (ER_SLICE_MOST + 1) * run->spread_numbers, real);
    return parts;
}

static double scratch_bytes(const struct er_limit *limit)
{
    const struct er_slices *slices = limit->slices;
    int64_t most = 0;
    for (int64_t r = 0; r < slices->n_runs; r++)
        for (int alone = 0; alone < 2; alone++) {
            const bool float32 = !alone && slices->float32 && !slices->run[r].tail;
            const int64_t pairs = alone ? 1 : slices->rows * slices->columns,
                          bytes = er_slice_parts(limit, &slices->run[r], pairs,
                                                 float32 ? sizeof(float) : sizeof(double))
                                      .bytes;
            if (bytes > most) most = bytes;
        }
    return (double)most;
}

/* Sums and stored means, and then the output. */
static void run_all(const struct er_slice_tile *tile)
{
    const struct er_slices *slices = tile->limit->slices;
    for (int64_t r = 0; r < slices->n_runs; r++) {
        const struct er_slice_run *run = &slices->run[r];
        struct er_slice_value *out = tile->value + (run->sums ? run->target : tile->limit->n) * PAIRS;
        if (slices->float32 && !tile->self && !tile->float64 && !run->tail)
            er_slice_tile32(tile, run, out);
        else
            er_slice_tile64(tile, run, out);
    }
}

/* Where a worker makes tables, if it does. */
static double *made_tables(const struct er_limit *limit, char *scratch)
{
    return (double *)(scratch + er_slice_parts(limit, limit->slices->run, 1, sizeof(double)).tables);
}

/* The tables of n points, in their blocks or made now. */
static const double *tables_of(const struct er_limit *limit, int64_t n, const double *block, double *made)
{
    if (limit->table_block == 0) return block;
    for (int64_t p = 0; p < n; p++, block += limit->point_block)
        for (int64_t i = 0; i < limit->n; i++) {
            const struct er_limit_node *node = &limit->node[i];
            if (node->tables_at < 0) continue;
            node->map.dual->prepare(node->map.parameter, er_limit_pixels(limit, node->from[0]),
                                    block + node->variances_at,
                                    made + p * limit->table_block + node->tables_at);
        }
    return made;
}

static void prepare(const struct er_limit *limit, int64_t n, const double *x, bool training, double *block,
                    void *scratch)
{
    for (int64_t i = 0; i < n; i++, x += limit->net->n_in, block += limit->point_block) {
        double *tables = limit->table_block == 0 ? block : made_tables(limit, scratch);
        struct er_slice_self self = {.block = block, .tables = tables, .training = training};
        struct er_slice_tile tile = {.limit = limit,
                                     .x = {x, x},
                                     .block = {block, block},
                                     .tables = {tables, tables},
                                     .rows = 1,
                                     .columns = 1,
                                     .theta = limit->options.ntk,
                                     .self = &self,
                                     .value = scratch,
                                     .scratch = scratch};
        const struct er_slice_value *value = tile.value + limit->n * PAIRS;
        run_all(&tile);
        block[er_limit_self_at(limit)] = value->k;
        block[er_limit_self_at(limit) + 1] = value->theta;
    }
}

/* The pairs from (i, j) of a tile that are run together. */
static void some(const struct er_slice_tile *tile, int64_t i, int64_t rows, int64_t j, int64_t columns,
                 bool float64, double *k, double *theta, int64_t ld)
{
    const struct er_limit *limit = tile->limit;
    struct er_slice_tile pairs = *tile;
    pairs.rows = rows;
    pairs.columns = columns;
    pairs.float64 = float64;
    for (int side = 0; side < 2; side++) {
        const int64_t from = side == 0 ? i : j;
        pairs.x[side] += from * limit->net->n_in;
        pairs.block[side] += from * limit->point_block;
        pairs.tables[side] += from * tile->table_step;
    }
    run_all(&pairs);
    const struct er_slice_value *value = pairs.value + limit->n * PAIRS;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            k[r * ld + c] = value[r * ER_SLICE_MOST + c].k;
            if (theta) theta[r * ld + c] = value[r * ER_SLICE_MOST + c].theta;
        }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* 1 / |x|, or 0. */
static double inverse_norm(int64_t n, const double *x)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sum > 0 ? 1 / sqrt(sum) : 0;
}

/* Whether the cosine is above 1 - NEAR: |x / |x| - y / |y||^2 is at most 2 NEAR. Few are, so a stretch of the sum tells most. */
static bool is_near(int64_t n, const double *x, const double *y, double of_x, double of_y)
{
    double sum = 0;
    for (int64_t from = 0; from < n && sum <= 2 * NEAR; from += STRETCH)
        for (int64_t i = from; i < least(n, from + STRETCH); i++) {
            const double d = x[i] * of_x - y[i] * of_y;
            sum += d * d;
        }
    return sum <= 2 * NEAR;
}

/* Equal points have the kernel of a point with itself: the rounding of their product would else be an angle between them, of
 * the root of that size. In float32 that root is large for points that are only nearly equal too: these are run in float64. */
static void mend_near(const struct er_slice_tile *tile, bool joins, int64_t rows, int64_t columns, double *k,
                      double *theta, int64_t ld)
{
    const struct er_limit *limit = tile->limit;
    const int64_t n = limit->net->n_in;
    const bool float32 = limit->slices->float32;
    double of_row[ER_SLICE_MOST] = {0}, of_column[ER_SLICE_MOST] = {0};
    for (int64_t r = 0; float32 && r < rows; r++) of_row[r] = inverse_norm(n, tile->x[0] + r * n);
    for (int64_t c = 0; float32 && c < columns; c++) of_column[c] = inverse_norm(n, tile->x[1] + c * n);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            const double *x = tile->x[0] + r * n, *y = tile->x[1] + c * n;
            const double *own = tile->block[0] + r * limit->point_block + er_limit_self_at(limit);
            double *at = k + r * ld + c, *theta_at = theta ? theta + r * ld + c : NULL;
            if (joins && memcmp(x, y, (size_t)n * sizeof *x) == 0) {
                *at = own[0];
                if (theta) *theta_at = own[1];
            } else if (float32 && is_near(n, x, y, of_row[r], of_column[c]))
                some(tile, r, 1, c, 1, true, at, theta_at, ld);
        }
}

static void tile(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch)
{
    const struct er_limit *limit = a->limit;
    const int64_t n = limit->net->n_in, step = limit->point_block;
    const int64_t high = limit->slices->rows, wide = limit->slices->columns;
    const double *one = a->block + i * step, *two = b->block + j * step;
    double *made = made_tables(limit, scratch);
    const struct er_slice_tile pairs = {
        .limit = limit,
        .x = {a->x + i * n, b->x + j * n},
        .block = {one, two},
        .tables = {tables_of(limit, rows, one, made),
                   tables_of(limit, columns, two, made + ER_SLICE_MOST * limit->table_block)},
        .table_step = limit->table_block == 0 ? step : limit->table_block,
        .theta = theta != NULL,
        .value = scratch,
        .scratch = scratch};
    for (int64_t r = 0; r < rows; r += high)
        for (int64_t c = 0; c < columns; c += wide)
            some(&pairs, r, least(high, rows - r), c, least(wide, columns - c), false, k + r * ld + c,
                 theta ? theta + r * ld + c : NULL, ld);
    mend_near(&pairs, er_limit_joins(a, b), rows, columns, k, theta, ld);
}

const struct er_limit_engine er_limit_slices = {
    .scratch_bytes = scratch_bytes, .prepare = prepare, .tile = tile, .most = ER_SLICE_MOST};
