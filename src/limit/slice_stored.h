/* slice_stored.h - means that are stored: made from the chunks of their source, and read. Compiled for REAL by slice_chunk.h.
 *
 * Rows are added first, in whole vectors, for all displacements along y; then columns, where every entry goes its own way.
 */

/* K, or Theta, of a stored mean of this pair. */
static REAL *NAME(stored_of)(const struct NAME(er_slice_work) * work, int64_t node, bool theta)
{
    return work->stored + (2 * work->run->store[node].slot + theta) * work->limit->slices->stored;
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

/* out[to] += in[from], rows of `columns` entries. */
ER_VECTOR static void NAME(add_rows)(const struct er_slice_links *links, int64_t columns, const REAL *in,
                                     REAL *restrict out)
{
    for (int64_t l = 0; l < links->n; l++) {
        const REAL *from = in + links->from[l] * columns;
        REAL *to = out + links->to[l] * columns;
#pragma omp simd
        for (int64_t i = 0; i < columns; i++) to[i] += from[i];
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
    (&work->y->links, NAME(columns_of)(work, work->run->source)->length, in, NAME(lines_of)(work, theta));
}

static void NAME(add_columns)(const struct er_slice_links *links, int64_t rows, int64_t before,
                              int64_t columns, const REAL *in, REAL *restrict out)
{
    for (int64_t r = 0; r < rows; r++, in += before, out += columns)
        for (int64_t l = 0; l < links->n; l++) out[links->to[l]] += in[links->from[l]];
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
static void NAME(finish_stored)(const struct NAME(er_slice_work) * work)
{
    const struct er_slice_store *store = &work->run->store[work->run->target];
    for (int theta = 0; theta <= (int)work->theta; theta++) NAME(weigh)
    (store->y->length, store->x->length, store->weight_y, store->weight_x,
     NAME(stored_of)(work, work->run->target, theta));
}
