/* slice_planes.h - the data and variances of a point, as images and as entries of a chunk. Compiled for REAL by slice_chunk.h. */

static const struct er_slice_axis *NAME(rows_of)(const struct NAME(er_slice_work) * work, int64_t node)
{
    return work->y->axis[node + 1];
}
static const struct er_slice_axis *NAME(columns_of)(const struct NAME(er_slice_work) * work, int64_t node)
{
    return work->x->axis[node + 1];
}
static int64_t NAME(entries_of)(const struct NAME(er_slice_work) * work, int64_t node)
{
    return NAME(rows_of)(work, node)->length * NAME(columns_of)(work, node)->length;
}

static void NAME(planes)(const struct er_limit *limit, const struct er_slice_run *run, const double *x,
                         const double *block, REAL *planes)
{
    const int64_t pixels = er_limit_pixels(limit, ER_FROM_INPUT), channels = limit->input.channels;
    for (int64_t c = 0; run->plane[0] >= 0 && c < channels; c++) {
        REAL *plane = planes + run->plane[0] + c * mask_step(pixels);
        for (int64_t p = 0; p < pixels; p++) plane[p] = (REAL)x[p * channels + c];
    }
    for (int64_t i = 0; block && i < limit->n; i++) {
        if (run->plane[i + 1] < 0) continue;
        const struct er_limit_node *node = &limit->node[i];
        const int64_t n = er_limit_pixels(limit, node->from[0]);
        const double *q = block + node->variances_at;
        REAL *plane = planes + run->plane[i + 1];
        for (int64_t p = 0; p < n; p++)
            plane[p] =
                (REAL)(node->map.form == ER_KERNEL_NORMALISE ? er_slice_inverse_norm(node, n, q, p) : q[p]);
    }
}

enum { NAME(PIECE) = 64 / (int)sizeof(REAL) };

/* One plane as entries. Copied in whole vectors: what is beyond the end of a stretch is written again by the next one, and
 * behind the last one there is room. */
ER_VECTOR static void NAME(spread_plane)(const struct er_slice_axis *y, const struct er_slice_axis *x,
                                         bool second, const REAL *plane, REAL *out)
{
    for (int64_t a = 0; a < y->n; a++)
        for (int64_t r = 0; r < er_slice_count(y, a); r++) {
            const int64_t row = er_slice_first(y->d[a]) + r + (second ? y->d[a] : 0);
            for (int64_t b = 0; b < x->n; b++) {
                const int64_t column = er_slice_first(x->d[b]) + (second ? x->d[b] : 0),
                              n = er_slice_count(x, b);
                const REAL *from = plane + row * x->side + column;
                REAL *to = out + (y->at[a] + r) * x->length + x->at[b];
                for (int64_t e = 0; e < n; e += NAME(PIECE)) memcpy(to + e, from + e, 64);
            }
        }
}

/* Whether the entries are the pixels in order. */
static bool in_order(const struct er_slice_axis *y, const struct er_slice_axis *x, bool second)
{
    return y->in_order && x->in_order && (!second || (y->d[0] == 0 && x->d[0] == 0));
}

static void NAME(spread)(const struct NAME(er_slice_work) * work, bool second, const REAL *planes,
                         REAL *spread)
{
    const struct er_slice_run *run = work->run;
    for (int64_t i = -1; i < work->limit->n; i++) {
        if (run->plane[i + 1] < 0) continue;
        const struct er_slice_axis *y = NAME(rows_of)(work, i), *x = NAME(columns_of)(work, i);
        if (in_order(y, x, second)) continue;
        const int64_t n = i < 0 ? work->limit->input.channels : 1, step = mask_step(y->side * x->side);
        for (int64_t c = 0; c < n; c++) NAME(spread_plane)
        (y, x, second, planes + run->plane[i + 1] + c * step,
         spread + run->spread[i + 1] + c * mask_step(y->length * x->length));
    }
}

/* The entries of a plane of p (or p'), and how far on that of the next channel is. */
static const REAL *NAME(plane_of)(const struct NAME(er_slice_work) * work, int64_t node, bool second,
                                  int64_t *step)
{
    const struct er_slice_axis *y = NAME(rows_of)(work, node), *x = NAME(columns_of)(work, node);
    const bool direct = in_order(y, x, second);
    *step = mask_step(direct ? y->side * x->side : y->length * x->length);
    if (direct) return (second ? work->two : work->one) + work->run->plane[node + 1];
    return (second ? work->spread_two : work->spread_one) + work->run->spread[node + 1];
}
