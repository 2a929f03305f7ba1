/* network_pointwise.c - layers that treat each number alone, and those as simple: gain, flatten,
 * global_avg_pool. */
#include "oracles/network_layer.h"

#include <math.h>

static struct hyper identity(const struct layer *l, struct hyper x)
{
    (void)l;
    return x;
}

static struct hyper relu(const struct layer *l, struct hyper x)
{
    (void)l;
    return x.v > 0 ? x : (struct hyper){0};
}

static struct hyper leaky_relu(const struct layer *l, struct hyper x)
{
    return x.v > 0 ? x : hyper_scale(layer_number(l, "slope", 0.01), x);
}

static struct hyper hyperbolic_tangent(const struct layer *l, struct hyper x)
{
    (void)l;
    return hyper_tanh(x);
}

static struct hyper error_function(const struct layer *l, struct hyper x)
{
    const struct hyper y = hyper_erf(hyper_scale(layer_number(l, "scale", 1), x));
    return hyper_shift(hyper_scale(layer_number(l, "amplitude", 1), y), layer_number(l, "shift", 0));
}

/* x Phi(x) with Phi(x) = (1 + erf(x / sqrt 2)) / 2; approximate=tanh: with
 * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Hendrycks and Gimpel, arXiv:1606.08415, section 2. */
static struct hyper gelu(const struct layer *l, struct hyper x)
{
    const struct hyper cubic = hyper_add(x, hyper_scale(0.044715, hyper_power(x, 3)));
    const struct hyper sigmoid = layer_says(l, "approximate", "tanh", "none")
                                     ? hyper_tanh(hyper_scale(sqrt(2 / acos(-1)), cubic))
                                     : hyper_erf(hyper_scale(sqrt(0.5), x));
    return hyper_multiply(x, hyper_scale(0.5, hyper_shift(sigmoid, 1)));
}

static struct hyper sine(const struct layer *l, struct hyper x)
{
    const struct hyper z =
        hyper_shift(hyper_scale(layer_number(l, "frequency", 1), x), layer_number(l, "phase", 0));
    return hyper_scale(layer_number(l, "amplitude", 1), hyper_sin(z));
}

static struct hyper monomial(const struct layer *l, struct hyper x)
{
    return hyper_power(x, (int)layer_number(l, "degree", 2));
}

static struct hyper abrelu(const struct layer *l, struct hyper x)
{
    return hyper_scale(x.v > 0 ? layer_number(l, "above", 0) : layer_number(l, "below", 0), x);
}

static struct hyper sign(const struct layer *l, struct hyper x)
{
    (void)l;
    return (struct hyper){x.v > 0 ? 1 : x.v < 0 ? -1 : 0, 0, 0, 0};
}

/* (1 + tanh(x / 2)) / 2 */
static struct hyper sigmoid(const struct layer *l, struct hyper x)
{
    (void)l;
    return hyper_scale(0.5, hyper_shift(hyper_tanh(hyper_scale(0.5, x)), 1));
}

static struct hyper swish(const struct layer *l, struct hyper x)
{
    return hyper_multiply(x, sigmoid(l, x));
}

static struct hyper elu(const struct layer *l, struct hyper x)
{
    return x.v > 0 ? x : hyper_scale(layer_number(l, "alpha", 1), hyper_shift(hyper_exp(x), -1));
}

static struct hyper exponential(const struct layer *l, struct hyper x)
{
    return hyper_scale(layer_number(l, "amplitude", 1),
                       hyper_exp(hyper_scale(layer_number(l, "rate", 1), x)));
}

static struct hyper gaussian(const struct layer *l, struct hyper x)
{
    const struct hyper z = hyper_scale(layer_number(l, "rate", -1), hyper_multiply(x, x));
    return hyper_scale(layer_number(l, "amplitude", 1), hyper_exp(z));
}

static struct hyper gabor(const struct layer *l, struct hyper x)
{
    (void)l;
    return hyper_multiply(hyper_exp(hyper_scale(-1, hyper_multiply(x, x))), hyper_sin(x));
}

static struct hyper rectified_monomial(const struct layer *l, struct hyper x)
{
    return x.v > 0 ? hyper_power(x, (int)layer_number(l, "degree", 2)) : (struct hyper){0};
}

static struct hyper polynomial(const struct layer *l, struct hyper x)
{
    static const char *const key[] = {"c0", "c1", "c2", "c3", "c4", "c5"};
    struct hyper y = {0};
    for (int i = 0; i < 6; i++) y = hyper_add(y, hyper_scale(layer_number(l, key[i], 0), hyper_power(x, i)));
    return y;
}

/* sin z + cos z */
static struct hyper rbf(const struct layer *l, struct hyper x)
{
    const struct hyper z = hyper_scale(sqrt(2 * layer_number(l, "gamma", 1)), x);
    return hyper_add(hyper_sin(z), hyper_sin(hyper_shift(z, acos(0))));
}

static struct hyper softplus(const struct layer *l, struct hyper x)
{
    (void)l;
    return hyper_softplus(x);
}

static struct hyper scale(const struct layer *l, struct hyper x)
{
    return hyper_scale(layer_number(l, "factor", 1), x);
}

const struct rule network_pointwise[] = {
    {.name = "identity", .each = identity},
    {.name = "relu", .each = relu},
    {.name = "leaky_relu", .key = {"slope"}, .positional = 1, .each = leaky_relu},
    {.name = "tanh", .each = hyperbolic_tangent},
    {.name = "erf", .key = {"amplitude", "scale", "shift"}, .each = error_function},
    {.name = "gelu", .key = {"approximate"}, .each = gelu},
    {.name = "sin", .key = {"frequency", "amplitude", "phase"}, .positional = 1, .each = sine},
    {.name = "monomial", .key = {"degree"}, .positional = 1, .each = monomial},
    {.name = "abrelu", .key = {"below", "above"}, .positional = 2, .each = abrelu},
    {.name = "sign", .each = sign},
    {.name = "sigmoid", .each = sigmoid},
    {.name = "swish", .each = swish},
    {.name = "elu", .key = {"alpha"}, .positional = 1, .each = elu},
    {.name = "exp", .key = {"amplitude", "rate"}, .each = exponential},
    {.name = "gaussian", .key = {"amplitude", "rate"}, .each = gaussian},
    {.name = "gabor", .each = gabor},
    {.name = "rectified_monomial", .key = {"degree"}, .positional = 1, .each = rectified_monomial},
    {.name = "polynomial", .key = {"c0", "c1", "c2", "c3", "c4", "c5"}, .positional = 6, .each = polynomial},
    {.name = "rbf", .key = {"gamma"}, .positional = 1, .each = rbf},
    {.name = "softplus", .each = softplus},
    {.name = "scale", .key = {"factor"}, .positional = 1, .each = scale},
    {0},
};

static bool bind_gain(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = l->in;
    l->parameters = 1;
    return true;
}

static void evaluate_gain(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    for (int64_t i = 0; i < p->B * shape_size(l->in); i++) y[i] = hyper_multiply(p->w[l->w_at], x[i]);
}

static bool bind_flatten(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = (struct shape){1, 1, shape_size(l->in)};
    return true;
}

static void evaluate_flatten(const struct layer *l, const struct pass *p, const struct hyper *x,
                             struct hyper *y)
{
    for (int64_t i = 0; i < p->B * shape_size(l->in); i++) y[i] = x[i];
}

static bool bind_global_avg_pool(struct layer *l, int64_t outputs)
{
    (void)outputs;
    l->out = (struct shape){1, 1, l->in.c};
    return true;
}

static void evaluate_global_avg_pool(const struct layer *l, const struct pass *p, const struct hyper *x,
                                     struct hyper *y)
{
    const int64_t pixels = l->in.h * l->in.w, C = l->in.c;
    for (int64_t b = 0; b < p->B; b++, x += pixels * C)
        for (int64_t c = 0; c < C; c++, y++) {
            *y = (struct hyper){0};
            for (int64_t i = 0; i < pixels; i++) *y = hyper_add(*y, x[i * C + c]);
            *y = hyper_scale(1 / (double)pixels, *y);
        }
}

const struct rule network_gain = {
    .name = "gain",
    .key = {"start"},
    .positional = 1,
    .bind = bind_gain,
    .evaluate = evaluate_gain,
};

const struct rule network_flatten = {
    .name = "flatten",
    .bind = bind_flatten,
    .evaluate = evaluate_flatten,
};

const struct rule network_global_avg_pool = {
    .name = "global_avg_pool",
    .bind = bind_global_avg_pool,
    .evaluate = evaluate_global_avg_pool,
};
