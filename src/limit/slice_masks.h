/* slice_masks.h - where the moves of a map apply (slice_plan.h), for all rows. Compiled for REAL by slice_chunk.h. */

/* Bytes of a bit for each entry and two vectors more. */
static int64_t bits_step(int64_t n)
{
    return (n / 8 + 6 + 63) / 64 * 64;
}

/* A filter of three pixels. */
static bool is_three(const struct er_slice_map *map)
{
    const struct er_slice_move *move = map->move;
    return map->n_moves == 3 && move[0].shift == -1 && move[1].shift == 0 && move[2].shift == 1 &&
           move[0].cut && !move[1].cut && move[2].cut;
}

static bool has_bits(const struct er_slice_map *y, const struct er_slice_map *x)
{
    return is_three(y) && is_three(x);
}

/* The masks of node i; NULL where none are made yet. */
static const struct er_slice_masks *NAME(masks_of)(const struct NAME(er_slice_work) * work, int64_t i)
{
    for (int64_t m = 0; m < work->n_masks; m++)
        if (work->masks[m].x == work->x->map[i + 1] && work->masks[m].y == work->y->map[i + 1])
            return &work->masks[m];
    return NULL;
}

/* The bits of the neighbours to the left, right, above and below. */
static int64_t NAME(fill_bits)(const struct NAME(er_slice_work) * work, int64_t i, uint8_t *bits)
{
    const struct er_slice_map *map[2] = {work->x->map[i + 1], work->y->map[i + 1]};
    const int64_t columns = map[0]->out->length, n = map[1]->out->length * columns, step = bits_step(n);
    memset(bits, 0, (size_t)(4 * step));
    for (int64_t e = 0; e < n; e++)
        for (int side = 0; side < 4; side++) {
            const struct er_slice_map *along = map[side / 2];
            const int64_t at = side < 2 ? e % columns : e / columns;
            if (er_slice_applies(along, &along->move[side % 2 * 2], at))
                bits[side * step + e / 8] |= (uint8_t)(1u << e % 8);
        }
    return 4 * step / (int64_t)sizeof(REAL);
}

static void NAME(fill_masks)(struct NAME(er_slice_work) * work)
{
    REAL *at = work->mask;
    work->n_masks = 0;
    for (int64_t i = 0; i < work->limit->n; i++) {
        const struct er_slice_map *map = work->x->map[i + 1], *y = work->y->map[i + 1];
        if (!map || !map->n_moves) continue;
        if (NAME(masks_of)(work, i)) continue;
        struct er_slice_masks *masks = &work->masks[work->n_masks++];
        *masks = (struct er_slice_masks){.y = y, .x = map, .at = at - work->mask};
        const int64_t columns = map->out->length, n = y->out->length * columns;
        for (int64_t move = 0; move < map->n_moves; move++) {
            if (!map->move[move].cut) continue;
            for (int64_t e = 0; e < n; e++) at[e] = er_slice_applies(map, &map->move[move], e % columns);
            at += mask_step(n);
        }
        masks->bits = at - work->mask;
        if (has_bits(y, map)) at += NAME(fill_bits)(work, i, (uint8_t *)at);
    }
}
