/* batch_norm.c - batch normalisation: every channel at mean 0 and variance 1, then scaled and shifted.
 *
 *     h = (x - mu) r      r = 1 / sqrt(v + epsilon)      y = gamma h + beta
 *
 * Training: mu and v are the moments of the channel over the n values that it has in the batch, all rows and
 * pixels; v is biased (divided by n). Evaluation: the running moments, which training moves,
 *
 *     running = (1 - momentum) running + momentum batch,
 *
 * with the unbiased variance n/(n-1) v. A single value has none: the running variance then stays.
 *
 * With means <.> over the n values of a channel, and the sums G = sum dy h, b = sum dy:
 *
 *     dgamma = G    dbeta = b    dx = gamma r u    u = dy - b/n - h G/n                         (u = dy)
 *
 * and along (tgamma, tbeta, tx), where k = <h tx>, from tv = 2 k / r and tr = -r^3 tv / 2:
 *
 *     tr = -r^2 k    th = r (tx - <tx> - k h)    ty = tgamma h + gamma th + tbeta       (tr = 0, th = r tx)
 *     tG = sum (tdy h + dy th)    tb = sum tdy    tdgamma = tG    tdbeta = tb
 *     tdx = (tgamma r + gamma tr) u + gamma r tu
 *     tu = tdy - tb/n - h tG/n - th G/n                                                        (tu = tdy)
 *
 * in brackets what evaluation makes of it. All of these are sums of x - mu, tx - <tx>, dy - b/n and tdy -
 * tb/n with one factor each per channel: er_channels_map.
 *
 * C channels. Parameters: gamma (C), from 1, and beta (C), from 0; none with affine=false. Statistics: mean
 * (C), from 0, and variance (C), from 1. Sums are in double, value after value. Source: Ioffe and Szegedy,
 * ICML 2015; momentum as PyTorch counts it, from the other end.
 */
#include "net/channels.h"
#include "net/norm.h"

#include <math.h>
#include <string.h>

enum { MOMENTUM, EPSILON, AFFINE };
enum { BLOCK = ER_CHANNELS };

/* Arrays of C floats: in the cache; shared from `prepare` on. */
enum { MEAN, INVERSE, T_MEAN, T_SLOPE, CACHED };
enum { DGAMMA, DBETA, TDGAMMA, TDBETA, SHARED };

static const struct er_argument argument[] = {
    {"momentum", ER_ARGUMENT_REAL, false, 0, 1, NULL, "0.1", "weight of the batch in the running moments"},
    {"epsilon", ER_ARGUMENT_REAL, false, 1e-12, 1, NULL, "1e-5", "added to the variance"},
    {"affine", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true", "whether there are gamma and beta"},
    {0},
};

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    const int64_t C = l->in.channels;
    l->n_parameters = l->argument[AFFINE] > 0 ? 2 * C : 0;
    l->n_statistics = 2 * C;
    l->n_cache_once = CACHED * C;
    return er_layer_bind_pointwise(l, err);
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    (void)err;
    p->n_shared = SHARED * l->in.channels;
    p->n_scratch = ER_CHANNELS_FLOATS * l->in.channels;
    return ER_OK;
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    (void)seed;
    for (int64_t i = 0; i < l->n_parameters; i++) w[i] = i < l->in.channels ? 1 : 0;
}

static void start(const struct er_layer *l, float *statistics)
{
    for (int64_t i = 0; i < l->n_statistics; i++) statistics[i] = i < l->in.channels ? 0 : 1;
}

/* The values of one channel in the batch. */
static int64_t pixels(const struct er_layer *l, const struct er_pass *p)
{
    return p->plan->rows * l->in.height * l->in.width;
}

/* This part's share of a map whose factors are known: all channels of some pixels. */
static void apply_share(const struct er_layer *l, const struct er_pass *p, struct er_channels_map *map,
                        float *out)
{
    const int64_t C = l->in.channels;
    int64_t from, to;
    er_share(pixels(l, p), BLOCK, p->part, p->parts, &from, &to);
    for (int i = 0; i < map->n; i++) map->term[i].in += from * C;
    er_channels_apply(map, to - from, C, 0, C, out + from * C);
}

/* What the readings know of channel c. What is 0 in evaluation, or without tx, is 0 here. */
struct channel {
    double gamma, beta, tgamma, tbeta, mean, inverse;
    double t_mean, t_slope;  /* <tx>, k */
    double db, dg, tdb, tdg; /* b/n, G/n and their tangents */
};

static struct channel channel_of(const struct er_layer *l, const struct er_pass *p, int64_t c)
{
    const int64_t C = l->in.channels;
    struct channel k = {.gamma = 1};
    if (l->n_parameters) {
        k.gamma = (double)p->w[c];
        k.beta = (double)p->w[C + c];
        if (p->tw) {
            k.tgamma = (double)p->tw[c];
            k.tbeta = (double)p->tw[C + c];
        }
    }
    if (!p->training) {
        k.mean = (double)p->statistics[c];
        k.inverse = 1 / sqrt((double)p->statistics[C + c] + l->argument[EPSILON]);
        return k;
    }
    k.mean = (double)p->cache[MEAN * C + c];
    k.inverse = (double)p->cache[INVERSE * C + c];
    if (p->tx) {
        k.t_mean = (double)p->cache[T_MEAN * C + c];
        k.t_slope = (double)p->cache[T_SLOPE * C + c];
    }
    return k;
}

/* Adds what `prepare` has found. */
static void add_sums(const struct er_layer *l, const struct er_pass *p, int64_t c, struct channel *k)
{
    const int64_t C = l->in.channels;
    const double n = (double)pixels(l, p);
    if (!p->training) return;
    k->dg = (double)p->shared[DGAMMA * C + c] / n;
    k->db = (double)p->shared[DBETA * C + c] / n;
    if (!p->tdy) return;
    k->tdg = (double)p->shared[TDGAMMA * C + c] / n;
    k->tdb = (double)p->shared[TDBETA * C + c] / n;
}

/* Moments of the batch in channels at .. at + m: into the cache and the running ones. */
static void measure(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t m)
{
    const int64_t C = l->in.channels, n = pixels(l, p);
    const double momentum = p->momentum > 0 ? p->momentum : l->argument[MOMENTUM];
    double mean[BLOCK], variance[BLOCK], rest[BLOCK];
    er_channels_sum(n, C, m, p->x + at, er_channels_none, p->x + at, er_channels_none, mean, rest);
    for (int64_t c = 0; c < m; c++) mean[c] /= (double)n;
    er_channels_sum(n, C, m, p->x + at, mean, p->x + at, mean, rest, variance);
    for (int64_t c = 0; c < m; c++) {
        p->cache[MEAN * C + at + c] = (float)mean[c];
        p->cache[INVERSE * C + at + c] = (float)(1 / sqrt(variance[c] / (double)n + l->argument[EPSILON]));
    }
    if (!p->statistics_next) return;
    for (int64_t c = 0; c < m; c++) {
        const double old_mean = (double)p->statistics[at + c], old = (double)p->statistics[C + at + c];
        const double unbiased = n > 1 ? variance[c] / (double)(n - 1) : old;
        p->statistics_next[at + c] = (float)((1 - momentum) * old_mean + momentum * mean[c]);
        p->statistics_next[C + at + c] = (float)((1 - momentum) * old + momentum * unbiased);
    }
}

/* y for channels at .. at + m of all terms. */
static void forward_terms(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t m,
                          struct er_channels_map *map)
{
    for (int64_t c = at; c < at + m; c++) {
        const struct channel k = channel_of(l, p, c);
        map->term[0].shift[c] = (float)k.mean;
        map->term[0].factor[c] = (float)(k.gamma * k.inverse);
        map->constant[c] = (float)k.beta;
    }
    map->n = 1;
    map->term[0].in = p->x;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels;
    struct er_channels_map map = er_channels_map(C, p->scratch);
    int64_t at, end;
    if (!p->training) {
        forward_terms(l, p, 0, C, &map);
        apply_share(l, p, &map, p->y);
        return;
    }
    er_share(C, BLOCK, p->part, p->parts, &at, &end);
    for (; at < end; at += BLOCK) {
        const int64_t m = end - at < BLOCK ? end - at : BLOCK;
        measure(l, p, at, m);
        forward_terms(l, p, at, m, &map);
        er_channels_apply(&map, pixels(l, p), C, at, m, p->y);
    }
}

/* G, b and their tangents, for this part's channels. */
static void prepare(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels, n = pixels(l, p);
    int64_t at, end;
    if (!p->training && !l->n_parameters) return;
    er_share(C, BLOCK, p->part, p->parts, &at, &end);
    for (; at < end; at += BLOCK) {
        const int64_t m = end - at < BLOCK ? end - at : BLOCK;
        double mean[BLOCK] = {0}, t_mean[BLOCK] = {0}, b[BLOCK], d[BLOCK], tb[BLOCK], td[BLOCK], rest[BLOCK],
               along[BLOCK] = {0};
        struct channel k[BLOCK];
        for (int64_t c = 0; c < m; c++) {
            k[c] = channel_of(l, p, at + c);
            mean[c] = k[c].mean;
            t_mean[c] = k[c].t_mean;
        }
        er_channels_sum(n, C, m, p->dy + at, er_channels_none, p->x + at, mean, b, d);
        for (int64_t c = 0; c < m; c++) {
            p->shared[DGAMMA * C + at + c] = (float)(k[c].inverse * d[c]);
            p->shared[DBETA * C + at + c] = (float)b[c];
        }
        if (!p->tdy) continue;
        er_channels_sum(n, C, m, p->tdy + at, er_channels_none, p->x + at, mean, tb, td);
        if (p->tx) er_channels_sum(n, C, m, p->dy + at, er_channels_none, p->tx + at, t_mean, rest, along);
        for (int64_t c = 0; c < m; c++) {
            const double g = k[c].inverse * d[c];
            p->shared[TDGAMMA * C + at + c] =
                (float)(k[c].inverse * (td[c] + along[c]) - k[c].inverse * k[c].t_slope * g);
            p->shared[TDBETA * C + at + c] = (float)tb[c];
        }
    }
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels;
    struct er_channels_map map = er_channels_map(C, p->scratch);
    for (int64_t c = 0; c < C; c++) {
        struct channel k = channel_of(l, p, c);
        add_sums(l, p, c, &k);
        const double a = k.gamma * k.inverse;
        map.term[0].shift[c] = (float)k.db;
        map.term[0].factor[c] = (float)a;
        map.term[1].shift[c] = (float)k.mean;
        map.term[1].factor[c] = (float)(-a * k.inverse * k.dg);
        map.constant[c] = 0;
    }
    map.n = p->training ? 2 : 1;
    map.term[0].in = p->dy;
    map.term[1].in = p->x;
    apply_share(l, p, &map, p->dx);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(l->n_parameters, BLOCK, p->part, p->parts, &from, &to);
    const float *g = p->shared + from; /* dgamma, dbeta */
    if (!p->sink) memcpy(p->dw + from, g, (size_t)(to - from) * sizeof *g);
    if (to > from) er_piece_done(p, from, to - from, g);
}

/* <tx> and k, for channels at .. at + m. */
static void measure_tangent(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t m)
{
    const int64_t C = l->in.channels, n = pixels(l, p);
    double mean[BLOCK] = {0}, s[BLOCK], t[BLOCK];
    for (int64_t c = 0; c < m; c++) mean[c] = (double)p->cache[MEAN * C + at + c];
    er_channels_sum(n, C, m, p->tx + at, er_channels_none, p->x + at, mean, s, t);
    for (int64_t c = 0; c < m; c++) {
        p->cache[T_MEAN * C + at + c] = (float)(s[c] / (double)n);
        p->cache[T_SLOPE * C + at + c] = (float)((double)p->cache[INVERSE * C + at + c] * t[c] / (double)n);
    }
}

static void tangent_terms(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t m,
                          struct er_channels_map *map)
{
    for (int64_t c = at; c < at + m; c++) {
        const struct channel k = channel_of(l, p, c);
        map->term[0].shift[c] = (float)k.mean;
        map->term[0].factor[c] = (float)(k.inverse * (k.tgamma - k.gamma * k.inverse * k.t_slope));
        map->term[1].shift[c] = (float)k.t_mean;
        map->term[1].factor[c] = (float)(k.gamma * k.inverse);
        map->constant[c] = (float)k.tbeta;
    }
    map->n = p->tx ? 2 : 1;
    map->term[0].in = p->x;
    map->term[1].in = p->tx;
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels;
    struct er_channels_map map = er_channels_map(C, p->scratch);
    int64_t at, end;
    if (!p->training || !p->tx) {
        tangent_terms(l, p, 0, C, &map);
        apply_share(l, p, &map, p->ty);
        return;
    }
    er_share(C, BLOCK, p->part, p->parts, &at, &end);
    for (; at < end; at += BLOCK) {
        const int64_t m = end - at < BLOCK ? end - at : BLOCK;
        measure_tangent(l, p, at, m);
        tangent_terms(l, p, at, m, &map);
        er_channels_apply(&map, pixels(l, p), C, at, m, p->ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels;
    struct er_channels_map map = er_channels_map(C, p->scratch);
    for (int64_t c = 0; c < C; c++) {
        struct channel k = channel_of(l, p, c);
        add_sums(l, p, c, &k);
        const double r = k.inverse, a = k.gamma * r, ta = k.tgamma * r - a * r * k.t_slope;
        map.term[0].shift[c] = (float)k.tdb;
        map.term[0].factor[c] = (float)a;
        map.term[1].shift[c] = (float)k.db;
        map.term[1].factor[c] = (float)ta;
        map.term[2].shift[c] = (float)k.mean;
        map.term[2].factor[c] = (float)(r * (a * r * k.t_slope * k.dg - ta * k.dg - a * k.tdg));
        map.term[3].shift[c] = (float)k.t_mean;
        map.term[3].factor[c] = (float)(-a * r * k.dg);
        map.constant[c] = 0;
    }
    map.n = !p->training ? 2 : p->tx ? 4 : 3;
    map.term[0].in = p->tdy;
    map.term[1].in = p->dy;
    map.term[2].in = p->x;
    map.term[3].in = p->tx;
    apply_share(l, p, &map, p->tdx);
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(l->n_parameters, BLOCK, p->part, p->parts, &from, &to);
    const float *g = p->shared + (int64_t)TDGAMMA * l->in.channels + from; /* tdgamma, tdbeta */
    memcpy(p->tdw + from, g, (size_t)(to - from) * sizeof *g);
}

/* Evaluation only: in training a row has no gradient of its own. */
static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels, n = l->in.height * l->in.width;
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        float *g = p->example + b * p->example_stride;
        for (int64_t at = 0; at < C; at += BLOCK) {
            const int64_t m = C - at < BLOCK ? C - at : BLOCK;
            double mean[BLOCK] = {0}, s[BLOCK], t[BLOCK];
            for (int64_t c = 0; c < m; c++) mean[c] = (double)p->statistics[at + c];
            er_channels_sum(n, C, m, p->dy + b * l->n_in + at, er_channels_none, p->x + b * l->n_in + at,
                            mean, s, t);
            for (int64_t c = 0; c < m; c++) {
                g[at + c] = (float)(channel_of(l, p, at + c).inverse * t[c]);
                g[C + at + c] = (float)s[c];
            }
        }
    }
}

/* gamma, beta, mean, variance; the first two only with affine. A channel of a vector is a feature. */
static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    static const char *const role[] = {"weight", "bias", "running_mean", "running_var"};
    const int64_t C = l->in.channels;
    if (!(l->argument[AFFINE] > 0)) i += 2;
    if (i > 3) return false;
    *out = (struct er_layer_tensor){
        .role = role[i], .statistics = i > 1, .at = i % 2 * C, .axes = {1, 1, C, 1}, .rank = 1, .dim = {C}};
    if (er_shape_size(features) == C)
        out->axes = (struct er_tensor_axes){features.height, features.width, features.channels, 1};
    return true;
}

/* Of evaluation: the largest |gamma r|. A sum of all finds what is not finite, which a maximum may not. */
static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    const int64_t C = l->in.channels;
    double most = 0, all = 0;
    for (int64_t c = 0; c < C; c++) {
        const double r = 1 / sqrt((double)statistics[C + c] + l->argument[EPSILON]);
        const double factor = fabs(l->n_parameters ? (double)w[c] * r : r);
        most = fmax(most, factor);
        all += factor;
    }
    return er_norm_factors(l, which, isfinite(all) ? most : all, out, err);
}

const struct er_layer_ops er_layer_batch_norm = {
    .name = "batch_norm",
    .help = "every channel at mean 0 and variance 1 over the batch",
    .argument = argument,
    .mixes_rows = true,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .start = start,
    .forward = forward,
    .prepare = prepare,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .norm = norm,
    .tensor = tensor,
};
