/* factor_sparse.h - the passes over observed entries: by rows, by columns. Included by factor_engine.h.
 *
 *     by rows      r = L_i . B_j - y,   R_ij = (2/n) r,   dL_i = sum_j R_ij B_j
 *     by columns   G_j = sum_i R_ij L_i
 *
 * Entries go four at a time, so that a row that is added to is read and written a quarter as often; a product of two
 * rows is the sum of as many partial sums as a vector of 64 bytes has lanes. The order of all sums is that of the text.
 */

struct NAME(sparse_pass) {
    const struct er_factorisation *f;
    const struct er_factor_entries *entries;
    int64_t ld;
    REAL scale;
    const REAL *l, *b, *y;
    REAL *dl, *g, *residual;
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

/* r[k] = x . b[k] */
static inline __attribute__((always_inline)) void NAME(dots)(int64_t ld, const REAL *x,
                                                             const REAL *const b[4], REAL *r)
{
    LANE s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t p = 0; p < ld; p += LANES) {
        const LANE v = *(const LANE *)(x + p);
        s0 += v * *(const LANE *)(b[0] + p);
        s1 += v * *(const LANE *)(b[1] + p);
        s2 += v * *(const LANE *)(b[2] + p);
        s3 += v * *(const LANE *)(b[3] + p);
    }
    r[0] = NAME(lane_sum)((const REAL *)&s0);
    r[1] = NAME(lane_sum)((const REAL *)&s1);
    r[2] = NAME(lane_sum)((const REAL *)&s2);
    r[3] = NAME(lane_sum)((const REAL *)&s3);
}

static inline __attribute__((always_inline)) REAL NAME(dot)(int64_t ld, const REAL *x, const REAL *b)
{
    LANE s = {0};
    for (int64_t p = 0; p < ld; p += LANES) s += *(const LANE *)(x + p) * *(const LANE *)(b + p);
    return NAME(lane_sum)((const REAL *)&s);
}

/* to += sum_k r[k] b[k] */
static inline __attribute__((always_inline)) void NAME(add_four)(int64_t ld, const REAL *r,
                                                                 const REAL *const b[4], REAL *to)
{
    for (int64_t p = 0; p < ld; p += LANES)
        *(LANE *)(to + p) =
            (*(LANE *)(to + p) + r[0] * *(const LANE *)(b[0] + p) + r[1] * *(const LANE *)(b[1] + p)) +
            (r[2] * *(const LANE *)(b[2] + p) + r[3] * *(const LANE *)(b[3] + p));
}

static inline __attribute__((always_inline)) void NAME(add_one)(int64_t ld, REAL r, const REAL *b, REAL *to)
{
    for (int64_t p = 0; p < ld; p += LANES) *(LANE *)(to + p) += r * *(const LANE *)(b + p);
}

/* Returns the sum of r^2. */
ER_VECTOR
static double NAME(by_rows)(const struct NAME(sparse_pass) * s, int64_t from, int64_t to)
{
    const int64_t ld = s->ld, last = s->entries->row_start[to] - 1;
    const int32_t *column = s->entries->column;
    double sum = 0;
    for (int64_t i = from; i < to; i++) {
        const REAL *l = s->l + i * ld;
        REAL *dl = s->dl + i * ld;
        int64_t e = s->entries->row_start[i];
        const int64_t end = s->entries->row_start[i + 1];
        memset(dl, 0, (size_t)ld * sizeof *dl);
        for (; e + 4 <= end; e += 4) {
            const REAL *b[4];
            REAL r[4];
            for (int k = 0; k < 4; k++) {
                NAME(fetch)(s->b, ld, column, e + k + AHEAD < last ? e + k + AHEAD : last);
                b[k] = s->b + column[e + k] * ld;
            }
            NAME(dots)(ld, l, b, r);
            for (int k = 0; k < 4; k++) {
                r[k] -= s->y[e + k];
                sum += (double)r[k] * (double)r[k];
                r[k] *= s->scale;
                s->residual[e + k] = r[k];
            }
            NAME(add_four)(ld, r, b, dl);
        }
        for (; e < end; e++) {
            const REAL *b = s->b + column[e] * ld;
            NAME(fetch)(s->b, ld, column, e + AHEAD < last ? e + AHEAD : last);
            const REAL r = NAME(dot)(ld, l, b) - s->y[e];
            sum += (double)r * (double)r;
            s->residual[e] = s->scale * r;
            NAME(add_one)(ld, s->residual[e], b, dl);
        }
    }
    return sum;
}

ER_VECTOR
static void NAME(by_columns)(const struct NAME(sparse_pass) * s, int64_t from, int64_t to)
{
    const int64_t ld = s->ld, last = s->entries->column_start[to] - 1;
    const int32_t *row = s->entries->row;
    const int64_t *entry = s->entries->entry;
    for (int64_t j = from; j < to; j++) {
        REAL *g = s->g + j * ld;
        int64_t k = s->entries->column_start[j];
        const int64_t end = s->entries->column_start[j + 1];
        memset(g, 0, (size_t)ld * sizeof *g);
        for (; k + 4 <= end; k += 4) {
            const REAL *l[4];
            REAL r[4];
            for (int q = 0; q < 4; q++) {
                const int64_t ahead = k + q + AHEAD < last ? k + q + AHEAD : last;
                NAME(fetch)(s->l, ld, row, ahead);
                __builtin_prefetch(s->residual + entry[ahead]);
                l[q] = s->l + row[k + q] * ld;
                r[q] = s->residual[entry[k + q]];
            }
            NAME(add_four)(ld, r, l, g);
        }
        for (; k < end; k++) NAME(add_one)(ld, s->residual[entry[k]], s->l + row[k] * ld, g);
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
    const int64_t l = plan->piece[plan->depth - 1].at;
    struct NAME(sparse_pass) s = {.f = f,
                                  .entries = &f->entries,
                                  .ld = plan->ld,
                                  .scale = (REAL)(2 / (double)plan->entries),
                                  .l = (const REAL *)f->w + l,
                                  .b = b,
                                  .y = f->y,
                                  .dl = (REAL *)f->g + l,
                                  .g = g,
                                  .residual = f->residual};
    double sum = 0;
    er_team_tasks(team, f->entries.rows.n, NAME(rows_task), &s);
    for (int64_t i = 0; i < f->entries.rows.n; i++) sum += f->partial[i];
    er_team_tasks(team, f->entries.columns.n, NAME(columns_task), &s);
    return sum;
}
