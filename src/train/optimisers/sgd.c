/* sgd.c - stochastic gradient descent with momentum, Nesterov's variant, and coupled weight decay.
 *
 *     g' = g + wd w     v = mu v + g'     w -= lr v          Nesterov: w -= lr (g' + mu v)
 *
 * No dampening. Without momentum v is g' and nothing is kept. Sources: Polyak 1964; Sutskever et al., ICML
 * 2013, sec. 2.
 */
#include "core/vector.h"
#include "train/optimiser.h"

int er_sgd_states(const struct er_optimiser *o)
{
    return o->momentum > 0 ? 1 : 0;
}

ER_VECTOR
static void plain(int64_t P, float lr, float wd, const float *restrict g, float *restrict w)
{
#pragma omp simd
    for (int64_t i = 0; i < P; i++) w[i] -= lr * (g[i] + wd * w[i]);
}

ER_VECTOR
static void with_momentum(int64_t P, float lr, float mu, float wd, const float *restrict g, float *restrict w,
                          float *restrict v)
{
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        v[i] = mu * v[i] + (g[i] + wd * w[i]);
        w[i] -= lr * v[i];
    }
}

ER_VECTOR
static void with_nesterov(int64_t P, float lr, float mu, float wd, const float *restrict g, float *restrict w,
                          float *restrict v)
{
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        const float slope = g[i] + wd * w[i];
        v[i] = mu * v[i] + slope;
        w[i] -= lr * (slope + mu * v[i]);
    }
}

void er_sgd_step(const struct er_optimiser *o, double lr, int64_t t, int64_t n, const float *restrict g,
                 float *restrict w, float *restrict state, int64_t stride)
{
    (void)t;
    (void)stride;
    const float rate = (float)lr, mu = (float)o->momentum, wd = (float)o->weight_decay;
    if (!(o->momentum > 0))
        plain(n, rate, wd, g, w);
    else if (o->nesterov)
        with_nesterov(n, rate, mu, wd, g, w, state);
    else
        with_momentum(n, rate, mu, wd, g, w, state);
}

const struct er_optimiser_ops er_optimiser_sgd = {
    .name = "sgd",
    .help = "stochastic gradient descent: momentum, Nesterov, weight decay",
    .states = er_sgd_states,
    .step = er_sgd_step,
};
