/* slice_tile.h - all pairs of a tile through all chunks of a run. Compiled for REAL by slice_chunk.h. */

/* How often a chunk counts: of a point with itself, D and -D are the same numbers in another order. Where a chunk is one class
 * of displacements the first of the two is run, and counts twice. */
static double repeats(const struct er_slice_tile *tile, const struct er_slice_run *run, int64_t chunk)
{
    if (!tile->self || !run->sums) return 1;
    const int64_t from = tile->limit->node[run->target].from[0];
    const int64_t height = er_limit_height(tile->limit, from), width = er_limit_width(tile->limit, from);
    if (run->chunks_y != height || run->chunks_x != width) return 1;
    const int64_t y = chunk / width, x = chunk % width;
    const int64_t mirrored = (height - y) % height * width + (width - x) % width;
    return mirrored > chunk ? 2 : mirrored == chunk;
}

/* Whether some node has D = 0, where a point with itself is not like two points. */
static bool NAME(has_own)(const struct NAME(er_slice_work) * work)
{
    for (int64_t i = 0; i < work->limit->n; i++)
        if (work->run->part[i + 1] && er_slice_has_zero(NAME(rows_of)(work, i), NAME(columns_of)(work, i)))
            return true;
    return false;
}

static void NAME(open_work)(struct NAME(er_slice_work) * work, const struct er_slice_tile *tile,
                            const struct er_slice_run *run)
{
    const struct er_slice_parts parts = er_slice_parts(tile->limit, run, sizeof(REAL));
    *work = (struct NAME(er_slice_work)){.limit = tile->limit,
                                         .run = run,
                                         .theta = tile->theta,
                                         .has_relu = er_slice_relu_runs(),
                                         .slot = (REAL *)(tile->scratch + parts.slot),
                                         .line = (REAL *)(tile->scratch + parts.line),
                                         .mask = (REAL *)(tile->scratch + parts.mask),
                                         .masks = (struct er_slice_masks *)(tile->scratch + parts.masks),
                                         .lane = (double *)(tile->scratch + parts.lane)};
}

/* The planes of all points of one side; of a point with itself those of variances are there once the variances are. */
static void NAME(fill_planes)(const struct er_slice_tile *tile, const struct er_slice_run *run, int side,
                              int64_t n, REAL *planes)
{
    const struct er_limit *limit = tile->limit;
    const bool known = !tile->self || !tile->self->store;
    for (int64_t i = 0; i < n; i++) NAME(planes)
    (limit, run, tile->x[side] + i * limit->net->n_in,
     known ? tile->block[side] + i * limit->point_block : NULL, planes + i * run->plane_numbers);
}

void NAME(er_slice_tile)(const struct er_slice_tile *tile, const struct er_slice_run *run,
                         struct er_slice_value *out)
{
    enum { MOST = ER_SLICE_MOST };
    const struct er_slice_parts parts = er_slice_parts(tile->limit, run, sizeof(REAL));
    const int64_t block = tile->limit->point_block, step = run->plane_numbers,
                  spread_step = run->spread_numbers;
    REAL *one = (REAL *)(tile->scratch + parts.planes), *two = one + MOST * step;
    REAL *spread_two = (REAL *)(tile->scratch + parts.spread), *spread_one = spread_two + MOST * spread_step;
    struct NAME(er_slice_work) work;
    NAME(open_work)(&work, tile, run);
    NAME(fill_planes)(tile, run, 0, tile->rows, one);
    NAME(fill_planes)(tile, run, 1, tile->columns, two);
    for (int64_t e = 0; e < MOST * MOST; e++) out[e] = (struct er_slice_value){0};
    for (int64_t c = 0; c < run->chunks_y * run->chunks_x; c++) {
        const double times = repeats(tile, run, c);
        if (times == 0) continue;
        work.y = &run->y[c / run->chunks_x];
        work.x = &run->x[c % run->chunks_x];
        work.self = tile->self && (tile->self->store || NAME(has_own)(&work)) ? tile->self : NULL;
        NAME(fill_masks)(&work);
        for (int64_t j = 0; j < tile->columns; j++)
            NAME(spread)(&work, true, two + j * step, spread_two + j * spread_step);
        for (int64_t i = 0; i < tile->rows; i++) {
            work.one = one + i * step;
            work.spread_one = spread_one;
            work.block_one = tile->block[0] + i * block;
            work.tables_one = tile->tables[0] + i * tile->table_step;
            NAME(spread)(&work, false, work.one, spread_one);
            for (int64_t j = 0; j < tile->columns; j++) {
                work.two = two + j * step;
                work.spread_two = spread_two + j * spread_step;
                work.block_two = tile->block[1] + j * block;
                work.tables_two = tile->tables[1] + j * tile->table_step;
                work.sums = tile->value + i * MOST + j;
                const struct er_slice_value value = NAME(chunk)(&work);
                out[i * MOST + j].k += times * value.k;
                out[i * MOST + j].theta += times * value.theta;
            }
        }
    }
}
