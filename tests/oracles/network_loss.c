/* network_loss.c - the losses of one example.
 *
 *     cross-entropy   log sum_k exp(f_k) - f_y
 *     mean-squared    1/2 sum_k (f_k - 1[k = y])^2
 *     logistic        sum_k log(1 + exp(-s_k f_k)), s_k = +1 for k = y, else -1; one output: s = +1 for y = 1
 *     hinge           max(0, 1 + max_{k != y} f_k - f_y); one output: max(0, 1 - s f)
 */
#include "oracles/network_layer.h"

#include <math.h>
#include <string.h>

static struct hyper cross_entropy(int64_t K, const struct hyper *f, int32_t y)
{
    double largest = -INFINITY;
    for (int64_t k = 0; k < K; k++) largest = fmax(largest, f[k].v);
    struct hyper sum = {0};
    for (int64_t k = 0; k < K; k++) sum = hyper_add(sum, hyper_exp(hyper_shift(f[k], -largest)));
    return hyper_shift(hyper_subtract(hyper_log(sum), f[y]), largest);
}

static struct hyper mean_squared(int64_t K, const struct hyper *f, int32_t y)
{
    struct hyper sum = {0};
    for (int64_t k = 0; k < K; k++) {
        const struct hyper d = hyper_shift(f[k], k == y ? -1 : 0);
        sum = hyper_add(sum, hyper_scale(0.5, hyper_multiply(d, d)));
    }
    return sum;
}

static struct hyper logistic(int64_t K, const struct hyper *f, int32_t y)
{
    struct hyper sum = {0};
    for (int64_t k = 0; k < K; k++) {
        const bool own = K == 1 ? y == 1 : k == y;
        sum = hyper_add(sum, hyper_softplus(hyper_scale(own ? -1 : 1, f[k])));
    }
    return sum;
}

static struct hyper hinge(int64_t K, const struct hyper *f, int32_t y)
{
    struct hyper margin = hyper_scale(y == 1 ? 1 : -1, f[0]);
    if (K > 1) {
        int64_t rival = y == 0;
        for (int64_t k = rival + 1; k < K; k++)
            if (k != y && f[k].v > f[rival].v) rival = k;
        margin = hyper_subtract(f[y], f[rival]);
    }
    return margin.v < 1 ? hyper_shift(hyper_scale(-1, margin), 1) : (struct hyper){0};
}

struct hyper network_example_loss(const char *name, int64_t K, const struct hyper *f, int32_t y)
{
    if (strcmp(name, "cross-entropy") == 0) return cross_entropy(K, f, y);
    if (strcmp(name, "mean-squared") == 0) return mean_squared(K, f, y);
    if (strcmp(name, "logistic") == 0) return logistic(K, f, y);
    return hinge(K, f, y);
}
