/* factor_dense.h - loss and R = dL/dW where W is formed: completion of much, depth 1, and sensing. Included by
 * factor_engine.h.
 *
 *     completion   R_ij = (2/n) (W_ij - y) at the entries, else 0
 *     sensing      r_k = <A_k, W> - y_k,   R = (2/n) sum_k r_k A_k
 *
 * Measurements go four at a time: A is read once where one thread does both, which is the time it takes; several threads
 * read it twice, for r and for parts of R, and get the same bits.
 */

typedef REAL NAME(loose) __attribute__((vector_size(64), may_alias, aligned(sizeof(REAL))));

struct NAME(dense_pass) {
    const struct er_factorisation *f;
    int64_t n, numbers; /* observations; in W */
    REAL scale;
    const REAL *w, *a, *y;
    REAL *r, *residual; /* R; (2/n) r_k */
};

static void NAME(entries_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(dense_pass) *d = ctx;
    const struct er_factor_entries *entries = &d->f->entries;
    double sum = 0;
    (void)worker;
    for (int64_t i = entries->rows.first[task]; i < entries->rows.first[task + 1]; i++)
        for (int64_t e = entries->row_start[i]; e < entries->row_start[i + 1]; e++) {
            const int64_t at = i * d->f->plan.ld_w + entries->column[e];
            const REAL r = d->w[at] - d->y[e];
            sum += (double)r * (double)r;
            d->r[at] = d->scale * r;
        }
    d->f->partial[task] = sum;
}

/* residual[k] = scale (<A_k, W> - y_k) of the `count` <= 4 measurements from k on; returns the sum of squares. */
static inline __attribute__((always_inline)) double NAME(measure)(const struct NAME(dense_pass) * d,
                                                                  int64_t k, const int count)
{
    const int64_t n = d->numbers, whole = n - n % LANES;
    const REAL *a = d->a + k * n;
    double sum = 0;
    LANE part[4] = {{0}};
    for (int64_t p = 0; p < whole; p += LANES) {
        const LANE w = *(const NAME(loose) *)(d->w + p);
        for (int q = 0; q < count; q++) part[q] += w * *(const NAME(loose) *)(a + q * n + p);
    }
    for (int q = 0; q < count; q++) {
        REAL r = NAME(lane_sum)((const REAL *)&part[q]);
        for (int64_t p = whole; p < n; p++) r += d->w[p] * a[q * n + p];
        r -= d->y[k + q];
        sum += (double)r * (double)r;
        d->residual[k + q] = d->scale * r;
    }
    return sum;
}

/* R += sum over the `count` <= 4 measurements from k on, numbers from..to of it; from is whole. */
static inline __attribute__((always_inline)) void NAME(gather)(const struct NAME(dense_pass) * d, int64_t k,
                                                               const int count, int64_t from, int64_t to)
{
    const int64_t n = d->numbers, whole = to - to % LANES;
    const REAL *a = d->a + k * n, *r = d->residual + k;
    for (int64_t p = from; p < whole; p += LANES) {
        LANE sum = *(NAME(loose) *)(d->r + p);
        for (int q = 0; q < count; q++) sum += r[q] * *(const NAME(loose) *)(a + q * n + p);
        *(NAME(loose) *)(d->r + p) = sum;
    }
    for (int64_t p = whole; p < to; p++)
        for (int q = 0; q < count; q++) d->r[p] += r[q] * a[q * n + p];
}

/* Both, or either, for measurements from..to. */
ER_VECTOR
static double NAME(sense)(const struct NAME(dense_pass) * d, int64_t from, int64_t to, bool measures,
                          int64_t left, int64_t right)
{
    double sum = 0;
    int64_t k = from;
    for (; k + 4 <= to; k += 4) {
        if (measures) sum += NAME(measure)(d, k, 4);
        if (left < right) NAME(gather)(d, k, 4, left, right);
    }
    for (; k < to; k++) {
        if (measures) sum += NAME(measure)(d, k, 1);
        if (left < right) NAME(gather)(d, k, 1, left, right);
    }
    return sum;
}

enum { SENSED = 64, GATHERED = 1024 }; /* measurements, numbers of R a task: multiples of 4 and of LANES */

static void NAME(measure_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(dense_pass) *d = ctx;
    const int64_t from = task * SENSED, to = from + SENSED < d->n ? from + SENSED : d->n;
    (void)worker;
    d->f->partial[task] = NAME(sense)(d, from, to, true, 0, 0);
}

static void NAME(gather_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(dense_pass) *d = ctx;
    const int64_t left = task * GATHERED, right = left + GATHERED < d->numbers ? left + GATHERED : d->numbers;
    (void)worker;
    NAME(sense)(d, 0, d->n, false, left, right);
}

static double NAME(sensing)(struct NAME(dense_pass) * d, struct er_team *team)
{
    const int64_t tasks = (d->n + SENSED - 1) / SENSED;
    memset(d->r, 0, (size_t)d->numbers * sizeof *d->r);
    if (er_team_parts(team) > 1) {
        er_team_tasks(team, tasks, NAME(measure_task), d);
        er_team_tasks(team, (d->numbers + GATHERED - 1) / GATHERED, NAME(gather_task), d);
    } else {
        for (int64_t task = 0; task < tasks; task++) {
            const int64_t from = task * SENSED, to = from + SENSED < d->n ? from + SENSED : d->n;
            d->f->partial[task] = NAME(sense)(d, from, to, true, 0, d->numbers);
        }
    }
    double sum = 0;
    for (int64_t task = 0; task < tasks; task++) sum += d->f->partial[task];
    return sum;
}

/* Sum of squared residuals of a dense W, and R. */
static double NAME(dense)(struct er_factorisation *f, struct er_team *team, const REAL *w, REAL *r)
{
    struct NAME(dense_pass) d = {.f = f,
                                 .n = f->plan.entries,
                                 .numbers = f->plan.m * f->plan.n,
                                 .scale = (REAL)(2 / (double)f->plan.entries),
                                 .w = w,
                                 .a = f->a,
                                 .y = f->y,
                                 .r = r,
                                 .residual = f->residual};
    if (f->plan.kind == ER_SENSING) return NAME(sensing)(&d, team);
    double sum = 0;
    er_team_tasks(team, f->entries.rows.n, NAME(entries_task), &d);
    for (int64_t i = 0; i < f->entries.rows.n; i++) sum += f->partial[i];
    return sum;
}
