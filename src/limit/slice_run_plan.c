/* slice_run_plan.c - the buffers of a run: nodes that nobody reads any more give theirs to those that follow. */
#include "limit/slice_run_plan.h"

enum { LINE = 64 / (int)sizeof(float) };

/* To whole cache lines. */
static int64_t rounded(int64_t n)
{
    return (n + LINE - 1) / LINE * LINE;
}

bool er_slice_same(const struct er_slice_run *run, int64_t one, int64_t two)
{
    for (int64_t c = 0; c < run->chunks_y; c++)
        if (run->y[c].axis[one + 1] != run->y[c].axis[two + 1]) return false;
    for (int64_t c = 0; c < run->chunks_x; c++)
        if (run->x[c].axis[one + 1] != run->x[c].axis[two + 1]) return false;
    return true;
}

/* The most entries that a node has in one chunk. */
static int64_t entries_of(const struct er_slice_run *run, int64_t node)
{
    int64_t y = 0, x = 0;
    for (int64_t c = 0; c < run->chunks_y; c++)
        if (run->y[c].axis[node + 1]->length > y) y = run->y[c].axis[node + 1]->length;
    for (int64_t c = 0; c < run->chunks_x; c++)
        if (run->x[c].axis[node + 1]->length > x) x = run->x[c].axis[node + 1]->length;
    return y * x;
}

/* By node + 1: the last node that reads it, how many do. */
static void find_readers(const struct er_limit *limit, const struct er_slice_run *run, int64_t *last,
                         int64_t *readers)
{
    for (int64_t i = 0; i < limit->n; i++)
        for (int64_t b = 0; run->part[i + 1] && !er_slice_ends(limit, run, i) && b < limit->node[i].n_from;
             b++) {
            const int64_t from = limit->node[i].from[b];
            last[from + 1] = i;
            readers[from + 1]++;
        }
    last[run->source + 1] = limit->n;
    readers[run->source + 1]++;
}

static bool has_windows(const struct er_kernel_map *map)
{
    return map->form == ER_KERNEL_AVERAGE || (map->form == ER_KERNEL_AFFINE && !map->all_pixels);
}

/* A buffer that nobody reads from node i on, or a new one. */
static int64_t take(int64_t *free_from, int64_t *n_slots, int64_t i, int64_t last)
{
    int64_t slot = 0;
    while (slot < *n_slots && free_from[slot] > i) slot++;
    if (slot == *n_slots) (*n_slots)++;
    free_from[slot] = last + 1;
    return slot;
}

static enum er_status place(const struct er_limit *limit, struct er_arena *arena, struct er_slice_run *run)
{
    const int64_t n = limit->n + 1;
    int64_t *slot = er_arena_alloc(arena, n, sizeof *slot), *last = er_alloc(3 * n, sizeof *last);
    int64_t *fused = er_arena_alloc(arena, n, sizeof *fused);
    run->slot = slot;
    run->fused = fused;
    if (!slot || !last || !fused) {
        er_free(last);
        return ER_E_NOMEM;
    }
    int64_t *readers = last + n, *free_from = last + 2 * n;
    find_readers(limit, run, last, readers);
    for (int64_t i = -1; i < limit->n; i++) {
        fused[i + 1] = -1;
        if (!run->part[i + 1]) continue;
        const struct er_limit_node *node = i < 0 ? NULL : &limit->node[i];
        const int64_t from = node ? node->from[0] : -1;
        if (last[i + 1] < i) last[i + 1] = i;
        if (node && !er_slice_ends(limit, run, i) && !has_windows(&node->map) && last[from + 1] == i &&
            er_slice_same(run, i, from)) {
            slot[i + 1] = slot[from + 1]; /* in place */
            free_from[slot[i + 1]] = last[i + 1] + 1;
        } else
            slot[i + 1] = take(free_from, &run->n_slots, i, last[i + 1]);
        if (node && node->map.form == ER_KERNEL_POINTWISE && from >= 0 && readers[from + 1] == 1 &&
            slot[i + 1] == slot[from + 1] && has_windows(&limit->node[from].map) &&
            limit->node[from].map.form == ER_KERNEL_AFFINE && node->map.dual->width == 0)
            fused[from + 1] = i;
        const int64_t entries = entries_of(run, i);
        if (entries > run->entries) run->entries = entries;
    }
    er_free(last);
    return ER_OK;
}

static enum er_status place_planes(const struct er_limit *limit, struct er_arena *arena,
                                   struct er_slice_run *run)
{
    int64_t *plane = er_arena_alloc(arena, limit->n + 1, sizeof *plane);
    int64_t *spread = er_arena_alloc(arena, limit->n + 1, sizeof *spread);
    if (!plane || !spread) return ER_E_NOMEM;
    run->plane = plane;
    run->spread = spread;
    for (int64_t i = -1; i < limit->n; i++) {
        plane[i + 1] = spread[i + 1] = -1;
        const struct er_kernel_map *map = i < 0 ? NULL : &limit->node[i].map;
        const bool of_variances = map && (map->form == ER_KERNEL_NORMALISE ||
                                          (map->form == ER_KERNEL_POINTWISE && map->dual->width == 0));
        if (!run->part[i + 1] || (i >= 0 && !of_variances)) continue;
        const int64_t planes = i < 0 ? limit->input.channels : 1;
        plane[i + 1] = run->plane_numbers;
        spread[i + 1] = run->spread_numbers;
        run->plane_numbers += planes * rounded(er_limit_pixels(limit, i));
        run->spread_numbers += planes * rounded(entries_of(run, i));
    }
    run->plane_numbers += LINE; /* the last vector that is copied may reach beyond its plane */
    run->spread_numbers += LINE;
    return ER_OK;
}

/* Numbers of the masks of one chunk: one of each move that is cut, and bits of the four neighbours, for each pair of maps. */
static int64_t masks_of(const struct er_limit *limit, const struct er_slice_side *y,
                        const struct er_slice_side *x)
{
    int64_t numbers = 0;
    for (int64_t i = 1; i <= limit->n; i++) {
        const struct er_slice_map *map = x->map[i];
        bool met = !map;
        const int64_t n = map ? y->axis[i]->length * x->axis[i]->length : 0;
        for (int64_t j = 1; j < i && !met; j++) met = x->map[j] == map && y->map[j] == y->map[i];
        if (!met) numbers += 4 * rounded((n / 8 + 6) / (int64_t)sizeof(float) + 1);
        for (int64_t m = 0; !met && m < map->n_moves; m++)
            if (map->move[m].cut) numbers += rounded(n);
    }
    return numbers;
}

static void find_lines(const struct er_limit *limit, struct er_slice_run *run)
{
    int64_t line = 0;
    for (int64_t a = 0; a < run->chunks_y; a++)
        for (int64_t b = 0; b < run->chunks_x; b++) {
            const struct er_slice_side *y = &run->y[a], *x = &run->x[b];
            const int64_t masks = masks_of(limit, y, x);
            if (masks > run->mask_numbers) run->mask_numbers = masks;
            for (int64_t i = 1; i <= limit->n; i++) {
                const struct er_slice_map *map = x->map[i];
                if (!map) continue;
                const int64_t numbers = y->axis[i]->length * map->in->length;
                if (numbers > line) line = numbers;
                for (int64_t m = 0; m < map->n_moves; m++) {
                    const int64_t shift = map->move[m].shift < 0 ? -map->move[m].shift : map->move[m].shift;
                    if (shift > run->margin) run->margin = shift;
                }
            }
        }
    run->margin = rounded(run->margin);
    run->line_numbers = rounded(line) + 2 * run->margin;
}

enum er_status er_slice_run_plan(const struct er_limit *limit, struct er_arena *arena,
                                 const struct er_slice_wanted all[2], struct er_slice_run *run)
{
    enum er_status status = er_slice_chunks(limit, arena, all, run);
    if (status == ER_OK) status = place(limit, arena, run);
    if (status == ER_OK) status = place_planes(limit, arena, run);
    if (status != ER_OK) return status;
    run->entries = rounded(run->entries);
    find_lines(limit, run);
    return ER_OK;
}
