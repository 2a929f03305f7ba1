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

/* A bit for each number above 0. */
static void NAME(pack)(int64_t n, const REAL *mask, uint8_t *bits)
{
    for (int64_t e = 0; e < n; e += 8) {
        unsigned byte = 0;
        for (int64_t b = 0; b < 8; b++) byte |= (unsigned)(e + b < n && mask[e + b] > 0) << b;
        bits[e / 8] = (uint8_t)byte;
    }
}

/* Bits of whole rows: those to which a move along y applies. */
static void set_rows(const struct er_slice_map *map, const struct er_slice_move *move, int64_t columns,
                     uint8_t *bits)
{
    const int64_t rows = map->out->length, n = rows * columns;
    memset(bits, 0xff, (size_t)(n / 8));
    if (n % 8) bits[n / 8] = (uint8_t)((1u << n % 8) - 1);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t e = r * columns; !er_slice_applies(map, move, r) && e < (r + 1) * columns; e++)
            bits[e / 8] &= (uint8_t) ~(1u << e % 8);
}

/* The bits of the neighbours to the left, right, above and below. */
static int64_t NAME(fill_bits)(const struct er_slice_map *y, int64_t columns, const REAL *left,
                               const REAL *right, uint8_t *bits)
{
    const int64_t n = y->out->length * columns, step = bits_step(n);
    memset(bits, 0, (size_t)(4 * step));
    NAME(pack)(n, left, bits);
    NAME(pack)(n, right, bits + step);
    set_rows(y, &y->move[0], columns, bits + 2 * step);
    set_rows(y, &y->move[2], columns, bits + 3 * step);
    return 4 * step / (int64_t)sizeof(REAL);
}

/* The mask of a move along x, the same in every row. */
static void NAME(fill_mask)(const struct er_slice_map *map, const struct er_slice_move *move, int64_t rows,
                            REAL *mask)
{
    const int64_t columns = map->out->length;
    for (int64_t i = 0; i < columns; i++) mask[i] = er_slice_applies(map, move, i);
    for (int64_t r = 1; r < rows; r++) memcpy(mask + r * columns, mask, (size_t)columns * sizeof *mask);
}

static void NAME(fill_masks)(struct NAME(er_slice_work) * work)
{
    REAL *at = work->mask;
    work->n_masks = 0;
    for (int64_t i = 0; i < work->limit->n; i++) {
        const struct er_slice_map *map = work->x->map[i + 1], *y = work->y->map[i + 1];
        if (!map || !map->n_moves || NAME(masks_of)(work, i)) continue;
        struct er_slice_masks *masks = &work->masks[work->n_masks++];
        *masks = (struct er_slice_masks){.y = y, .x = map, .at = at - work->mask};
        const int64_t columns = map->out->length, rows = y->out->length, step = mask_step(rows * columns);
        for (int64_t move = 0; move < map->n_moves; move++) {
            if (!map->move[move].cut) continue;
            NAME(fill_mask)(map, &map->move[move], rows, at);
            at += step;
        }
        masks->bits = at - work->mask;
        if (has_bits(y, map)) at += NAME(fill_bits)(y, columns, at - 2 * step, at - step, (uint8_t *)at);
    }
}
