/* slice_window.h - windows on slices: sums along y, then along x. Compiled for REAL by slice_chunk.h. */

/* out (rows of map->out x columns) = sums of rows of in. */
static void NAME(along_y)(const struct er_slice_map *map, int64_t columns, const REAL *in, REAL *out)
{
    for (int64_t s = 0; s < map->n_stretches; s++) {
        const struct er_slice_stretch *stretch = &map->stretch[s];
        const int64_t n = stretch->n * columns;
        const int64_t *from = stretch->from;
        REAL *to = out + stretch->at * columns;
        int64_t done;
        if (stretch->terms >= 3) {
            NAME(add_3)(n, in + from[0] * columns, in + from[1] * columns, in + from[2] * columns, to);
            done = 3;
        } else if (stretch->terms == 2) {
            NAME(add_2)(n, in + from[0] * columns, in + from[1] * columns, to);
            done = 2;
        } else if (stretch->terms == 1) {
            memcpy(to, in + from[0] * columns, (size_t)n * sizeof *to);
            done = 1;
        } else {
            memset(to, 0, (size_t)n * sizeof *to);
            done = 0;
        }
        for (; done < stretch->terms; done++) NAME(add_to)(n, in + from[done] * columns, to);
    }
}

/* Sums of moves, over all rows at once. `in` has margins. */
static void NAME(along_x_moved)(const struct er_slice_map *map, int64_t rows, const REAL *in,
                                const REAL *mask, int64_t step, REAL *out)
{
    const int64_t n = rows * map->out->length;
    const struct er_slice_move *move = map->move;
    if (is_three(map)) {
        NAME(three)(n, in, mask, mask + step, out);
        return;
    }
    if (move[0].cut) memset(out, 0, (size_t)n * sizeof *out);
    for (int64_t m = 0; m < map->n_moves; m++) {
        const REAL *from = in + move[m].shift;
        if (move[m].cut) {
            NAME(add_masked)(n, from, mask, out);
            mask += step;
        } else if (m == 0)
            memcpy(out, from, (size_t)n * sizeof *out);
        else
            NAME(add_to)(n, from, out);
    }
}

/* Any taps, row by row. */
static void NAME(along_x)(const struct er_slice_map *map, int64_t rows, const REAL *in, REAL *out)
{
    const int64_t columns = map->out->length, before = map->in->length;
    for (int64_t r = 0; r < rows; r++, in += before, out += columns)
        for (int64_t s = 0; s < map->n_stretches; s++) {
            const struct er_slice_stretch *stretch = &map->stretch[s];
            REAL *to = out + stretch->at;
            for (int64_t i = 0; i < stretch->n; i++) {
                REAL sum = 0;
                for (int64_t term = 0; term < stretch->terms; term++) sum += in[stretch->from[term] + i];
                to[i] = sum;
            }
        }
}

/* A mean has a weight for every entry. */
static void NAME(weigh)(int64_t rows, int64_t columns, const double *of_row, const double *of_column,
                        REAL *out)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < columns; i++) *out++ *= (REAL)(of_row[r] * of_column[i]);
}

/* out = the sums over the windows of `node` of in. */
static void NAME(window)(const struct NAME(er_slice_work) * work, int64_t node, const REAL *in, REAL *line,
                         REAL *out)
{
    const struct er_slice_map *y = work->y->map[node + 1], *x = work->x->map[node + 1];
    const int64_t rows = y->out->length;
    NAME(along_y)(y, x->in->length, in, line);
    if (x->n_moves) NAME(along_x_moved)
    (x, rows, line, work->mask + NAME(masks_of)(work, node)->at, mask_step(rows * x->out->length), out);
    else NAME(along_x)(x, rows, line, out);
    if (y->both) NAME(weigh)(rows, x->out->length, y->weight, x->weight, out);
}
