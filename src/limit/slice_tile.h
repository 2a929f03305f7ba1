/* slice_tile.h - all pairs of a tile through all chunks of a run. Compiled for REAL by slice_chunk.h. */

void NAME(er_slice_tile)(const struct er_slice_tile *tile, const struct er_slice_run *run,
                         struct er_slice_value *out)
{
    enum { MOST = ER_SLICE_MOST };
    const struct er_limit *limit = tile->limit;
    const struct er_slice_parts parts = er_slice_parts(limit, run, sizeof(REAL));
    const int64_t values = limit->net->n_in, step = run->plane_numbers, spread_step = run->spread_numbers;
    REAL *one = (REAL *)(tile->scratch + parts.planes), *two = tile->self ? one : one + MOST * step;
    REAL *spread_two = (REAL *)(tile->scratch + parts.spread), *spread_one = spread_two + MOST * spread_step;
    struct NAME(er_slice_work) work = {.limit = limit,
                                       .run = run,
                                       .theta = tile->theta,
                                       .has_relu = er_slice_relu_runs(),
                                       .slot = (REAL *)(tile->scratch + parts.slot),
                                       .line = (REAL *)(tile->scratch + parts.line),
                                       .mask = (REAL *)(tile->scratch + parts.mask),
                                       .masks = (struct er_slice_masks *)(tile->scratch + parts.masks),
                                       .lane = (double *)(tile->scratch + parts.lane),
                                       .self = tile->self};
    for (int64_t i = 0; i < tile->rows; i++) NAME(planes)
    (limit, run, tile->x[0] + i * values, tile->self ? NULL : tile->block[0] + i * limit->point_block,
     one + i * step);
    for (int64_t j = 0; !tile->self && j < tile->columns; j++) NAME(planes)
    (limit, run, tile->x[1] + j * values, tile->block[1] + j * limit->point_block, two + j * step);
    for (int64_t e = 0; e < MOST * MOST; e++) out[e] = (struct er_slice_value){0};
    for (int64_t c = 0; c < run->chunks_y * run->chunks_x; c++) {
        work.y = &run->y[c / run->chunks_x];
        work.x = &run->x[c % run->chunks_x];
        NAME(fill_masks)(&work);
        for (int64_t j = 0; j < tile->columns; j++)
            NAME(spread)(&work, true, two + j * step, spread_two + j * spread_step);
        for (int64_t i = 0; i < tile->rows; i++) {
            work.one = one + i * step;
            work.spread_one = spread_one;
            work.block_one = tile->block[0] + i * limit->point_block;
            NAME(spread)(&work, false, work.one, spread_one);
            for (int64_t j = 0; j < tile->columns; j++) {
                work.two = two + j * step;
                work.spread_two = spread_two + j * spread_step;
                work.block_two = tile->block[1] + j * limit->point_block;
                work.sums = tile->value + i * MOST + j;
                const struct er_slice_value value = NAME(chunk)(&work);
                out[i * MOST + j].k += value.k;
                out[i * MOST + j].theta += value.theta;
            }
        }
    }
}
