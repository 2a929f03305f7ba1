/* rmsprop.c - RMSProp: steps divided by the root mean square of recent gradients, element by element.
 *
 *     g' = g + wd w     s = b2 s + (1 - b2) g'^2     v = mu v + g' / (sqrt(s) + eps)     w -= lr v
 *
 * s begins at 0 and is not corrected for it, so that the first steps are 1 / sqrt(1 - b2) times as long as later
 * ones. Source: Tieleman and Hinton, "Lecture 6.5 - RMSProp", COURSERA 2012, which has b2 = 0.9 and no momentum;
 * momentum of the divided gradient, as PyTorch and TensorFlow have it.
 */
#include "core/vector.h"
#include "train/optimiser.h"

#include <math.h>

static int states(const struct er_optimiser *o)
{
    return o->momentum > 0 ? 2 : 1;
}

struct numbers {
    float lr, mu, b2, new2, eps, wd;
};

ER_VECTOR
static void plain(int64_t P, const struct numbers *n, const float *restrict g, float *restrict w,
                  float *restrict s)
{
    const struct numbers k = *n;
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        const float slope = g[i] + k.wd * w[i];
        s[i] = k.b2 * s[i] + k.new2 * slope * slope;
        w[i] -= k.lr * (slope / (sqrtf(s[i]) + k.eps));
    }
}

ER_VECTOR
static void with_momentum(int64_t P, const struct numbers *n, const float *restrict g, float *restrict w,
                          float *restrict s, float *restrict v)
{
    const struct numbers k = *n;
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        const float slope = g[i] + k.wd * w[i];
        s[i] = k.b2 * s[i] + k.new2 * slope * slope;
        v[i] = k.mu * v[i] + slope / (sqrtf(s[i]) + k.eps);
        w[i] -= k.lr * v[i];
    }
}

static void step(const struct er_optimiser *o, double lr, int64_t t, int64_t n, const float *restrict g,
                 float *restrict w, float *restrict state, int64_t stride)
{
    (void)t;
    const struct numbers numbers = {
        .lr = (float)lr,
        .mu = (float)o->momentum,
        .b2 = (float)o->beta2,
        .new2 = (float)(1 - o->beta2), /* in double: the rounding of beta would weigh in the difference */
        .eps = (float)o->epsilon,
        .wd = (float)o->weight_decay,
    };
    if (o->momentum > 0)
        with_momentum(n, &numbers, g, w, state, state + stride);
    else
        plain(n, &numbers, g, w, state);
}

const struct er_optimiser_ops er_optimiser_rmsprop = {
    .name = "rmsprop",
    .help = "RMSProp: momentum, weight decay",
    .states = states,
    .step = step,
};
