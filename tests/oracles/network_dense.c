/* network_dense.c - the fully connected layer, y[o] = s sum_i x[i] W[i,o] + t beta[o], an example as one long
 * vector; and the factors s and t of affine layers. */
#include "oracles/network_layer.h"

#include <math.h>

void layer_scales(const struct layer *l, int64_t fan_in, double *s, double *t)
{
    const bool ntk = layer_says(l, "init", "ntk", "he");
    *s = ntk ? layer_number(l, "scale", 1) / sqrt((double)fan_in) : 1;
    *t = ntk ? layer_number(l, "bias_scale", 0) : 1;
}

static bool bind(struct layer *l, int64_t outputs)
{
    const double width = layer_number(l, "width", (double)outputs);
    if (!(width >= 1)) return false;
    const int64_t I = shape_size(l->in), O = (int64_t)width;
    l->out = (struct shape){1, 1, O};
    l->parameters = (I + layer_says(l, "bias", "true", "true")) * O;
    return true;
}

static void evaluate(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    const int64_t I = shape_size(l->in), O = l->out.c;
    const struct hyper *W = p->w + l->w_at, *beta = l->parameters > I * O ? W + I * O : NULL;
    double s, t;
    layer_scales(l, I, &s, &t);
    for (int64_t b = 0; b < p->B; b++)
        for (int64_t o = 0; o < O; o++) {
            struct hyper sum = {0};
            for (int64_t i = 0; i < I; i++) sum = hyper_add(sum, hyper_multiply(x[b * I + i], W[i * O + o]));
            sum = hyper_scale(s, sum);
            y[b * O + o] = beta ? hyper_add(sum, hyper_scale(t, beta[o])) : sum;
        }
}

const struct rule network_dense = {
    .name = "dense",
    .key = {"width", "init", "scale", "bias", "bias_scale"},
    .positional = 1,
    .bind = bind,
    .evaluate = evaluate,
};
