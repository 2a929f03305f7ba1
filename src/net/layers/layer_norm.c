/* layer_norm.c - layer normalisation: the values of a group at mean 0 and variance 1, then scaled and shifted
 * one by one. A group is all channels of a pixel (over=channels) or everything of an example (over=example).
 *
 *     h = (x - mu) r      r = 1 / sqrt(v + epsilon)      y_i = gamma_i h_i + beta_i
 *
 * mu and v are the group's moments, v divided by n. With means <.> over the n values of a group, q = gamma
 * dy, Q = <q h>, and sums over all groups of the batch:
 *
 *     dgamma_i = sum dy_i h_i    dbeta_i = sum dy_i    dx = r (q - <q> - h Q)
 *
 * and along (tgamma, tbeta, tx), where k = <h tx>, tq = tgamma dy + gamma tdy:
 *
 *     tr = -r^2 k    th = r (tx - <tx> - k h)    ty = tgamma h + gamma th + tbeta
 *     tdgamma_i = sum (tdy_i h_i + dy_i th_i)    tdbeta_i = sum tdy_i    tQ = <tq h + q th>
 *     tdx = tr (q - <q> - h Q) + r (tq - <tq> - h tQ - th Q)
 *         = tr (q - <q>) + r (tq - <tq>) + (x - mu) (2 r^3 k Q - r^2 tQ) - r^2 Q (tx - <tx>)
 *
 * Parameters: gamma (n), from 1, and beta (n), from 0; none with affine=false. Sums are in double, those over
 * a group in LANES sums that are added up in their order: the same bits at every vector width. Source: Ba,
 * Kiros and Hinton, "Layer normalization", arXiv:1607.06450, eq. 3 and 4.
 */
#include "core/vector.h"
#include "net/layer.h"

#include <math.h>
#include <string.h>

enum { OVER, EPSILON, AFFINE };
enum { LANES = 16, GRAIN = 16 };
enum { MEAN, INVERSE, T_MEAN, T_SLOPE, CACHED }; /* mu, r, <tx>, k of each group */

static const struct er_argument argument[] = {
    {"over", ER_ARGUMENT_CHOICE, false, 0, 0, "channels example", "channels",
     "what is normalised together: the channels of a pixel, or all of an example"},
    {"epsilon", ER_ARGUMENT_REAL, false, 1e-12, 1, NULL, "1e-5", "added to the variance"},
    {"affine", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true", "whether there are gamma and beta"},
    {0},
};

/* n, the values of a group. */
static int64_t size_of(const struct er_layer *l)
{
    return l->argument[OVER] > 0 ? er_shape_size(l->in) : l->in.channels;
}

static bool affine(const struct er_layer *l)
{
    return l->argument[AFFINE] > 0;
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    const int64_t n = size_of(l);
    l->n_parameters = affine(l) ? 2 * n : 0;
    l->n_cache = CACHED * (er_shape_size(l->in) / n);
    return er_layer_bind_pointwise(l, err);
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    (void)err;
    p->n_scratch = 2 * size_of(l); /* q and tq; dgamma and dbeta */
    return ER_OK;
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    (void)seed;
    for (int64_t i = 0; i < l->n_parameters; i++) w[i] = i < size_of(l) ? 1 : 0;
}

/* *s = sum (a - shift_a), *t = sum (a - shift_a) (b - shift_b) */
ER_VECTOR
static void sums(int64_t n, const float *a, double shift_a, const float *b, double shift_b, double *s,
                 double *t)
{
    double first[LANES] = {0}, second[LANES] = {0};
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES) {
#pragma omp simd
        for (int64_t j = 0; j < LANES; j++) {
            const double d = (double)a[i + j] - shift_a;
            first[j] += d;
            second[j] += d * ((double)b[i + j] - shift_b);
        }
    }
    for (int64_t j = 0; i + j < n; j++) {
        const double d = (double)a[i + j] - shift_a;
        first[j] += d;
        second[j] += d * ((double)b[i + j] - shift_b);
    }
    *s = *t = 0;
    for (int64_t j = 0; j < LANES && j < n; j++) {
        *s += first[j];
        *t += second[j];
    }
}

/* out = (in - shift) factor, and the same on top. */
ER_VECTOR
static void set(int64_t n, const float *restrict in, float shift, float factor, float *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = (in[i] - shift) * factor;
}

ER_VECTOR
static void add(int64_t n, const float *restrict in, float shift, float factor, float *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += (in[i] - shift) * factor;
}

/* v = gamma v + beta, or without beta. */
ER_VECTOR
static void stretch(int64_t n, const float *restrict gamma, const float *restrict beta, float *restrict v)
{
    if (beta) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) v[i] = gamma[i] * v[i] + beta[i];
    } else {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) v[i] *= gamma[i];
    }
}

/* v += gamma (in - shift) factor */
ER_VECTOR
static void add_stretched(int64_t n, const float *restrict gamma, const float *restrict in, float shift,
                          float factor, float *restrict v)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) v[i] += gamma[i] * ((in[i] - shift) * factor);
}

/* The groups of this part, whole rows of the batch. */
static void share(const struct er_layer *l, const struct er_pass *p, int64_t *from, int64_t *to)
{
    const int64_t groups = l->n_in / size_of(l);
    er_share(p->plan->rows, 1, p->part, p->parts, from, to);
    *from *= groups;
    *to *= groups;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    int64_t g, end;
    share(l, p, &g, &end);
    for (; g < end; g++) {
        const float *x = p->x + g * n;
        float *cache = p->cache + g * CACHED, *y = p->y + g * n;
        double mean, variance, rest;
        sums(n, x, 0, x, 0, &mean, &rest);
        mean /= (double)n;
        sums(n, x, mean, x, mean, &rest, &variance);
        cache[MEAN] = (float)mean;
        cache[INVERSE] = (float)(1 / sqrt(variance / (double)n + l->argument[EPSILON]));
        set(n, x, cache[MEAN], cache[INVERSE], y);
        if (affine(l)) stretch(n, p->w, p->w + n, y);
    }
}

/* Row g of q = gamma dy. */
static void weigh(const struct er_layer *l, const struct er_pass *p, int64_t g, float *q)
{
    const int64_t n = size_of(l);
    memcpy(q, p->dy + g * n, (size_t)n * sizeof *q);
    if (affine(l)) stretch(n, p->w, NULL, q);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    float *q = p->scratch;
    int64_t g, end;
    share(l, p, &g, &end);
    for (; g < end; g++) {
        const float *x = p->x + g * n, *cache = p->cache + g * CACHED;
        const double r = (double)cache[INVERSE], N = (double)n;
        double sum, along;
        weigh(l, p, g, q);
        sums(n, q, 0, x, (double)cache[MEAN], &sum, &along);
        set(n, q, (float)(sum / N), cache[INVERSE], p->dx + g * n);
        add(n, x, cache[MEAN], (float)(-r * r * r * along / N), p->dx + g * n);
    }
}

/* dgamma and dbeta [from, to): sums over groups first .. last, in their order. For tangents, of tdy and of dy
 * along th. */
ER_VECTOR
static void add_groups(const struct er_layer *l, const struct er_pass *p, int64_t first, int64_t last,
                       int64_t from, int64_t to, float *dgamma, float *dbeta)
{
    const int64_t n = size_of(l);
    const bool moves = p->tdw && p->tx;
    const float *along = p->tdw ? p->tdy : p->dy;
    for (int64_t i = from; i < to; i += GRAIN) {
        const int64_t m = to - i < GRAIN ? to - i : GRAIN;
        double s[GRAIN] = {0}, t[GRAIN] = {0};
        for (int64_t g = first; g < last; g++) {
            const float *dy = along + g * n + i, *x = p->x + g * n + i, *cache = p->cache + g * CACHED;
            const double mean = (double)cache[MEAN], r = (double)cache[INVERSE];
#pragma omp simd
            for (int64_t j = 0; j < m; j++) {
                s[j] += (double)dy[j];
                t[j] += (double)dy[j] * (((double)x[j] - mean) * r);
            }
            if (!moves) continue;
            const float *back = p->dy + g * n + i, *tx = p->tx + g * n + i;
            const double t_mean = (double)cache[T_MEAN], k = (double)cache[T_SLOPE];
#pragma omp simd
            for (int64_t j = 0; j < m; j++)
                t[j] += (double)back[j] * (r * (((double)tx[j] - t_mean) - k * (((double)x[j] - mean) * r)));
        }
        for (int64_t j = 0; j < m; j++) {
            dgamma[i - from + j] = (float)t[j];
            dbeta[i - from + j] = (float)s[j];
        }
    }
}

static int64_t all_groups(const struct er_layer *l, const struct er_pass *p)
{
    return p->plan->rows * (l->n_in / size_of(l));
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    int64_t from, to;
    er_share(n, GRAIN, p->part, p->parts, &from, &to);
    float *dgamma = er_piece(p, from, p->scratch), *dbeta = er_piece(p, n + from, p->scratch + n);
    add_groups(l, p, 0, all_groups(l, p), from, to, dgamma, dbeta);
    if (to == from) return;
    er_piece_done(p, from, to - from, dgamma);
    er_piece_done(p, n + from, to - from, dbeta);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    int64_t g, end;
    share(l, p, &g, &end);
    for (; g < end; g++) {
        const float *x = p->x + g * n;
        float *cache = p->cache + g * CACHED, *ty = p->ty + g * n;
        const double r = (double)cache[INVERSE], N = (double)n;
        memset(ty, 0, (size_t)n * sizeof *ty);
        if (p->tx) {
            double sum, along;
            sums(n, p->tx + g * n, 0, x, (double)cache[MEAN], &sum, &along);
            cache[T_MEAN] = (float)(sum / N);
            cache[T_SLOPE] = (float)(r * along / N);
            set(n, p->tx + g * n, cache[T_MEAN], cache[INVERSE], ty);
            add(n, x, cache[MEAN], (float)(-r * r * (double)cache[T_SLOPE]), ty);
        }
        if (!affine(l)) continue;
        stretch(n, p->w, p->tw + n, ty);
        add_stretched(n, p->tw, x, cache[MEAN], cache[INVERSE], ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    float *q = p->scratch, *tq = q + n;
    int64_t g, end;
    share(l, p, &g, &end);
    for (; g < end; g++) {
        const float *x = p->x + g * n, *cache = p->cache + g * CACHED;
        float *tdx = p->tdx + g * n;
        const double r = (double)cache[INVERSE], mean = (double)cache[MEAN], N = (double)n;
        const double k = p->tx ? (double)cache[T_SLOPE] : 0, t_mean = p->tx ? (double)cache[T_MEAN] : 0;
        double q_sum, tq_sum, q_along, tq_along, rest, q_moved = 0;
        weigh(l, p, g, q);
        memcpy(tq, p->tdy + g * n, (size_t)n * sizeof *tq);
        if (affine(l)) {
            stretch(n, p->w, NULL, tq);
            add_stretched(n, p->tw, p->dy + g * n, 0, 1, tq);
        }
        sums(n, q, 0, x, mean, &q_sum, &q_along);
        sums(n, tq, 0, x, mean, &tq_sum, &tq_along);
        if (p->tx) sums(n, q, 0, p->tx + g * n, t_mean, &rest, &q_moved);
        const double Q = r * q_along / N, tQ = r * (tq_along + q_moved) / N - r * k * Q;
        set(n, tq, (float)(tq_sum / N), (float)r, tdx);
        add(n, q, (float)(q_sum / N), (float)(-r * r * k), tdx);
        add(n, x, (float)mean, (float)(r * r * (2 * r * k * Q - tQ)), tdx);
        if (p->tx) add(n, p->tx + g * n, (float)t_mean, (float)(-r * r * Q), tdx);
    }
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l);
    int64_t from, to;
    er_share(n, GRAIN, p->part, p->parts, &from, &to);
    add_groups(l, p, 0, all_groups(l, p), from, to, p->tdw + from, p->tdw + n + from);
}

static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = size_of(l), groups = l->n_in / n;
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        float *g = p->example + b * p->example_stride;
        add_groups(l, p, b * groups, (b + 1) * groups, 0, n, g, g + n);
    }
}

/* gamma and beta; of an image as PyTorch's LayerNorm((C, H, W)) has them. */
static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    const int64_t n = size_of(l);
    if (i > 1 || !affine(l)) return false;
    *out = (struct er_layer_tensor){
        .role = i ? "bias" : "weight", .at = i * n, .axes = {1, 1, n, 1}, .rank = 1, .dim = {n}};
    if (er_shape_size(features) == n)
        out->axes = (struct er_tensor_axes){features.height, features.width, features.channels, 1};
    if (n > l->in.channels) {
        out->rank = 3;
        memcpy(out->dim, (const int64_t[]){l->in.channels, l->in.height, l->in.width}, 3 * sizeof(int64_t));
    }
    return true;
}

/* The mean over infinitely many channels of mean 0 is 0, and the normaliser's own derivative vanishes. */
static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    const bool all = l->argument[OVER] > 0;
    *out = (struct er_kernel_map){
        .form = ER_KERNEL_NORMALISE, .epsilon = l->argument[EPSILON], .over_all = all, .trained = affine(l)};
    return ER_OK;
}

const struct er_layer_ops er_layer_layer_norm = {
    .name = "layer_norm",
    .help = "a pixel's channels, or an example, at mean 0 and variance 1",
    .argument = argument,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .tensor = tensor,
    .kernel = kernel,
};
