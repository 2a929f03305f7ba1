/* slice_chunks.c - which displacements every node needs in a run, from its source back, and how many are run together. */
#include "limit/slice_run_plan.h"

#include <string.h>

enum { MOST_ENTRIES = 1 << 17, L1_ENTRIES = 1 << 12 };

/* One axis of a run while it is planned. */
struct axis {
    struct er_slice_wanted w;
    const struct er_limit *limit;
    const struct er_slice_run *run;
    bool *only;        /* the displacements of the source that are run, as er_slice_wants() has them */
    int64_t *class, n; /* of those, modulo the side */
};

/* What the run's target needs of its source. */
static void fill_only(struct axis *a, const struct er_slice_wanted *all)
{
    const struct er_slice_run *run = a->run;
    const struct er_kernel_map *map = &a->limit->node[run->target].map;
    const int64_t side = er_slice_side_of(all, run->source);
    if (run->stores)
        er_slice_need(er_slice_window_of(all, run->target), true, er_slice_side_of(all, run->target),
                      er_slice_wants(all, run->target), side, a->only);
    else if (run->sums && map->form == ER_KERNEL_AVERAGE)
        memset(a->only, true, (size_t)(2 * side - 1) * sizeof *a->only);
    else
        a->only[side - 1] = true;
}

static bool open_axis(const struct er_limit *limit, const struct er_slice_run *run,
                      const struct er_slice_wanted *all, struct axis *a)
{
    *a = (struct axis){.limit = limit, .run = run};
    if (!er_slice_wanted_open(limit, all->along_x, &a->w)) return false;
    const int64_t side = er_slice_side_of(&a->w, run->source);
    a->class = er_alloc(side, sizeof *a->class);
    a->only = er_alloc(2 * side - 1, sizeof *a->only);
    if (!a->class || !a->only) return false;
    fill_only(a, all);
    for (int64_t d = 0; d < side; d++)
        if (a->only[d + side - 1] || (d > 0 && a->only[d - 1])) a->class[a->n++] = d;
    return true;
}

static void close_axis(struct axis *a)
{
    er_slice_wanted_close(&a->w);
    er_free(a->class);
    er_free(a->only);
}

/* Classes number first .. first + n of the source, and all that they need. */
static void fill(struct axis *a, int64_t first, int64_t n)
{
    const int64_t source = a->run->source, side = er_slice_side_of(&a->w, source);
    bool *want = er_slice_wants(&a->w, source);
    memset(a->w.want, 0, (size_t)a->w.n * sizeof *a->w.want);
    for (int64_t i = first; i < first + n && i < a->n; i++) er_slice_want_class(&a->w, source, a->class[i]);
    for (int64_t d = 0; d < 2 * side - 1; d++) want[d] &= a->only[d];
    for (int64_t i = a->limit->n - 1; i >= 0; i--)
        if (a->run->part[i + 1] && !er_slice_ends(a->limit, a->run, i)) er_slice_want_inputs(&a->w, i);
}

static bool same_window(const struct er_window *a, const struct er_window *b)
{
    return a->in == b->in && a->size == b->size && a->stride == b->stride && a->dilation == b->dilation &&
           a->padding == b->padding && a->out == b->out && a->before == b->before;
}

/* The map of a node with a window; one that an earlier node has already. */
static const struct er_slice_map *map_of(const struct axis *a, struct er_arena *arena, int64_t node,
                                         const struct er_slice_side *side)
{
    const struct er_limit *limit = a->limit;
    const struct er_window *window = er_slice_window_of(&a->w, node);
    const bool both = limit->node[node].map.form == ER_KERNEL_AVERAGE,
               counts = limit->node[node].map.counts_padding;
    const struct er_slice_axis *in = side->axis[limit->node[node].from[0] + 1], *out = side->axis[node + 1];
    for (int64_t i = 0; i < node; i++) {
        const struct er_slice_map *map = side->map[i + 1];
        if (map && map->in == in && map->out == out && map->both == both &&
            same_window(map->window, window) && (!both || limit->node[i].map.counts_padding == counts))
            return map;
    }
    return er_slice_map_new(arena, window, both, counts, in, out);
}

static const struct er_slice_axis *axis_of(const struct axis *a, struct er_arena *arena, int64_t node,
                                           const struct er_slice_side *side)
{
    const int64_t n = er_slice_side_of(&a->w, node);
    const bool *wants = er_slice_wants(&a->w, node);
    for (int64_t i = -1; i < node; i++)
        if (side->axis[i + 1] && er_slice_side_of(&a->w, i) == n &&
            memcmp(er_slice_wants(&a->w, i), wants, (size_t)(2 * n - 1) * sizeof *wants) == 0)
            return side->axis[i + 1];
    return er_slice_axis_new(arena, n, wants);
}

/* What the target takes of its source. */
static bool finish_side(const struct axis *a, struct er_arena *arena, struct er_slice_side *side)
{
    const struct er_slice_run *run = a->run;
    const struct er_slice_axis *source = side->axis[run->source + 1];
    const struct er_window *window = er_slice_window_of(&a->w, run->target);
    if (run->stores) {
        const struct er_slice_store *store = &run->store[run->target];
        return er_slice_links_new(arena, window, source, a->w.along_x ? store->x : store->y, &side->links);
    }
    if (!run->sums) return true;
    side->weight = er_slice_weights(arena, window, a->limit->node[run->target].map.counts_padding, source);
    return side->weight != NULL;
}

static enum er_status make_side(struct axis *a, struct er_arena *arena, int64_t first, int64_t n,
                                struct er_slice_side *side)
{
    const struct er_limit *limit = a->limit;
    side->axis = er_arena_alloc(arena, limit->n + 1, sizeof(struct er_slice_axis *));
    side->map = er_arena_alloc(arena, limit->n + 1, sizeof(struct er_slice_map *));
    if (!side->axis || !side->map) return ER_E_NOMEM;
    fill(a, first, n);
    for (int64_t i = -1; i < limit->n; i++) {
        if (!a->run->part[i + 1]) continue;
        side->axis[i + 1] = axis_of(a, arena, i, side);
        if (!side->axis[i + 1]) return ER_E_NOMEM;
        if (i < 0 || !er_slice_window_of(&a->w, i) || er_slice_ends(limit, a->run, i)) continue;
        side->map[i + 1] = map_of(a, arena, i, side);
        if (!side->map[i + 1]) return ER_E_NOMEM;
    }
    return finish_side(a, arena, side) ? ER_OK : ER_E_NOMEM;
}

/* Entries along one axis of every node in all chunks of n classes, and the most in one. */
static void count(struct axis *a, int64_t n, double *sum, double *most)
{
    for (int64_t i = 0; i <= a->limit->n; i++) sum[i] = most[i] = 0;
    for (int64_t first = 0; first < a->n; first += n) {
        fill(a, first, n);
        for (int64_t i = 0; i <= a->limit->n; i++) {
            const double length = a->run->part[i] ? (double)er_slice_length_of(&a->w, i - 1) : 0;
            sum[i] += length;
            if (length > most[i]) most[i] = length;
        }
    }
}

/* Chunks of n_y x n_x classes that are the least work: displacements behind a mean are met again in the next chunk, but
 * long buffers leave the cache. Without such means one class at a time is least. */
static void choose(struct axis *y, struct axis *x, double *space, int64_t *n_y, int64_t *n_x)
{
    const int64_t nodes = y->limit->n + 1;
    double *sum_y = space, *most_y = space + nodes, *sum_x = space + 2 * nodes, *most_x = space + 3 * nodes;
    double least = -1;
    *n_y = *n_x = 1;
    for (int64_t a = 1; a < 2 * y->n; a *= 2) {
        count(y, a, sum_y, most_y);
        for (int64_t b = 1; b < 2 * x->n; b *= 2) {
            double work = 0, most = 0;
            count(x, b, sum_x, most_x);
            for (int64_t i = 0; i < nodes; i++) {
                const double entries = most_y[i] * most_x[i];
                work += sum_y[i] * sum_x[i] * (entries > L1_ENTRIES ? 1.25 : 1);
                if (entries > most) most = entries;
            }
            if (least >= 0 && (work >= least || most > MOST_ENTRIES)) continue;
            least = work;
            *n_y = a;
            *n_x = b;
        }
    }
}

static bool has_means(const struct er_limit *limit, const struct er_slice_run *run)
{
    for (int64_t i = 0; i < limit->n; i++)
        if (run->part[i + 1] && limit->node[i].map.form == ER_KERNEL_AVERAGE && !er_slice_ends(limit, run, i))
            return true;
    return false;
}

static enum er_status make_sides(struct axis *a, struct er_arena *arena, int64_t n, int64_t *chunks,
                                 struct er_slice_side **out)
{
    *chunks = (a->n + n - 1) / n;
    *out = er_arena_alloc(arena, *chunks, sizeof **out);
    enum er_status status = *out ? ER_OK : ER_E_NOMEM;
    for (int64_t i = 0; i < *chunks && status == ER_OK; i++)
        status = make_side(a, arena, i * n, n, &(*out)[i]);
    return status;
}

enum er_status er_slice_chunks(const struct er_limit *limit, struct er_arena *arena,
                               const struct er_slice_wanted all[2], struct er_slice_run *run)
{
    struct axis y, x = {0};
    double *space = er_alloc(4 * (limit->n + 1), sizeof *space);
    const bool open = open_axis(limit, run, &all[0], &y) && open_axis(limit, run, &all[1], &x);
    enum er_status status = space && open ? ER_OK : ER_E_NOMEM;
    int64_t n_y = 1, n_x = 1;
    if (status == ER_OK && has_means(limit, run)) choose(&y, &x, space, &n_y, &n_x);
    if (status == ER_OK) status = make_sides(&y, arena, n_y, &run->chunks_y, &run->y);
    if (status == ER_OK) status = make_sides(&x, arena, n_x, &run->chunks_x, &run->x);
    er_free(space);
    close_axis(&y);
    close_axis(&x);
    return status;
}
