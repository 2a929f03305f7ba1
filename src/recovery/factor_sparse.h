/* factor_sparse.h - the passes over observed entries: by rows, by columns. Included by factor_engine.h.
 *
 *     by rows      r = L_i . B_j - y,   R_ij = (2/n) r,   dL_i = sum_j R_ij B_j
 *     by columns   G_j = sum_i R_ij L_i
 *
 * A row's entries go in groups whose rows of B stay in the first cache: their products with L_i, four at a time, then
 * their sum, which lies in registers for as many of its vectors as these hold. Columns go in batches of entries, and a
 * batch stripe by stripe: a few vectors of all rows of L, which stay in that cache where L is small. The order of all
 * sums is that of the text, and a rule of shapes and places.
 */

enum {
    FIRST_CACHE = 20 << 10, /* bytes of it for the rows of a group */
    SECOND_CACHE = 1 << 19, /* bytes; rows of a larger block are asked for before they are read */
    LEAST = 8,              /* entries of a group, unless the row has fewer */
    MOST = 64,              /* and at most */
    BATCH = 256,            /* entries of a batch */
    NARROW = 4,             /* vectors of a stripe */
    WIDE = 7                /* of a sum in registers, and of a stripe of a large block */
};

struct NAME(sparse_pass) {
    const struct er_factorisation *f;
    const struct er_factor_entries *entries;
    int64_t ld;
    REAL scale;
    const REAL *l, *b, *y;
    REAL *dl, *g, *residual;
    bool far_l, far_b; /* more than SECOND_CACHE */
};

/* The lines after next: of long rows the processor fetches the rest by itself. */
static inline __attribute__((always_inline)) void NAME(fetch)(const REAL *block, int64_t ld,
                                                              const int32_t *index, int64_t ahead)
{
    const REAL *row = block + index[ahead] * ld;
    __builtin_prefetch(row);
    __builtin_prefetch(row + LANES);
}

static inline __attribute__((always_inline)) REAL NAME(lane_sum)(const REAL *part)
{
    REAL half[LANES / 2];
    for (int q = 0; q < LANES / 2; q++) half[q] = part[q] + part[q + LANES / 2];
    for (int w = LANES / 4; w > 0; w /= 2)
        for (int q = 0; q < w; q++) half[q] += half[q + w];
    return half[0];
}

/* The lanes of a vector added until four are left. */
static inline __attribute__((always_inline)) void NAME(fold)(const LANE *s, QUAD *out)
{
    const HALF half = ((const HALF *)s)[0] + ((const HALF *)s)[1];
    if (LANES == 8)
        *out = *(const QUAD *)&half;
    else
        *out = ((const QUAD *)&half)[0] + ((const QUAD *)&half)[1];
}

/* r[k] = x . b[k] */
static inline __attribute__((always_inline)) void NAME(dots)(int64_t ld, const REAL *x,
                                                             const REAL *const b[4], QUAD *r)
{
    LANE s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t p = 0; p < ld; p += LANES) {
        const LANE v = *(const LANE *)(x + p);
        s0 += v * *(const LANE *)(b[0] + p);
        s1 += v * *(const LANE *)(b[1] + p);
        s2 += v * *(const LANE *)(b[2] + p);
        s3 += v * *(const LANE *)(b[3] + p);
    }
    QUAD q0, q1, q2, q3;
    NAME(fold)(&s0, &q0);
    NAME(fold)(&s1, &q1);
    NAME(fold)(&s2, &q2);
    NAME(fold)(&s3, &q3);
    const QUAD low =
        __builtin_shufflevector(q0, q1, 0, 4, 2, 6) + __builtin_shufflevector(q0, q1, 1, 5, 3, 7);
    const QUAD high =
        __builtin_shufflevector(q2, q3, 0, 4, 2, 6) + __builtin_shufflevector(q2, q3, 1, 5, 3, 7);
    *r = __builtin_shufflevector(low, high, 0, 1, 4, 5) + __builtin_shufflevector(low, high, 2, 3, 6, 7);
}

/* Terms of a sum: r[k] times row index[k]. */
struct NAME(line) {
    int64_t n, ld;
    const int32_t *index;
    const REAL *r;
};

/* to (+)= sum_k r_k row_k, `count` vectors of it. */
static inline __attribute__((always_inline)) void NAME(add_vectors)(const struct NAME(line) * line,
                                                                    const int count, bool fresh,
                                                                    const REAL *rows, REAL *to)
{
    const int64_t n = line->n, ld = line->ld;
    const int32_t *index = line->index;
    const REAL *r = line->r;
    LANE sum[WIDE];
#pragma GCC unroll 8
    for (int q = 0; q < count; q++) sum[q] = fresh ? (LANE){0} : *(const LANE *)(to + q * LANES);
    for (int64_t k = 0; k < n; k++) {
        const REAL *row = rows + index[k] * ld, c = r[k];
#pragma GCC unroll 8
        for (int q = 0; q < count; q++) sum[q] += c * *(const LANE *)(row + q * LANES);
    }
#pragma GCC unroll 8
    for (int q = 0; q < count; q++) *(LANE *)(to + q * LANES) = sum[q];
}

static inline __attribute__((always_inline)) void NAME(add)(const struct NAME(line) * line, int64_t count,
                                                            bool fresh, const REAL *rows, REAL *to)
{
    switch (count) {
    case 1:
        NAME(add_vectors)(line, 1, fresh, rows, to);
        return;
    case 2:
        NAME(add_vectors)(line, 2, fresh, rows, to);
        return;
    case 3:
        NAME(add_vectors)(line, 3, fresh, rows, to);
        return;
    case 4:
        NAME(add_vectors)(line, 4, fresh, rows, to);
        return;
    case 5:
        NAME(add_vectors)(line, 5, fresh, rows, to);
        return;
    case 6:
        NAME(add_vectors)(line, 6, fresh, rows, to);
        return;
    default:
        NAME(add_vectors)(line, WIDE, fresh, rows, to);
    }
}

/* Vectors of the first of the equal parts, of `most` at most, into which `left` vectors go. */
static inline int64_t NAME(part)(int64_t left, int64_t most)
{
    const int64_t parts = (left + most - 1) / most;
    return (left + parts - 1) / parts;
}

/* R of the n entries of row i from e on; the squares of r go to *sum. */
static inline __attribute__((always_inline)) void NAME(residuals)(const struct NAME(sparse_pass) * s,
                                                                  int64_t i, int64_t e, int64_t n,
                                                                  int64_t last, FOUR *sum)
{
    const int64_t ld = s->ld;
    const int32_t *column = s->entries->column + e;
    REAL *residual = s->residual + e;
    const REAL *y = s->y + e;
    for (int64_t k = 0; k < n; k += 4) {
        const REAL *b[4];
        QUAD r;
        for (int q = 0; q < 4; q++) {
            const int64_t at = k + q < n ? k + q : n - 1;
            if (s->far_b)
                NAME(fetch)(s->b, ld, s->entries->column, e + at + AHEAD < last ? e + at + AHEAD : last);
            b[q] = s->b + column[at] * ld;
        }
        NAME(dots)(ld, s->l + i * ld, b, &r);
        if (k + 4 <= n) {
            const QUAD x = r - *(const LOOSE_QUAD *)(y + k);
            const FOUR wide = __builtin_convertvector(x, FOUR);
            *sum += wide * wide;
            *(LOOSE_QUAD *)(residual + k) = s->scale * x;
        } else {
            for (int q = 0; k + q < n; q++) {
                const REAL x = r[q] - y[k + q];
                (*sum)[q] += (double)x * (double)x;
                residual[k + q] = s->scale * x;
            }
        }
    }
}

/* Returns the sum of r^2. */
ER_VECTOR
static double NAME(by_rows)(const struct NAME(sparse_pass) * s, int64_t from, int64_t to)
{
    const int64_t ld = s->ld, last = s->entries->row_start[to] - 1, vectors = ld / LANES;
    const int64_t fit = FIRST_CACHE / (ld * (int64_t)sizeof(REAL)) / 4 * 4;
    const int64_t group = fit < LEAST ? LEAST : fit > MOST ? MOST : fit;
    FOUR sum = {0};
    for (int64_t i = from; i < to; i++) {
        const int64_t begin = s->entries->row_start[i], end = s->entries->row_start[i + 1];
        REAL *dl = s->dl + i * ld;
        if (begin == end) memset(dl, 0, (size_t)ld * sizeof *dl);
        for (int64_t e = begin; e < end; e += group) {
            const int64_t n = e + group < end ? group : end - e;
            const struct NAME(line)
                line = {.n = n, .ld = ld, .index = s->entries->column + e, .r = s->residual + e};
            NAME(residuals)(s, i, e, n, last, &sum);
            for (int64_t at = 0, count; at < vectors; at += count) {
                count = NAME(part)(vectors - at, WIDE);
                NAME(add)(&line, count, e == begin, s->b + at * LANES, dl + at * LANES);
            }
        }
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

ER_VECTOR
static void NAME(by_columns)(const struct NAME(sparse_pass) * s, int64_t from, int64_t to)
{
    const int64_t *start = s->entries->column_start, *entry = s->entries->entry;
    const int64_t ld = s->ld, vectors = ld / LANES, last = start[to] - 1;
    REAL r[BATCH];
    for (int64_t j = from, k = start[from], next; j < to; k = next) {
        next = k + BATCH < start[to] ? k + BATCH : start[to];
        for (int64_t q = k; q < next; q++) {
            __builtin_prefetch(s->residual + entry[q + AHEAD < last ? q + AHEAD : last]);
            if (s->far_l) NAME(fetch)(s->l, ld, s->entries->row, q);
            r[q - k] = s->residual[entry[q]];
        }
        int64_t past = j + 1;
        while (past < to && (start[past] < next || next > last)) past++;
        for (int64_t at = 0, count; at < vectors; at += count) {
            count = NAME(part)(vectors - at, s->far_l ? WIDE : NARROW);
            for (int64_t i = j; i < past; i++) {
                const int64_t begin = start[i] > k ? start[i] : k,
                              end = start[i + 1] < next ? start[i + 1] : next;
                const struct NAME(line) line = {
                    .n = end - begin, .ld = ld, .index = s->entries->row + begin, .r = r + (begin - k)};
                NAME(add)(&line, count, start[i] >= k, s->l + at * LANES, s->g + i * ld + at * LANES);
            }
        }
        j = start[past] > next ? past - 1 : past;
    }
}

static void NAME(rows_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(sparse_pass) *s = ctx;
    const int64_t *first = s->entries->rows.first;
    (void)worker;
    s->f->partial[task] = NAME(by_rows)(s, first[task], first[task + 1]);
}

static void NAME(columns_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(sparse_pass) *s = ctx;
    const int64_t *first = s->entries->columns.first;
    (void)worker;
    NAME(by_columns)(s, first[task], first[task + 1]);
}

/* Sum of squared residuals; dL, and G. */
static double NAME(sparse)(struct er_factorisation *f, struct er_team *team, const REAL *b, REAL *g)
{
    const struct er_factor_plan *plan = &f->plan;
    const int64_t l = plan->piece[plan->depth - 1].at, row = plan->ld * (int64_t)sizeof(REAL);
    struct NAME(sparse_pass) s = {.f = f,
                                  .entries = &f->entries,
                                  .ld = plan->ld,
                                  .scale = (REAL)(2 / (double)plan->entries),
                                  .l = (const REAL *)f->w + l,
                                  .b = b,
                                  .y = f->y,
                                  .dl = (REAL *)f->g + l,
                                  .g = g,
                                  .residual = f->residual,
                                  .far_l = plan->m * row > SECOND_CACHE,
                                  .far_b = plan->n * row > SECOND_CACHE};
    double sum = 0;
    er_team_tasks(team, f->entries.rows.n, NAME(rows_task), &s);
    for (int64_t i = 0; i < f->entries.rows.n; i++) sum += f->partial[i];
    er_team_tasks(team, f->entries.columns.n, NAME(columns_task), &s);
    return sum;
}
