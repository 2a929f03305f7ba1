/* hyper.c - hyper-dual numbers: each function by its first two derivatives. */
#include "oracles/hyper.h"

#include <math.h>

struct hyper hyper_chain(struct hyper x, double g, double slope, double curvature)
{
    return (struct hyper){g, slope * x.a, slope * x.b, slope * x.ab + curvature * x.a * x.b};
}

struct hyper hyper_exp(struct hyper x)
{
    const double e = exp(x.v);
    return hyper_chain(x, e, e, e);
}

struct hyper hyper_log(struct hyper x)
{
    return hyper_chain(x, log(x.v), 1 / x.v, -1 / (x.v * x.v));
}

struct hyper hyper_inverse_root(struct hyper x)
{
    const double r = 1 / sqrt(x.v);
    return hyper_chain(x, r, -0.5 * r / x.v, 0.75 * r / (x.v * x.v));
}

struct hyper hyper_sin(struct hyper x)
{
    return hyper_chain(x, sin(x.v), cos(x.v), -sin(x.v));
}

struct hyper hyper_tanh(struct hyper x)
{
    const double t = tanh(x.v);
    return hyper_chain(x, t, 1 - t * t, -2 * t * (1 - t * t));
}

struct hyper hyper_erf(struct hyper x)
{
    const double slope = 2 / sqrt(acos(-1)) * exp(-x.v * x.v);
    return hyper_chain(x, erf(x.v), slope, -2 * x.v * slope);
}

struct hyper hyper_softplus(struct hyper x)
{
    const double small = exp(-fabs(x.v)); /* log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)) */
    const double slope = (x.v > 0 ? 1 : small) / (1 + small);
    return hyper_chain(x, (x.v > 0 ? x.v : 0) + log1p(small), slope, small / ((1 + small) * (1 + small)));
}

struct hyper hyper_power(struct hyper x, int degree)
{
    struct hyper y = {1, 0, 0, 0};
    for (int i = 0; i < degree; i++) y = hyper_multiply(y, x);
    return y;
}
