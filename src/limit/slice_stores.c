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

static bool is_stored(const struct er_limit *limit, const struct er_slice_wanted all[2], int64_t i)
{
    if (limit->node[i].map.form != ER_KERNEL_AVERAGE || er_slice_sums(limit, i)) return false;
    const int64_t entries = er_slice_length_of(&all[0], i) * er_slice_length_of(&all[1], i);
    return er_limit_pixels(limit, i) > 1 && entries <= ER_SLICE_STORED;
}

enum er_status er_slice_stores(const struct er_limit *limit, const struct er_slice_wanted all[2],
                               struct er_slices *slices)
{
    slices->store = er_arena_alloc(slices->arena, limit->n, sizeof *slices->store);
    if (!slices->store) return ER_E_NOMEM;
    for (int64_t i = 0; i < limit->n; i++) {
        struct er_slice_store *store = &slices->store[i];
        const struct er_kernel_map *map = &limit->node[i].map;
        if (!is_stored(limit, all, i)) continue;
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

/* A stored mean that nobody reads any more gives its place to one that follows. */
static enum er_status take_slots(struct er_slices *slices)
{
    int64_t *until =
        er_alloc(slices->n_runs, sizeof *until); /* by slot: the last run that reads what is there */
    if (!until) return ER_E_NOMEM;
    for (int64_t r = 0; r < slices->n_runs; r++) {
        if (!slices->run[r].stores) continue;
        struct er_slice_store *store = &slices->store[slices->run[r].target];
        while (store->slot < slices->n_stored && until[store->slot] >= r) store->slot++;
        if (store->slot == slices->n_stored) slices->n_stored++;
        until[store->slot] = last_reader(slices, slices->run[r].target);
    }
    er_free(until);
    return ER_OK;
}

enum er_status er_slice_place_stores(struct er_slices *slices)
{
    enum { LINE = ER_ALIGN / (int)sizeof(float) };
    for (int64_t r = 0; r < slices->n_runs; r++) {
        const struct er_slice_run *run = &slices->run[r];
        if (!run->stores) continue;
        const struct er_slice_store *store = &slices->store[run->target];
        const int64_t numbers = store->y->length * store->x->length;
        if (numbers > slices->stored) slices->stored = (numbers + LINE - 1) / LINE * LINE;
        for (int64_t c = 0; c < run->chunks_x; c++) {
            const int64_t line = store->y->length * run->x[c].axis[run->source + 1]->length;
            if (line > slices->line_numbers) slices->line_numbers = (line + LINE - 1) / LINE * LINE;
        }
    }
    const enum er_status status = take_slots(slices);
    if (status != ER_OK) return status;
    const int64_t real = slices->float32 ? (int64_t)sizeof(float) : (int64_t)sizeof(double),
                  bytes = 2 * real * (slices->n_stored * slices->stored + slices->line_numbers);
    for (slices->rows = slices->columns = MOST; slices->rows * slices->columns * bytes > STORE_BYTES;) {
        if (slices->rows * slices->columns == 1) break;
        if (slices->rows == slices->columns)
            slices->rows /= 2;
        else
            slices->columns /= 2;
    }
    return ER_OK;
}
