/* slice_wanted.c - see slice_wanted.h. */
#include "limit/slice_wanted.h"

bool er_slice_wanted_open(const struct er_limit *limit, bool along_x, struct er_slice_wanted *out)
{
    *out = (struct er_slice_wanted){.limit = limit, .along_x = along_x};
    out->at = er_alloc(limit->n + 1, sizeof *out->at);
    if (!out->at) return false;
    for (int64_t i = -1; i < limit->n; i++) {
        out->at[i + 1] = out->n;
        out->n += 2 * er_slice_side_of(out, i) - 1;
    }
    out->want = er_alloc(out->n, sizeof *out->want);
    return out->want != NULL;
}

void er_slice_wanted_close(struct er_slice_wanted *w)
{
    er_free(w->at);
    er_free(w->want);
}

void er_slice_want_class(struct er_slice_wanted *w, int64_t node, int64_t d)
{
    const int64_t side = er_slice_side_of(w, node);
    bool *want = er_slice_wants(w, node) + side - 1;
    want[d] = true;
    if (d > 0) want[d - side] = true;
}

const struct er_window *er_slice_window_of(const struct er_slice_wanted *w, int64_t node)
{
    const struct er_kernel_map *map = &w->limit->node[node].map;
    if (map->form != ER_KERNEL_AVERAGE && (map->form != ER_KERNEL_AFFINE || map->all_pixels)) return NULL;
    return w->along_x ? &map->columns : &map->rows;
}

void er_slice_want_inputs(struct er_slice_wanted *w, int64_t node)
{
    const struct er_limit_node *at = &w->limit->node[node];
    const struct er_window *window = er_slice_window_of(w, node);
    const bool *from = er_slice_wants(w, node);
    for (int64_t b = 0; b < at->n_from; b++) {
        const int64_t before = at->from[b], side = er_slice_side_of(w, before);
        bool *to = er_slice_wants(w, before);
        if (window)
            er_slice_need(window, at->map.form == ER_KERNEL_AVERAGE, er_slice_side_of(w, node), from, side,
                          to);
        else if (at->map.form == ER_KERNEL_AFFINE)
            to[side - 1] = true;
        else
            for (int64_t d = 0; d < 2 * side - 1; d++) to[d] |= from[d];
    }
}

int64_t er_slice_length_of(const struct er_slice_wanted *w, int64_t node)
{
    const int64_t side = er_slice_side_of(w, node);
    const bool *wants = er_slice_wants(w, node);
    int64_t length = 0;
    for (int64_t d = 1 - side; d < side; d++)
        if (wants[d + side - 1]) length += side - (d < 0 ? -d : d);
    return length;
}
