/* network_norm.c - batch_norm, layer_norm, lrn, and dropout.
 *
 *     y = gamma (x - mean) / sqrt(variance + epsilon) + beta,   variance = mean of (x - mean)^2
 *     y = x / (k + alpha / size sum x^2)^beta                   lrn
 */
#include "oracles/network_layer.h"

/* The mean and the biased variance of x[0], x[step], ... (n of them). */
static void moments(int64_t n, int64_t step, const struct hyper *x, struct hyper *mean,
                    struct hyper *variance)
{
    *mean = *variance = (struct hyper){0};
    for (int64_t i = 0; i < n; i++) *mean = hyper_add(*mean, x[i * step]);
    *mean = hyper_scale(1 / (double)n, *mean);
    for (int64_t i = 0; i < n; i++) {
        const struct hyper d = hyper_subtract(x[i * step], *mean);
        *variance = hyper_add(*variance, hyper_multiply(d, d));
    }
    *variance = hyper_scale(1 / (double)n, *variance);
}

static struct hyper normalised(const struct layer *l, struct hyper x, struct hyper mean,
                               struct hyper variance)
{
    const double epsilon = layer_number(l, "epsilon", 1e-5);
    return hyper_multiply(hyper_subtract(x, mean), hyper_inverse_root(hyper_shift(variance, epsilon)));
}

/* gamma[i] y + beta[i] of n each, or y with affine=false. */
static struct hyper affine(const struct layer *l, const struct pass *p, int64_t i, struct hyper y)
{
    if (!l->parameters) return y;
    const struct hyper *gamma = p->w + l->w_at, *beta = gamma + l->parameters / 2;
    return hyper_add(hyper_multiply(gamma[i], y), beta[i]);
}

static bool bind_batch_norm(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = l->in;
    l->statistics = 2 * l->in.c;
    l->parameters = layer_says(l, "affine", "true", "true") ? 2 * l->in.c : 0;
    return true;
}

static void evaluate_batch_norm(const struct layer *l, const struct pass *p, const struct hyper *x,
                                struct hyper *y)
{
    const int64_t C = l->in.c, n = p->B * l->in.h * l->in.w;
    const double m = layer_number(l, "momentum", 0.1);
    for (int64_t c = 0; c < C; c++) {
        struct hyper mean, variance;
        if (p->training) {
            moments(n, C, x + c, &mean, &variance);
        } else {
            mean = (struct hyper){.v = p->statistics[l->s_at + c]};
            variance = (struct hyper){.v = p->statistics[l->s_at + C + c]};
        }
        if (p->updated) {
            double *running = p->updated + l->s_at + c;
            running[0] = (1 - m) * running[0] + m * mean.v;
            running[C] = (1 - m) * running[C] + m * variance.v * (double)n / (double)(n - 1);
        }
        for (int64_t i = c; i < n * C; i += C) y[i] = affine(l, p, c, normalised(l, x[i], mean, variance));
    }
}

static bool bind_layer_norm(struct layer *l, int64_t outputs)
{
    (void)outputs;
    const int64_t n = layer_says(l, "over", "channels", "channels") ? l->in.c : shape_size(l->in);
    l->out = l->in;
    l->parameters = layer_says(l, "affine", "true", "true") ? 2 * n : 0;
    return true;
}

static void evaluate_layer_norm(const struct layer *l, const struct pass *p, const struct hyper *x,
                                struct hyper *y)
{
    const int64_t n = layer_says(l, "over", "channels", "channels") ? l->in.c : shape_size(l->in);
    const int64_t groups = p->B * shape_size(l->in) / n;
    for (int64_t g = 0; g < groups; g++, x += n, y += n) {
        struct hyper mean, variance;
        moments(n, 1, x, &mean, &variance);
        for (int64_t i = 0; i < n; i++) y[i] = affine(l, p, i, normalised(l, x[i], mean, variance));
    }
}

static bool bind_lrn(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = l->in;
    return layer_number(l, "size", 9) >= 1;
}

static void evaluate_lrn(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    const int64_t C = l->in.c, pixels = p->B * l->in.h * l->in.w;
    const int64_t size = (int64_t)layer_number(l, "size", 9);
    for (int64_t i = 0; i < pixels; i++, x += C, y += C)
        for (int64_t c = 0; c < C; c++) {
            struct hyper sum = {0};
            for (int64_t j = c - size / 2; j < c - size / 2 + size; j++)
                if (j >= 0 && j < C) sum = hyper_add(sum, hyper_multiply(x[j], x[j]));
            sum = hyper_scale(layer_number(l, "alpha", 0.001) / (double)size, sum);
            const struct hyper base = hyper_log(hyper_shift(sum, layer_number(l, "k", 1)));
            y[c] = hyper_multiply(x[c], hyper_exp(hyper_scale(-layer_number(l, "beta", 0.75), base)));
        }
}

static bool bind_dropout(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = l->in;
    l->is_dropout = true;
    return true;
}

static void evaluate_dropout(const struct layer *l, const struct pass *p, const struct hyper *x,
                             struct hyper *y)
{
    const double *mask = p->training && p->mask ? p->mask[l->dropout] : NULL;
    const double keep = 1 - layer_number(l, "rate", 0);
    for (int64_t i = 0; i < p->B * shape_size(l->in); i++)
        y[i] = mask ? hyper_scale(mask[i] / keep, x[i]) : x[i];
}

const struct rule network_batch_norm = {
    .name = "batch_norm",
    .key = {"momentum", "epsilon", "affine"},
    .bind = bind_batch_norm,
    .evaluate = evaluate_batch_norm,
};

const struct rule network_layer_norm = {
    .name = "layer_norm",
    .key = {"over", "epsilon", "affine"},
    .bind = bind_layer_norm,
    .evaluate = evaluate_layer_norm,
};

const struct rule network_lrn = {
    .name = "lrn",
    .key = {"size", "alpha", "beta", "k"},
    .positional = 1,
    .bind = bind_lrn,
    .evaluate = evaluate_lrn,
};

const struct rule network_dropout = {
    .name = "dropout",
    .key = {"rate"},
    .positional = 1,
    .bind = bind_dropout,
    .evaluate = evaluate_dropout,
};
