/* slice.c - the engine of images: tiles of pairs, chunk after chunk of displacements (slice_plan.h). */
#include "limit/slice_work.h"

enum { PAIRS = ER_SLICE_MOST * ER_SLICE_MOST };

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
    parts.values = add(&parts, (limit->n + 1) * PAIRS, sizeof(struct er_slice_value));
    parts.stored = add(&parts, pairs * 2 * slices->n_stored * slices->stored, real);
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
        if (slices->float32 && !tile->self && !run->tail)
            er_slice_tile32(tile, run, out);
        else
            er_slice_tile64(tile, run, out);
    }
}

static void prepare(const struct er_limit *limit, int64_t n, const double *x, bool training, double *block,
                    void *scratch)
{
    for (int64_t i = 0; i < n; i++, x += limit->net->n_in, block += limit->point_block) {
        struct er_slice_self self = {.block = block, .training = training};
        struct er_slice_tile tile = {.limit = limit,
                                     .x = {x, x},
                                     .block = {block, block},
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

/* Pairs that are run together. */
static void some(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch)
{
    const struct er_limit *limit = a->limit;
    const int64_t n = limit->net->n_in;
    const struct er_slice_tile pairs = {
        .limit = limit,
        .x = {a->x + i * n, b->x + j * n},
        .block = {a->block + i * limit->point_block, b->block + j * limit->point_block},
        .rows = rows,
        .columns = columns,
        .theta = theta != NULL,
        .value = scratch,
        .scratch = scratch};
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

static void tile(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch)
{
    const int64_t high = a->limit->slices->rows, wide = a->limit->slices->columns;
    for (int64_t r = 0; r < rows; r += high)
        for (int64_t c = 0; c < columns; c += wide)
            some(a, i + r, least(high, rows - r), b, j + c, least(wide, columns - c), k + r * ld + c,
                 theta ? theta + r * ld + c : NULL, ld, scratch);
}

const struct er_limit_engine er_limit_slices = {
    .scratch_bytes = scratch_bytes, .prepare = prepare, .tile = tile, .most = ER_SLICE_MOST};
