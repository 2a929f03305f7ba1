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
                                     int64_t real)
{
    struct er_slice_parts parts = {0};
    parts.values = add(&parts, (limit->n + 1) * PAIRS, sizeof(struct er_slice_value));  /* of all runs */
    parts.tables = add(&parts, 2 * ER_SLICE_MOST * limit->table_block, sizeof(double)); /* of all runs, too */
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
    int64_t bytes = er_slice_parts(limit, &slices->variances, sizeof(double)).bytes;
    for (int64_t r = 0; r < slices->n_runs; r++) {
        const int64_t more = er_slice_parts(limit, &slices->run[r], sizeof(double)).bytes;
        if (more > bytes) bytes = more;
    }
    return (double)bytes;
}

/* The sums, and then the output. */
static void run_all(const struct er_slice_tile *tile, struct er_slice_self *self)
{
    const struct er_slices *slices = tile->limit->slices;
    for (int64_t r = 0; r < slices->n_runs; r++) {
        const struct er_slice_run *run = &slices->run[r];
        struct er_slice_value *out = tile->value + (run->sums ? run->target : tile->limit->n) * PAIRS;
        const bool tail = !run->sums && slices->n_runs > 1;
        if (self) self->store = !run->sums;
        if (slices->float32 && !self && !tail)
            er_slice_tile32(tile, run, out);
        else
            er_slice_tile64(tile, run, out);
    }
}

/* Where a worker makes tables, if it does. */
static double *made_tables(const struct er_limit *limit, char *scratch)
{
    return (double *)(scratch + er_slice_parts(limit, &limit->slices->variances, sizeof(double)).tables);
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
        struct er_slice_self self = {.block = block, .tables = tables, .store = true, .training = training};
        struct er_slice_tile tile = {.limit = limit,
                                     .x = {x, x},
                                     .block = {block, block},
                                     .tables = {tables, tables},
                                     .rows = 1,
                                     .columns = 1,
                                     .self = &self,
                                     .value = scratch,
                                     .scratch = scratch};
        const struct er_slice_value *value = tile.value + limit->n * PAIRS;
        if (limit->slices->n_runs > 1)
            er_slice_tile64(&tile, &limit->slices->variances, tile.value + limit->n * PAIRS);
        tile.theta = limit->options.ntk;
        run_all(&tile, &self);
        block[er_limit_self_at(limit)] = value->k;
        block[er_limit_self_at(limit) + 1] = value->theta;
    }
}

static void tile(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch)
{
    const struct er_limit *limit = a->limit;
    const int64_t n = limit->net->n_in, step = limit->point_block;
    const double *one = a->block + i * step, *two = b->block + j * step;
    double *made = made_tables(limit, scratch);
    const struct er_slice_tile pairs = {
        .limit = limit,
        .x = {a->x + i * n, b->x + j * n},
        .block = {one, two},
        .tables = {tables_of(limit, rows, one, made),
                   tables_of(limit, columns, two, made + ER_SLICE_MOST * limit->table_block)},
        .table_step = limit->table_block == 0 ? step : limit->table_block,
        .rows = rows,
        .columns = columns,
        .theta = theta != NULL,
        .value = scratch,
        .scratch = scratch};
    run_all(&pairs, NULL);
    const struct er_slice_value *value = pairs.value + limit->n * PAIRS;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            k[r * ld + c] = value[r * ER_SLICE_MOST + c].k;
            if (theta) theta[r * ld + c] = value[r * ER_SLICE_MOST + c].theta;
        }
}

const struct er_limit_engine er_limit_slices = {
    .scratch_bytes = scratch_bytes, .prepare = prepare, .tile = tile, .most = ER_SLICE_MOST};
