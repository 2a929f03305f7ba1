/* adam.c - Adam, and AdamW.
 *
 *     m = b1 m + (1 - b1) g     s = b2 s + (1 - b2) g^2
 *     w -= lr m / (1 - b1^t) / (sqrt(s / (1 - b2^t)) + eps)
 *
 * Weight decay wd is coupled (g = gradient + wd w) or, when decoupled (AdamW), w -= lr wd w in addition.
 * Sources: Kingma and Ba, ICLR 2015, algorithm 1; Loshchilov and Hutter, ICLR 2019, algorithm 2 with eta_t =
 * lr.
 */
#include "core/vector.h"
#include "train/optimiser.h"

#include <math.h>

static int states(const struct er_optimiser *o)
{
    (void)o;
    return 2;
}

/* The numbers of one step: new1 = 1 - b1, correct1 = 1 / (1 - b1^t), both likewise for 2, shrink = 1 - lr wd
 * when decoupled.
 */
struct numbers {
    float lr, b1, b2, new1, new2, eps, wd, shrink, correct1, correct2;
};

ER_VECTOR
static void update(int64_t P, const struct numbers *n, const float *restrict g, float *restrict w,
                   float *restrict m, float *restrict s)
{
    const struct numbers k = *n;
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        const float slope = g[i] + k.wd * w[i];
        m[i] = k.b1 * m[i] + k.new1 * slope;
        s[i] = k.b2 * s[i] + k.new2 * slope * slope;
        w[i] = k.shrink * w[i] - k.lr * (m[i] * k.correct1) / (sqrtf(s[i] * k.correct2) + k.eps);
    }
}

static void step(const struct er_optimiser *o, double lr, int64_t t, int64_t n, const float *restrict g,
                 float *restrict w, float *restrict state, int64_t stride)
{
    const struct numbers numbers = {
        .lr = (float)lr,
        .b1 = (float)o->beta1,
        .b2 = (float)o->beta2,
        .new1 = (float)(1 - o->beta1), /* in double: the rounding of beta would weigh in the difference */
        .new2 = (float)(1 - o->beta2),
        .eps = (float)o->epsilon,
        .wd = o->decoupled ? 0 : (float)o->weight_decay,
        .shrink = o->decoupled ? (float)(1 - lr * o->weight_decay) : 1,
        .correct1 = (float)(1 / (1 - pow(o->beta1, (double)t))),
        .correct2 = (float)(1 / (1 - pow(o->beta2, (double)t))),
    };
    update(n, &numbers, g, w, state, state + stride);
}

const struct er_optimiser_ops er_optimiser_adam = {
    .name = "adam",
    .help = "Adam; with decoupled weight decay: AdamW",
    .states = states,
    .step = step,
};
