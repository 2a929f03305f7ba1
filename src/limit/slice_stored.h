/* slice_stored.h - means that are stored: made from the chunks of their source, and read. Compiled for REAL by slice_chunk.h.
 *
 * Rows are added first, in whole vectors, for all displacements along y; then columns, where every entry goes its own way.
 */

/* K, or Theta, of a stored mean of this pair. */
static REAL *NAME(stored_of)(const struct NAME(er_slice_work) * work, int64_t node, bool theta)
{
    return work->stored + theta * work->limit->slices->stored_numbers + work->run->store[node].at;
}

/* A mean that is stored. */
static void NAME(run_stored)(struct NAME(er_slice_work) * work, int64_t i)
{
    const struct er_slice_store *store = &work->run->store[i];
    const int64_t slot = work->run->slot[i + 1];
    NAME(pick)(work, i, store->y, store->x, NAME(stored_of)(work, i, false), NAME(k_of)(work, slot));
    if (work->theta)
        NAME(pick)(work, i, store->y, store->x, NAME(stored_of)(work, i, true), NAME(theta_of)(work, slot));
}

/* out[to] += f in[from], rows of `columns` entries. */
ER_VECTOR static void NAME(add_rows)(const struct er_slice_links *links, int64_t columns, REAL f,
                                     const REAL *in, REAL *restrict out)
{
    for (int64_t l = 0; l < links->n; l++) {
        const struct er_slice_link link = links->link[l];
        for (int64_t r = 0; r < link.n; r++) {
            const REAL *from = in + (link.from + r * link.step) * columns;
            REAL *to = out + (link.to + r) * columns;
#pragma omp simd
            for (int64_t i = 0; i < columns; i++) to[i] += f * from[i];
        }
    }
}

/* The sums along y of this pair, K or Theta, for one chunk of displacements along x. */
static REAL *NAME(lines_of)(const struct NAME(er_slice_work) * work, bool theta)
{
    return work->stored_lines + theta * work->limit->slices->line_numbers;
}

/* One chunk of the source. */
static void NAME(add_lines)(const struct NAME(er_slice_work) * work, const REAL *in, bool theta)
{
    NAME(add_rows)
    (&work->y->links, NAME(columns_of)(work, work->run->source)->length, work->times, in,
     NAME(lines_of)(work, theta));
}

/* The same of columns; what was found for a step is compiled for it. */
static inline void NAME(add_stretch)(const struct er_slice_link *link, int64_t step, int64_t rows,
                                     int64_t before, int64_t columns, const REAL *in, REAL *restrict out)
{
    const int64_t n = link->n;
    in += link->from;
    out += link->to;
    for (int64_t r = 0; r < rows; r++, in += before, out += columns) {
#pragma GCC unroll 4
        for (int64_t i = 0; i < n; i++) out[i] += in[i * step];
    }
}
static void NAME(add_columns)(const struct er_slice_links *links, int64_t rows, int64_t before,
                              int64_t columns, const REAL *in, REAL *restrict out)
{
    for (int64_t l = 0; l < links->n; l++) {
        const struct er_slice_link *link = &links->link[l];
        if (link->step == 2)
            NAME(add_stretch)(link, 2, rows, before, columns, in, out);
        else
            NAME(add_stretch)(link, link->step, rows, before, columns, in, out);
    }
}

/* Before and behind all displacements along y of one chunk along x. */
static void NAME(start_lines)(const struct NAME(er_slice_work) * work)
{
    const int64_t rows = work->run->store[work->run->target].y->length,
                  columns = NAME(columns_of)(work, work->run->source)->length;
    for (int theta = 0; theta <= (int)work->theta; theta++)
        memset(NAME(lines_of)(work, theta), 0, (size_t)(rows * columns) * sizeof(REAL));
}
static void NAME(store_lines)(const struct NAME(er_slice_work) * work)
{
    const int64_t target = work->run->target, before = NAME(columns_of)(work, work->run->source)->length;
    const struct er_slice_store *store = &work->run->store[target];
    for (int theta = 0; theta <= (int)work->theta; theta++) NAME(add_columns)
    (&work->x->links, store->y->length, before, store->x->length, NAME(lines_of)(work, theta),
     NAME(stored_of)(work, target, theta));
}

/* Before and behind a run. */
static void NAME(start_stored)(const struct NAME(er_slice_work) * work)
{
    const struct er_slice_store *store = &work->run->store[work->run->target];
    for (int theta = 0; theta <= (int)work->theta; theta++)
        memset(NAME(stored_of)(work, work->run->target, theta), 0,
               (size_t)(store->y->length * store->x->length) * sizeof(REAL));
}
/* The segment of -D. */
static int64_t mirrored_segment(const struct er_slice_axis *axis, int64_t segment)
{
    int64_t s = 0;
    while (axis->d[s] != -axis->d[segment]) s++;
    return s;
}

/* One segment of pixels and that of -D: the entries of both become their sums. */
static void NAME(mirror_segment)(const struct er_slice_store *store, int64_t a, int64_t b, REAL *stored)
{
    const struct er_slice_axis *y = store->y, *x = store->x;
    const int64_t other_a = mirrored_segment(y, a), other_b = mirrored_segment(x, b);
    if (other_a < a || (other_a == a && other_b < b)) return;
    for (int64_t r = 0; r < er_slice_count(y, a); r++)
        for (int64_t i = 0; i < er_slice_count(x, b); i++) {
            REAL *one = stored + (y->at[a] + r) * x->length + x->at[b] + i;
            REAL *two = stored + (y->at[other_a] + r) * x->length + x->at[other_b] + i;
            *one = *two = *one + *two;
        }
}

/* Of a point with itself: what pixels p and q have, q and p have. */
static void NAME(mirror_stored)(const struct NAME(er_slice_work) * work)
{
    const struct er_slice_store *store = &work->run->store[work->run->target];
    for (int theta = 0; theta <= (int)work->theta; theta++)
        for (int64_t a = 0; a < store->y->n; a++)
            for (int64_t b = 0; b < store->x->n; b++)
                NAME(mirror_segment)(store, a, b, NAME(stored_of)(work, work->run->target, theta));
}

static void NAME(finish_stored)(const struct NAME(er_slice_work) * work)
{
    const struct er_slice_store *store = &work->run->store[work->run->target];
    for (int theta = 0; theta <= (int)work->theta; theta++) NAME(weigh)
    (store->y->length, store->x->length, store->weight_y, store->weight_x,
     NAME(stored_of)(work, work->run->target, theta));
}
