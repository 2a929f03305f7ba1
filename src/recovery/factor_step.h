/* factor_step.h - what an optimiser does with the gradient g of all factors w, number by number. Included by
 * factor_engine.h.
 *
 *     descent          w -= rate g
 *     group RMSprop    s <- a s + (1 - a) |g|^2,   w -= rate / (sqrt(s / (1 - a^t)) + eps) g
 *     Adam             m <- b m + (1 - b) g,   v <- a v + (1 - a) g^2,
 *                      w -= rate (m / (1 - b^t)) / (sqrt(v / (1 - a^t)) + eps)
 *
 * a is `decay`, b `momentum`, t the number of the step from 1. |g|^2 is a sum over pieces of PIECE numbers, each summed
 * in float64 in lanes.
 */

enum { PIECE = ER_FACTOR_PIECE };

struct NAME(update) {
    struct er_factorisation *f;
    REAL rate, decay, rest, momentum, momentum_rest, epsilon; /* rest: 1 - decay */
    REAL unbias;                                              /* 1 / (1 - a^t) */
};

static int64_t NAME(piece_end)(const struct er_factorisation *f, int64_t task)
{
    return (task + 1) * PIECE < f->plan.numbers ? (task + 1) * PIECE : f->plan.numbers;
}

static int64_t NAME(pieces)(const struct er_factorisation *f)
{
    return (f->plan.numbers + PIECE - 1) / PIECE;
}

ER_VECTOR
static double NAME(square_of)(int64_t n, const REAL *g)
{
    double part[16] = {0};
    const int64_t whole = n - n % 16;
    for (int64_t p = 0; p < whole; p += 16) {
#pragma omp simd
        for (int q = 0; q < 16; q++) part[q] += (double)g[p + q] * (double)g[p + q];
    }
    double sum = 0;
    for (int64_t p = whole; p < n; p++) sum += (double)g[p] * (double)g[p];
    for (int q = 0; q < 16; q++) sum += part[q];
    return sum;
}

static void NAME(square_task)(void *ctx, int64_t task, int worker)
{
    const struct er_factorisation *f = ctx;
    const int64_t from = task * PIECE;
    (void)worker;
    f->partial[task] = NAME(square_of)(NAME(piece_end)(f, task) - from, (const REAL *)f->g + from);
}

/* Depth 1 with few entries observed: no other has a gradient, nor moments. */
static void NAME(few_square_task)(void *ctx, int64_t task, int worker)
{
    const struct er_factorisation *f = ctx;
    const struct er_factor_entries *entries = &f->entries;
    double sum = 0;
    (void)worker;
    for (int64_t i = entries->rows.first[task]; i < entries->rows.first[task + 1]; i++) {
        const REAL *g = (const REAL *)f->g + i * f->plan.ld_w;
        for (int64_t e = entries->row_start[i]; e < entries->row_start[i + 1]; e++)
            sum += (double)g[entries->column[e]] * (double)g[entries->column[e]];
    }
    f->partial[task] = sum;
}

static double NAME(square)(const struct er_factorisation *f, struct er_team *team)
{
    double sum = 0;
    if (f->plan.few) {
        er_team_tasks(team, f->entries.rows.n, NAME(few_square_task), (void *)f);
        for (int64_t task = 0; task < f->entries.rows.n; task++) sum += f->partial[task];
        return sum;
    }
    er_team_tasks(team, NAME(pieces)(f), NAME(square_task), (void *)f);
    for (int64_t task = 0; task < NAME(pieces)(f); task++) sum += f->partial[task];
    return sum;
}

ER_VECTOR
static void NAME(go_down)(int64_t n, REAL rate, const REAL *restrict g, REAL *restrict w)
{
#pragma omp simd
    for (int64_t p = 0; p < n; p++) w[p] -= rate * g[p];
}

ER_VECTOR
static void NAME(add_decay)(int64_t n, REAL decay, const REAL *restrict w, REAL *restrict g)
{
#pragma omp simd
    for (int64_t p = 0; p < n; p++) g[p] += decay * w[p];
}

ER_VECTOR
static void NAME(go_adam)(int64_t n, const struct NAME(update) * u, const REAL *restrict g, REAL *restrict m,
                          REAL *restrict v, REAL *restrict w)
{
    const REAL rate = u->rate, a = u->decay, b = u->momentum, epsilon = u->epsilon, unbias = u->unbias;
    const REAL one_less_a = u->rest, one_less_b = u->momentum_rest;
#pragma omp simd
    for (int64_t p = 0; p < n; p++) {
        m[p] = b * m[p] + one_less_b * g[p];
        v[p] = a * v[p] + one_less_a * (g[p] * g[p]);
        w[p] -= rate * m[p] / (SQRT(unbias * v[p]) + epsilon);
    }
}

static void NAME(update_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(update) *u = ctx;
    struct er_factorisation *f = u->f;
    const int64_t from = task * PIECE, n = NAME(piece_end)(f, task) - from;
    const REAL *g = (const REAL *)f->g + from;
    REAL *w = (REAL *)f->w + from;
    (void)worker;
    if (f->spec.optimiser == ER_FACTOR_ADAM)
        NAME(go_adam)(n, u, g, (REAL *)f->first + from, (REAL *)f->second + from, w);
    else
        NAME(go_down)(n, u->rate, g, w);
}

static void NAME(few_update_task)(void *ctx, int64_t task, int worker)
{
    const struct NAME(update) *u = ctx;
    struct er_factorisation *f = u->f;
    const struct er_factor_entries *entries = &f->entries;
    const REAL *g = f->g;
    REAL *w = f->w, *first = f->first, *second = f->second;
    (void)worker;
    for (int64_t i = entries->rows.first[task]; i < entries->rows.first[task + 1]; i++)
        for (int64_t e = entries->row_start[i]; e < entries->row_start[i + 1]; e++) {
            const int64_t at = i * f->plan.ld_w + entries->column[e];
            if (f->spec.optimiser == ER_FACTOR_ADAM)
                NAME(go_adam)(1, u, g + at, first + at, second + at, w + at);
            else
                w[at] -= u->rate * g[at];
        }
}

static void NAME(decay_task)(void *ctx, int64_t task, int worker)
{
    struct er_factorisation *f = ctx;
    const int64_t from = task * PIECE;
    (void)worker;
    NAME(add_decay)
    (NAME(piece_end)(f, task) - from, (REAL)f->spec.weight_decay, (const REAL *)f->w + from,
     (REAL *)f->g + from);
}

static void NAME(decay)(struct er_factorisation *f, struct er_team *team)
{
    er_team_tasks(team, NAME(pieces)(f), NAME(decay_task), f);
}

static void NAME(step)(struct er_factorisation *f, struct er_team *team)
{
    const struct er_factorise_spec *spec = &f->spec;
    const double t = (double)f->step + 1;
    struct NAME(update) u = {.f = f,
                             .decay = (REAL)spec->decay,
                             .rest = (REAL)(1 - spec->decay),
                             .momentum = (REAL)spec->momentum,
                             .momentum_rest = (REAL)(1 - spec->momentum),
                             .epsilon = (REAL)spec->epsilon};
    double rate = spec->rate;
    if (spec->optimiser == ER_FACTOR_GROUP_RMSPROP)
        rate = er_group_rmsprop(rate, spec->decay, spec->epsilon, f->square, t, &f->second_sum);
    if (spec->optimiser == ER_FACTOR_ADAM) {
        rate /= 1 - pow(spec->momentum, t);
        u.unbias = (REAL)(1 / (1 - pow(spec->decay, t)));
    }
    u.rate = (REAL)rate;
    if (f->plan.few)
        er_team_tasks(team, f->entries.rows.n, NAME(few_update_task), &u);
    else
        er_team_tasks(team, NAME(pieces)(f), NAME(update_task), &u);
}
