/* slice_stores.c - which means are stored, and how many pairs are run together because of it (slice_plan.h). */
#include "limit/slice_run_plan.h"

enum { STORE_BYTES = 1 << 24, MOST = 8 };

/* All that the output needs of every node. */
void er_slice_want_all(struct er_slice_wanted *w)
{
    const struct er_limit *limit = w->limit;
    er_slice_want_class(w, limit->n - 1, 0);
    for (int64_t i = limit->n - 1; i >= 0; i--) {
        const int64_t from = limit->node[i].from[0];
        if (er_slice_sums(limit, i) && limit->node[i].map.form == ER_KERNEL_AVERAGE)
            for (int64_t d = 0; d < er_slice_side_of(w, from); d++) er_slice_want_class(w, from, d);
        else
            er_slice_want_inputs(w, i);
    }
}

static bool is_stored(const struct er_limit *limit, const struct er_slice_wanted all[2], int64_t stored,
                      int64_t i)
{
    if (limit->node[i].map.form != ER_KERNEL_AVERAGE || er_slice_sums(limit, i)) return false;
    const int64_t entries = er_slice_length_of(&all[0], i) * er_slice_length_of(&all[1], i);
    return er_limit_pixels(limit, i) > 1 && entries <= stored;
}

enum er_status er_slice_stores(const struct er_limit *limit, const struct er_slice_wanted all[2],
                               int64_t stored, struct er_slices *slices)
{
    slices->store = er_arena_alloc(slices->arena, limit->n, sizeof *slices->store);
    if (!slices->store) return ER_E_NOMEM;
    for (int64_t i = 0; i < limit->n; i++) {
        struct er_slice_store *store = &slices->store[i];
        const struct er_kernel_map *map = &limit->node[i].map;
        if (!is_stored(limit, all, stored, i)) continue;
        store->y = er_slice_axis_new(slices->arena, limit->node[i].height, er_slice_wants(&all[0], i));
        store->x = er_slice_axis_new(slices->arena, limit->node[i].width, er_slice_wants(&all[1], i));
        if (!store->y || !store->x) return ER_E_NOMEM;
        store->weight_y = er_slice_window_weights(slices->arena, &map->rows, map->counts_padding, store->y);
        store->weight_x =
            er_slice_window_weights(slices->arena, &map->columns, map->counts_padding, store->x);
        if (!store->weight_y || !store->weight_x) return ER_E_NOMEM;
    }
    return ER_OK;
}

/* The last run that reads node i. */
static int64_t last_reader(const struct er_slices *slices, int64_t i)
{
    int64_t last = 0;
    for (int64_t r = 0; r < slices->n_runs; r++)
        if (slices->run[r].part[i + 1] || slices->run[r].target == i) last = r;
    return last;
}

static int64_t rounded(int64_t n)
{
    enum { LINE = ER_ALIGN / (int)sizeof(float) };
    return (n + LINE - 1) / LINE * LINE;
}

/* Where a stored mean lies: a slot that nobody reads any more, or a new one. */
struct slot {
    int64_t until, numbers; /* the last run that reads what is there; of the longest that ever is */
};

static enum er_status take_slots(struct er_slices *slices)
{
    int64_t n = 0, at = 0;
    struct slot *slot = er_alloc(slices->n_runs, sizeof *slot);
    int64_t *taken = er_alloc(slices->n_runs, sizeof *taken);
    for (int64_t r = 0; slot && taken && r < slices->n_runs; r++) {
        if (!slices->run[r].stores) continue;
        const struct er_slice_store *store = &slices->store[slices->run[r].target];
        const int64_t numbers = rounded(store->y->length * store->x->length);
        int64_t s = 0;
        while (s < n && slot[s].until >= r) s++;
        if (s == n) n++;
        slot[s].until = last_reader(slices, slices->run[r].target);
        if (numbers > slot[s].numbers) slot[s].numbers = numbers;
        taken[r] = s;
    }
    for (int64_t s = 0; slot && taken && s < n; s++, at += slot[s - 1].numbers)
        for (int64_t r = 0; r < slices->n_runs; r++)
            if (slices->run[r].stores && taken[r] == s) slices->store[slices->run[r].target].at = at;
    slices->stored_numbers = at;
    const enum er_status status = slot && taken ? ER_OK : ER_E_NOMEM;
    er_free(slot);
    er_free(taken);
    return status;
}

/* Sums along y of the longest chunk. */
static void find_lines(struct er_slices *slices)
{
    for (int64_t r = 0; r < slices->n_runs; r++) {
        const struct er_slice_run *run = &slices->run[r];
        for (int64_t c = 0; run->stores && c < run->chunks_x; c++) {
            const int64_t columns = run->x[c].axis[run->source + 1]->length,
                          numbers = rounded(slices->store[run->target].y->length * columns);
            if (numbers > slices->line_numbers) slices->line_numbers = numbers;
        }
    }
}

enum er_status er_slice_place_stores(struct er_slices *slices)
{
    const enum er_status status = take_slots(slices);
    if (status != ER_OK) return status;
    find_lines(slices);
    const int64_t real = slices->float32 ? (int64_t)sizeof(float) : (int64_t)sizeof(double),
                  bytes = 2 * real * (slices->stored_numbers + slices->line_numbers);
    slices->rows = slices->columns = MOST;
    while (slices->rows > 1 && slices->rows * slices->columns * bytes > STORE_BYTES)
        *(slices->rows == slices->columns ? &slices->columns : &slices->rows) /= 2;
    return ER_OK;
}
