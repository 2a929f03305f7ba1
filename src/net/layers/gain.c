/* gain.c - one trained factor for all values.
 *
 *     y = g x      dx = g dy      dg = sum x dy
 *
 * and, along (tg, tx):   ty = g tx + tg x     tdx = g tdy + tg dy     tdg = sum (tx dy + x tdy)
 *
 * Parameter: g (1), the argument `start` at first. Sums are in double (math/inner.h).
 */
#include "core/vector.h"
#include "math/inner.h"
#include "net/norm.h"

#include <math.h>

enum { GRAIN = 16 };

static const struct er_argument argument[] = {
    {"start", ER_ARGUMENT_REAL, true, -1e6, 1e6, NULL, "1", "the factor before training"},
    {0},
};

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    l->n_parameters = 1;
    return er_layer_bind_pointwise(l, err);
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    (void)seed;
    w[0] = (float)l->argument[0];
}

/* out = f a, or f a + g b where there is a b. */
ER_VECTOR
static void combine(int64_t n, float f, const float *restrict a, float g, const float *restrict b,
                    float *restrict out)
{
    if (b) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) out[i] = f * a[i] + g * b[i];
    } else {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) out[i] = f * a[i];
    }
}

/* This part's share of all values of the batch. */
static int64_t share(const struct er_layer *l, const struct er_pass *p, int64_t *from)
{
    int64_t to;
    er_share(p->plan->rows * l->n_in, GRAIN, p->part, p->parts, from, &to);
    return to - *from;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    combine(n, p->w[0], p->x + at, 0, NULL, p->y + at);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    combine(n, p->w[0], p->dy + at, 0, NULL, p->dx + at);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    float sum, *g = er_piece(p, 0, &sum);
    if (p->part != 0) return;
    *g = (float)er_inner(p->plan->rows * l->n_in, p->x, p->dy);
    er_piece_done(p, 0, 1, g);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    combine(n, p->tw[0], p->x + at, p->w[0], p->tx ? p->tx + at : NULL, p->ty + at);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    combine(n, p->w[0], p->tdy + at, p->tw[0], p->dy + at, p->tdx + at);
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = p->plan->rows * l->n_in;
    if (p->part != 0) return;
    p->tdw[0] = (float)(er_inner(n, p->x, p->tdy) + (p->tx ? er_inner(n, p->tx, p->dy) : 0));
}

static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = l->n_in;
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) p->example[b * p->example_stride] = (float)er_inner(n, p->x + b * n, p->dy + b * n);
}

static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    (void)l;
    (void)features;
    *out = (struct er_layer_tensor){.role = "weight", .axes = {1, 1, 1, 1}, .rank = 1, .dim = {1}};
    return i == 0;
}

static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    (void)statistics;
    return er_norm_factors(l, which, fabs((double)w[0]), out, err);
}

const struct er_layer_ops er_layer_gain = {
    .name = "gain",
    .help = "one trained factor: y = g x",
    .argument = argument,
    .bind = bind,
    .initialise = initialise,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .norm = norm,
    .tensor = tensor,
};
