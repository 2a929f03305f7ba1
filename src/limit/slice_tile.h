/* slice_tile.h - all pairs of a tile through all chunks of a run. Compiled for REAL by slice_chunk.h. */

/* The displacement modulo the side that all segments have; -1 where there are several. */
static int64_t class_of(const struct er_slice_axis *axis)
{
    const int64_t class = (axis->d[0] + axis->side) % axis->side;
    for (int64_t s = 1; s < axis->n; s++)
        if ((axis->d[s] + axis->side) % axis->side != class) return -1;
    return class;
}

/* How often a chunk counts: of a point with itself, D and -D are the same numbers in another order. Where a chunk is one class
 * of displacements the first of the two is run, and counts twice; a class that is both counts once. A stored mean is
 * turned round afterwards and added to itself: half of that. */
static double repeats(const struct er_slice_tile *tile, const struct er_slice_run *run, int64_t y, int64_t x)
{
    const struct er_slice_axis *rows = run->y[y].axis[run->source + 1],
                               *columns = run->x[x].axis[run->source + 1];
    const int64_t of_y = class_of(rows), of_x = class_of(columns);
    if (!tile->self || !(run->sums || run->stores)) return 1;
    if (of_y < 0 || of_x < 0) return run->stores ? 0.5 : 1;
    const int64_t class = of_y * columns->side + of_x,
                  mirrored = (rows->side - of_y) % rows->side * columns->side +
                             (columns->side - of_x) % columns->side;
    return (mirrored > class ? 2 : mirrored == class) * (run->stores ? 0.5 : 1);
}

/* Whether some node has D = 0, where a point with itself is not like two points. */
static bool NAME(has_own)(const struct NAME(er_slice_work) * work)
{
    for (int64_t i = 0; i < work->limit->n; i++)
        if (work->run->part[i + 1] && er_slice_has_zero(NAME(rows_of)(work, i), NAME(columns_of)(work, i)))
            return true;
    return false;
}

/* A tile while it runs. */
struct NAME(er_slice_run_work) {
    struct NAME(er_slice_work) work; /* of one pair of one chunk */
    const struct er_slice_tile *tile;
    const struct er_slice_run *run;
    REAL *planes[2], *spread[2]; /* of the rows and of the columns; spread[0] of one row */
    REAL *stored, *stored_lines;
    struct er_slice_value *out;
};

static void NAME(open_run)(struct NAME(er_slice_run_work) * r, const struct er_slice_tile *tile,
                           const struct er_slice_run *run, struct er_slice_value *out)
{
    const struct er_slice_parts parts =
        er_slice_parts(tile->limit, run, tile->rows * tile->columns, sizeof(REAL));
    *r = (struct NAME(er_slice_run_work)){.tile = tile, .run = run, .out = out};
    r->work = (struct NAME(er_slice_work)){.limit = tile->limit,
                                           .run = run,
                                           .theta = tile->theta,
                                           .has_relu = er_slice_relu_runs(),
                                           .slot = (REAL *)(tile->scratch + parts.slot),
                                           .line = (REAL *)(tile->scratch + parts.line),
                                           .mask = (REAL *)(tile->scratch + parts.mask),
                                           .masks = (struct er_slice_masks *)(tile->scratch + parts.masks),
                                           .lane = (double *)(tile->scratch + parts.lane)};
    r->planes[0] = (REAL *)(tile->scratch + parts.planes);
    r->planes[1] = r->planes[0] + ER_SLICE_MOST * run->plane_numbers;
    r->spread[1] = (REAL *)(tile->scratch + parts.spread);
    r->spread[0] = r->spread[1] + ER_SLICE_MOST * run->spread_numbers;
    r->stored = (REAL *)(tile->scratch + parts.stored);
    r->stored_lines = (REAL *)(tile->scratch + parts.stored_lines);
}

/* The planes of all points; of a point with itself those of variances are there once the variances are. */
static void NAME(fill_planes)(const struct NAME(er_slice_run_work) * r, bool known)
{
    const struct er_slice_tile *tile = r->tile;
    const int64_t n[2] = {tile->rows, tile->columns}, d = tile->limit->net->n_in;
    for (int side = 0; side < 2; side++)
        for (int64_t i = 0; i < n[side]; i++) NAME(planes)
    (tile->limit, r->run, tile->x[side] + i * d,
     known ? tile->block[side] + i * tile->limit->point_block : NULL,
     r->planes[side] + i * r->run->plane_numbers);
}

/* Pair (i, j) is at hand. */
static void NAME(take_pair)(struct NAME(er_slice_run_work) * r, int64_t i, int64_t j)
{
    const struct er_slices *slices = r->tile->limit->slices;
    const int64_t block = r->tile->limit->point_block, pair = i * r->tile->columns + j;
    struct NAME(er_slice_work) *work = &r->work;
    work->one = r->planes[0] + i * r->run->plane_numbers;
    work->two = r->planes[1] + j * r->run->plane_numbers;
    work->spread_one = r->spread[0];
    work->spread_two = r->spread[1] + j * r->run->spread_numbers;
    work->block_one = r->tile->block[0] + i * block;
    work->block_two = r->tile->block[1] + j * block;
    work->tables_one = r->tile->tables[0] + i * r->tile->table_step;
    work->tables_two = r->tile->tables[1] + j * r->tile->table_step;
    work->sums = r->tile->value + i * ER_SLICE_MOST + j;
    work->stored = r->stored + pair * 2 * slices->stored_numbers;
    work->stored_lines = r->stored_lines + pair * 2 * slices->line_numbers;
}

/* What is done for every stored mean that the run makes. */
static void NAME(each_pair)(struct NAME(er_slice_run_work) * r,
                            void (*act)(const struct NAME(er_slice_work) * work))
{
    for (int64_t i = 0; r->run->stores && i < r->tile->rows; i++)
        for (int64_t j = 0; j < r->tile->columns; j++) {
            NAME(take_pair)(r, i, j);
            act(&r->work);
        }
}

/* One chunk of all pairs, which counts so many times. */
static void NAME(run_chunk)(struct NAME(er_slice_run_work) * r, double times)
{
    const struct er_slice_tile *tile = r->tile;
    struct NAME(er_slice_work) *work = &r->work;
    work->self = tile->self && (tile->self->store || NAME(has_own)(work)) ? tile->self : NULL;
    work->times = (REAL)times;
    NAME(fill_masks)(work);
    for (int64_t j = 0; j < tile->columns; j++) NAME(spread)
    (work, true, r->planes[1] + j * r->run->plane_numbers, r->spread[1] + j * r->run->spread_numbers);
    for (int64_t i = 0; i < tile->rows; i++) {
        NAME(spread)(work, false, r->planes[0] + i * r->run->plane_numbers, r->spread[0]);
        for (int64_t j = 0; j < tile->columns; j++) {
            NAME(take_pair)(r, i, j);
            const struct er_slice_value value = NAME(chunk)(work);
            r->out[i * ER_SLICE_MOST + j].k += times * value.k;
            r->out[i * ER_SLICE_MOST + j].theta += times * value.theta;
        }
    }
}

void NAME(er_slice_tile)(const struct er_slice_tile *tile, const struct er_slice_run *run,
                         struct er_slice_value *out)
{
    struct NAME(er_slice_run_work) r;
    NAME(open_run)(&r, tile, run, out);
    NAME(fill_planes)(&r, !tile->self);
    for (int64_t e = 0; e < ER_SLICE_MOST * ER_SLICE_MOST; e++) out[e] = (struct er_slice_value){0};
    NAME(each_pair)(&r, NAME(start_stored));
    for (int64_t x = 0; x < run->chunks_x; x++) {
        r.work.x = &run->x[x];
        NAME(each_pair)(&r, NAME(start_lines));
        for (int64_t y = 0; y < run->chunks_y; y++) {
            const double times = repeats(tile, run, y, x);
            const bool first = tile->self && x == 0 && y == 0;
            if (times == 0) continue;
            r.work.y = &run->y[y];
            if (tile->self) tile->self->store = first;
            NAME(run_chunk)(&r, times);
            if (first) NAME(fill_planes)(&r, true);
        }
        NAME(each_pair)(&r, NAME(store_lines));
    }
    if (tile->self) NAME(each_pair)(&r, NAME(mirror_stored));
    NAME(each_pair)(&r, NAME(finish_stored));
}
