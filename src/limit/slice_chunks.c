/* slice_chunks.c - which displacements every node needs, from the target back, and how many are run together. */
#include "limit/slice_run_plan.h"

#include <string.h>

enum { MOST_ENTRIES = 1 << 17, L1_ENTRIES = 1 << 12 };

/* One axis of a run while it is planned: which displacements are wanted, node by node. */
struct wanted {
    const struct er_limit *limit;
    const struct er_slice_run *run;
    bool along_x;
    int64_t *at; /* by node + 1: where its 2 side - 1 begin in `want` */
    bool *want;
    int64_t n;
};

static int64_t side_of(const struct wanted *w, int64_t node)
{
    return w->along_x ? er_limit_width(w->limit, node) : er_limit_height(w->limit, node);
}

static const struct er_window *window_of(const struct wanted *w, int64_t node)
{
    const struct er_kernel_map *map = &w->limit->node[node].map;
    if (map->form != ER_KERNEL_AVERAGE && (map->form != ER_KERNEL_AFFINE || map->all_pixels)) return NULL;
    return w->along_x ? &map->columns : &map->rows;
}

static bool averages(const struct wanted *w, int64_t node)
{
    return w->limit->node[node].map.form == ER_KERNEL_AVERAGE;
}

static void want(struct wanted *w, int64_t node, int64_t d)
{
    w->want[w->at[node + 1] + d + side_of(w, node) - 1] = true;
}

/* The target's displacements of this chunk: classes first .. first + n of D modulo the side. */
static void want_target(struct wanted *w, int64_t first, int64_t n)
{
    const struct er_limit *limit = w->limit;
    const struct er_slice_run *run = w->run;
    if (run->target < 0) { /* D = 0 of everything */
        for (int64_t i = -1; i < limit->n; i++)
            if (run->part[i + 1]) want(w, i, 0);
        return;
    }
    const int64_t node = run->sums ? limit->node[run->target].from[0] : run->target, side = side_of(w, node);
    for (int64_t class = first; class < first + n && class < side; class ++) {
        want(w, node, class);
        if (class > 0) want(w, node, class - side);
    }
}

static void fill(struct wanted *w, int64_t first, int64_t n)
{
    const struct er_limit *limit = w->limit;
    memset(w->want, 0, (size_t)w->n * sizeof *w->want);
    want_target(w, first, n);
    for (int64_t i = limit->n - 1; i >= 0; i--) {
        if (!w->run->part[i + 1] || er_slice_sums(limit, i)) continue;
        const struct er_window *window = window_of(w, i);
        const bool *from = w->want + w->at[i + 1];
        for (int64_t b = 0; b < limit->node[i].n_from; b++) {
            const int64_t before = limit->node[i].from[b], side = side_of(w, before);
            bool *to = w->want + w->at[before + 1];
            if (window)
                er_slice_need(window, averages(w, i), side_of(w, i), from, side, to);
            else
                for (int64_t d = 0; d < 2 * side - 1; d++) to[d] |= from[d];
        }
    }
}

/* The entries of a node along this axis. */
static int64_t length_of(const struct wanted *w, int64_t node)
{
    const int64_t side = side_of(w, node);
    const bool *wants = w->want + w->at[node + 1];
    int64_t length = 0;
    for (int64_t d = 1 - side; d < side; d++)
        if (wants[d + side - 1]) length += side - (d < 0 ? -d : d);
    return length;
}

static bool same_window(const struct er_window *a, const struct er_window *b)
{
    return a->in == b->in && a->size == b->size && a->stride == b->stride && a->dilation == b->dilation &&
           a->padding == b->padding && a->out == b->out && a->before == b->before;
}

/* The map of a node with a window; one that an earlier node has already. */
static const struct er_slice_map *map_of(const struct wanted *w, struct er_arena *arena, int64_t node,
                                         const struct er_slice_side *side)
{
    const struct er_limit *limit = w->limit;
    const struct er_window *window = window_of(w, node);
    const bool both = averages(w, node), counts = limit->node[node].map.counts_padding;
    const struct er_slice_axis *in = side->axis[limit->node[node].from[0] + 1], *out = side->axis[node + 1];
    for (int64_t i = 0; i < node; i++) {
        const struct er_slice_map *map = side->map[i + 1];
        if (map && map->in == in && map->out == out && map->both == both &&
            same_window(map->window, window) && (!both || limit->node[i].map.counts_padding == counts))
            return map;
    }
    return er_slice_map_new(arena, window, both, counts, in, out);
}

static const struct er_slice_axis *axis_of(const struct wanted *w, struct er_arena *arena, int64_t node,
                                           const struct er_slice_side *side)
{
    const int64_t n = side_of(w, node);
    const bool *wants = w->want + w->at[node + 1];
    for (int64_t i = -1; i < node; i++)
        if (side->axis[i + 1] && side_of(w, i) == n &&
            memcmp(w->want + w->at[i + 1], wants, (size_t)(2 * n - 1) * sizeof *wants) == 0)
            return side->axis[i + 1];
    return er_slice_axis_new(arena, n, wants);
}

static enum er_status make_side(struct wanted *w, struct er_arena *arena, int64_t first, int64_t n,
                                struct er_slice_side *side)
{
    const struct er_limit *limit = w->limit;
    side->axis = er_arena_alloc(arena, limit->n + 1, sizeof(struct er_slice_axis *));
    side->map = er_arena_alloc(arena, limit->n + 1, sizeof(struct er_slice_map *));
    if (!side->axis || !side->map) return ER_E_NOMEM;
    fill(w, first, n);
    for (int64_t i = -1; i < limit->n; i++) {
        if (!w->run->part[i + 1]) continue;
        side->axis[i + 1] = axis_of(w, arena, i, side);
        if (!side->axis[i + 1]) return ER_E_NOMEM;
        if (i < 0 || !window_of(w, i) || er_slice_sums(limit, i)) continue;
        side->map[i + 1] = map_of(w, arena, i, side);
        if (!side->map[i + 1]) return ER_E_NOMEM;
    }
    if (!w->run->sums) return ER_OK;
    const struct er_limit_node *target = &limit->node[w->run->target];
    side->weight = er_slice_weights(arena, window_of(w, w->run->target), target->map.counts_padding,
                                    side->axis[target->from[0] + 1]);
    return side->weight ? ER_OK : ER_E_NOMEM;
}

/* How many classes of displacements there are for the target along this axis: one where only p = p' counts. */
static int64_t classes(const struct wanted *w)
{
    const struct er_slice_run *run = w->run;
    if (!run->sums || w->limit->node[run->target].map.form != ER_KERNEL_AVERAGE) return 1;
    return side_of(w, w->limit->node[run->target].from[0]);
}

/* Entries along one axis of every node in all chunks of n classes, and the most in one. */
static void count(struct wanted *w, int64_t n, double *sum, double *most)
{
    for (int64_t i = 0; i <= w->limit->n; i++) sum[i] = most[i] = 0;
    for (int64_t first = 0; first < classes(w); first += n) {
        fill(w, first, n);
        for (int64_t i = 0; i <= w->limit->n; i++) {
            const double length = w->run->part[i] ? (double)length_of(w, i - 1) : 0;
            sum[i] += length;
            if (length > most[i]) most[i] = length;
        }
    }
}

/* Chunks of n_y x n_x classes that are the least work: displacements behind a mean are met again in the next chunk, but
 * long buffers leave the cache. Without such means one class at a time is least. */
static void choose(struct wanted *y, struct wanted *x, double *space, int64_t *n_y, int64_t *n_x)
{
    const int64_t nodes = y->limit->n + 1;
    double *sum_y = space, *most_y = space + nodes, *sum_x = space + 2 * nodes, *most_x = space + 3 * nodes;
    double least = -1;
    *n_y = *n_x = 1;
    for (int64_t a = 1; a < 2 * classes(y); a *= 2) {
        count(y, a, sum_y, most_y);
        for (int64_t b = 1; b < 2 * classes(x); b *= 2) {
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
        if (run->part[i + 1] && limit->node[i].map.form == ER_KERNEL_AVERAGE && !er_slice_sums(limit, i))
            return true;
    return false;
}

static enum er_status open_wanted(struct wanted *w)
{
    w->at = er_alloc(w->limit->n + 1, sizeof *w->at);
    if (!w->at) return ER_E_NOMEM;
    for (int64_t i = -1; i < w->limit->n; i++) {
        w->at[i + 1] = w->n;
        w->n += 2 * side_of(w, i) - 1;
    }
    w->want = er_alloc(w->n, sizeof *w->want);
    return w->want ? ER_OK : ER_E_NOMEM;
}

static enum er_status make_sides(struct wanted *w, struct er_arena *arena, int64_t n, int64_t *chunks,
                                 struct er_slice_side **out)
{
    *chunks = (classes(w) + n - 1) / n;
    *out = er_arena_alloc(arena, *chunks, sizeof **out);
    enum er_status status = *out ? ER_OK : ER_E_NOMEM;
    for (int64_t i = 0; i < *chunks && status == ER_OK; i++)
        status = make_side(w, arena, i * n, n, &(*out)[i]);
    return status;
}

enum er_status er_slice_chunks(const struct er_limit *limit, struct er_arena *arena, struct er_slice_run *run)
{
    struct wanted y = {.limit = limit, .run = run}, x = {.limit = limit, .run = run, .along_x = true};
    double *space = er_alloc(4 * (limit->n + 1), sizeof *space);
    enum er_status status = space ? open_wanted(&y) : ER_E_NOMEM;
    if (status == ER_OK) status = open_wanted(&x);
    int64_t n_y = 1, n_x = 1;
    if (status == ER_OK && has_means(limit, run)) choose(&y, &x, space, &n_y, &n_x);
    if (status == ER_OK) status = make_sides(&y, arena, n_y, &run->chunks_y, &run->y);
    if (status == ER_OK) status = make_sides(&x, arena, n_x, &run->chunks_x, &run->x);
    er_free(space);
    er_free(y.at);
    er_free(y.want);
    er_free(x.at);
    er_free(x.want);
    return status;
}
