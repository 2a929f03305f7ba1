/* slice_axis.c - displacements along one axis, and what a window makes of them. */
#include "limit/slice_plan.h"

static int64_t modulo(int64_t i, int64_t n)
{
    return (i % n + n) % n;
}

static void mark(const struct er_window *w, int64_t d, int64_t side, bool *needed)
{
    if (w->padding == ER_PADDING_CIRCULAR) {
        d = modulo(d, side);
        needed[d + side - 1] = true;
        if (d > 0) needed[d - 1] = true;
    } else if (d > -side && d < side)
        needed[d + side - 1] = true;
}

void er_slice_need(const struct er_window *w, bool both, int64_t out, const bool *wanted, int64_t in,
                   bool *needed)
{
    const int64_t apart = both ? w->size - 1 : 0;
    for (int64_t d = 1 - out; d < out; d++)
        for (int64_t e = -apart; wanted[d + out - 1] && e <= apart; e++)
            mark(w, d * w->stride + e, in, needed);
}

const struct er_slice_axis *er_slice_axis_new(struct er_arena *arena, int64_t side, const bool *wanted)
{
    struct er_slice_axis *axis = er_arena_alloc(arena, 1, sizeof *axis);
    int64_t n = 0;
    for (int64_t i = 0; i < 2 * side - 1; i++) n += wanted[i];
    int64_t *d = er_arena_alloc(arena, n, sizeof *d), *at = er_arena_alloc(arena, n, sizeof *at);
    if (!axis || !d || !at) return NULL;
    *axis = (struct er_slice_axis){.side = side, .d = d, .at = at};
    for (int64_t class = 0; class < side; class ++)
        for (int64_t value = class; value >= class - side; value -= side) {
            if (value == -side || !wanted[value + side - 1]) continue;
            d[axis->n] = value;
            at[axis->n] = axis->length;
            axis->length += er_slice_count(axis, axis->n);
            axis->n++;
        }
    axis->in_order =
        axis->length == side && d[0] >= 0 && (axis->n == 1 || (axis->n == 2 && d[1] == d[0] - side));
    return axis;
}

/* The entry of pixels p and p', or the length where there is none. */
static int64_t entry(const struct er_slice_axis *axis, int64_t p, int64_t q)
{
    if (p < 0 || q < 0 || p >= axis->side || q >= axis->side) return axis->length;
    for (int64_t s = 0; s < axis->n; s++)
        if (axis->d[s] == q - p) return axis->at[s] + p - er_slice_first(axis->d[s]);
    return axis->length;
}

static int64_t tap_pixel(const struct er_window *w, int64_t i, int64_t tap)
{
    const int64_t p = i * w->stride + tap * w->dilation - w->before;
    return w->padding == ER_PADDING_CIRCULAR ? modulo(p, w->in) : p;
}

/* m(p) of a mean. */
static double window_counts(const struct er_window *w, bool counts_padding, int64_t i)
{
    if (counts_padding) return (double)w->size;
    int64_t n = 0;
    for (int64_t a = 0; a < w->size; a++) {
        const int64_t p = tap_pixel(w, i, a);
        n += p >= 0 && p < w->in;
    }
    return (double)n;
}

/* Where tap (a, b) of pixels p and q finds its entry. */
static int64_t tap_entry(const struct er_slice_axis *in, const struct er_window *w, int64_t p, int64_t q,
                         int64_t a, int64_t b)
{
    return entry(in, tap_pixel(w, p, a), tap_pixel(w, q, b));
}

const double *er_slice_window_weights(struct er_arena *arena, const struct er_window *w, bool counts_padding,
                                      const struct er_slice_axis *out)
{
    double *weight = er_arena_alloc(arena, out->length, sizeof *weight);
    if (!weight) return NULL;
    for (int64_t s = 0; s < out->n; s++)
        for (int64_t i = 0; i < er_slice_count(out, s); i++) {
            const int64_t p = er_slice_first(out->d[s]) + i, q = p + out->d[s];
            weight[out->at[s] + i] =
                1 / (window_counts(w, counts_padding, p) * window_counts(w, counts_padding, q));
        }
    return weight;
}

/* Whether one more entry goes on where a link ends. Two make its step. */
static bool lengthen(struct er_slice_link *link, int64_t from, int64_t to)
{
    if (to != link->to + link->n) return false;
    if (link->n == 1 && from > link->from) link->step = from - link->from;
    if (from != link->from + link->n * link->step) return false;
    link->n++;
    return true;
}

/* Links, or with `link` NULL how many entries they have. */
static int64_t find_links(const struct er_window *w, const struct er_slice_axis *in,
                          const struct er_slice_axis *out, struct er_slice_link *link)
{
    int64_t n = 0;
    for (int64_t s = 0; s < out->n; s++)
        for (int64_t tap = 0; tap < w->size * w->size; tap++)
            for (int64_t i = 0; i < er_slice_count(out, s); i++) {
                const int64_t p = er_slice_first(out->d[s]) + i, to = out->at[s] + i;
                const int64_t from = tap_entry(in, w, p, p + out->d[s], tap / w->size, tap % w->size);
                if (from == in->length || (link && n > 0 && lengthen(&link[n - 1], from, to))) continue;
                if (link) link[n] = (struct er_slice_link){.from = from, .to = to, .n = 1};
                n++;
            }
    return n;
}

bool er_slice_links_new(struct er_arena *arena, const struct er_window *w, const struct er_slice_axis *in,
                        const struct er_slice_axis *out, struct er_slice_links *links)
{
    struct er_slice_link *link = er_arena_alloc(arena, find_links(w, in, out, NULL), sizeof *link);
    if (!link) return false;
    *links = (struct er_slice_links){find_links(w, in, out, link), link};
    return true;
}

static void fill(struct er_slice_map *map, int64_t *from)
{
    const struct er_window *w = map->window;
    const struct er_slice_axis *out = map->out;
    for (int64_t s = 0; s < out->n; s++)
        for (int64_t i = 0; i < er_slice_count(out, s); i++) {
            const int64_t p = er_slice_first(out->d[s]) + i, q = p + out->d[s], at = out->at[s] + i;
            for (int64_t tap = 0; tap < map->taps; tap++) {
                const int64_t a = map->both ? tap / w->size : tap, b = map->both ? tap % w->size : tap;
                from[tap * out->length + at] = tap_entry(map->in, w, p, q, a, b);
            }
        }
}

/* Whether the taps of entry i are those of i - 1, each one on. */
static bool goes_on(const struct er_slice_map *map, int64_t i)
{
    const int64_t zero = map->in->length;
    for (int64_t tap = 0; tap < map->taps; tap++) {
        const int64_t *from = map->from + tap * map->out->length + i;
        if ((from[0] == zero) != (from[-1] == zero) || (from[0] != zero && from[0] != from[-1] + 1))
            return false;
    }
    return true;
}

static bool find_stretches(struct er_arena *arena, struct er_slice_map *map)
{
    const int64_t length = map->out->length, zero = map->in->length;
    struct er_slice_stretch *stretch = er_arena_alloc(arena, length, sizeof *stretch);
    if (!stretch) return false;
    map->stretch = stretch;
    for (int64_t i = 0; i < length; i++) {
        if (i > 0 && goes_on(map, i)) {
            stretch[map->n_stretches - 1].n++;
            continue;
        }
        int64_t *from = er_arena_alloc(arena, map->taps, sizeof *from), terms = 0;
        if (!from) return false;
        for (int64_t tap = 0; tap < map->taps; tap++) {
            const int64_t at = map->from[tap * length + i];
            if (at != zero) from[terms++] = at;
        }
        stretch[map->n_stretches++] =
            (struct er_slice_stretch){.at = i, .n = 1, .terms = terms, .from = from};
    }
    return true;
}

/* At most two moves a tap, else none. `move` has room for them. */
static int64_t find_moves(const struct er_slice_map *map, struct er_slice_move *move)
{
    const int64_t length = map->out->length, zero = map->in->length;
    int64_t n = 0;
    for (int64_t tap = 0; tap < map->taps; tap++) {
        const int64_t first = n;
        for (int64_t i = 0; i < length; i++) {
            const int64_t at = map->from[tap * length + i];
            int64_t m = first;
            while (at != zero && m < n && move[m].shift != at - i) m++;
            if (at == zero || m < n) continue;
            if (n == first + 2) return 0;
            move[n++] = (struct er_slice_move){.tap = tap, .shift = at - i};
        }
    }
    for (int64_t m = 0; m < n; m++)
        for (int64_t i = 0; i < length; i++) move[m].cut |= !er_slice_applies(map, &move[m], i);
    return n;
}

const struct er_slice_map *er_slice_map_new(struct er_arena *arena, const struct er_window *w, bool both,
                                            bool counts_padding, const struct er_slice_axis *in,
                                            const struct er_slice_axis *out)
{
    const int64_t taps = both ? w->size * w->size : w->size;
    struct er_slice_map *map = er_arena_alloc(arena, 1, sizeof *map);
    int64_t *from = er_arena_alloc(arena, taps * out->length, sizeof *from);
    struct er_slice_move *move = er_arena_alloc(arena, 2 * taps, sizeof *move);
    const double *weight = both ? er_slice_window_weights(arena, w, counts_padding, out) : NULL;
    if (!map || !from || !move || (both && !weight)) return NULL;
    *map = (struct er_slice_map){
        .in = in, .out = out, .window = w, .both = both, .taps = taps, .from = from, .weight = weight};
    fill(map, from);
    if (!find_stretches(arena, map)) return NULL;
    map->move = move;
    if (in->length == out->length && !both) map->n_moves = find_moves(map, move);
    return map;
}

const double *er_slice_weights(struct er_arena *arena, const struct er_window *w, bool counts_padding,
                               const struct er_slice_axis *axis)
{
    double *weight = er_arena_alloc(arena, axis->length, sizeof *weight);
    double *counts = er_arena_alloc(arena, axis->side, sizeof *counts);
    if (!weight || !counts) return NULL;
    for (int64_t a = 0; w && a < w->size; a++) {
        const int64_t p = tap_pixel(w, 0, a);
        if (p >= 0 && p < axis->side) counts[p] += 1 / window_counts(w, counts_padding, 0);
    }
    for (int64_t s = 0; s < axis->n; s++)
        for (int64_t i = 0; i < er_slice_count(axis, s); i++) {
            const int64_t p = er_slice_first(axis->d[s]) + i;
            weight[axis->at[s] + i] = w ? counts[p] * counts[p + axis->d[s]] : 1 / (double)axis->side;
        }
    return weight;
}
