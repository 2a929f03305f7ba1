/* Layer normalisation: every reading by the oracle, and what its output does not depend on. */
#include "t.h"

#include "support/net_case.h"

#include <ermine/random.h>

/* Float sums of some dozen terms of size 1; normalised groups of few values have slopes of up to about 10,
 * cubed in second derivatives: 400 roundings. */
static const double tolerance = 400 * 0x1p-23;

static const struct er_shape vector = {1, 1, 5}, image = {3, 3, 2}, wide = {2, 3, 35};

static void check(const char *text, struct er_shape in, const char *loss, int64_t B)
{
    for (int training = 0; training < 2; training++) {
        struct net_case c = {.text = text, .loss = loss, .in = in, .B = B, .classes = 3, .seed = 5};
        if (net_case_open(&c)) {
            c.network.training = training;
            net_case_check(&c, tolerance);
            net_case_check_examples(&c, tolerance);
        }
        net_case_close(&c);
    }
}

/* At the start, gamma 1 and beta 0: every group of the output has mean 0 and variance v / (v + epsilon), and
 * a x + b in place of x, one a > 0 and b for each group, changes it by epsilon alone. */
static void check_invariance(const char *text, struct er_shape in, int64_t n)
{
    enum { B = 4 };
    struct net_case c = {.text = text, .loss = "mean-squared", .in = in, .B = B, .seed = 2};
    c.classes = er_shape_size(in);
    if (net_case_open(&c)) {
        const int64_t all = B * c.D;
        float *y = er_alloc(all, sizeof *y), *other = er_alloc(all, sizeof *other);
        struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 3));
        er_net_initialise(c.net, 1, c.w, NULL);
        net_case_run(&c, (struct er_plan_call){.outputs = y}, 1);
        for (int64_t g = 0; g < all / n; g++) {
            double mean = 0, square = 0, v = 0, x_mean = 0;
            for (int64_t i = g * n; i < (g + 1) * n; i++) {
                mean += (double)y[i] / (double)n;
                square += (double)y[i] * (double)y[i] / (double)n;
                x_mean += (double)c.x[i] / (double)n;
            }
            for (int64_t i = g * n; i < (g + 1) * n; i++) v += pow((double)c.x[i] - x_mean, 2) / (double)n;
            T_CLOSE(mean, 0, 8 * 0x1p-23, "%s: mean of group %d", text, (int)g);
            T_CLOSE(square, v / (v + 1e-12), 16 * 0x1p-23, "%s: variance of group %d", text, (int)g);
            const float a = (float)(0.5 + 2 * er_random_uniform(&r)), b = (float)er_random_normal(&r);
            for (int64_t i = g * n; i < (g + 1) * n; i++) c.x[i] = a * c.x[i] + b;
        }
        net_case_run(&c, (struct er_plan_call){.outputs = other}, 1);
        for (int64_t i = 0; i < all; i++)
            T_CLOSE(other[i], y[i], 1e-5, "%s: y[%d] does not see scale and shift", text, (int)i);
        er_free(y);
        er_free(other);
    }
    net_case_close(&c);
}

int main(void)
{
    check("[dense 6, layer_norm, tanh, dense]", vector, "cross-entropy", 21);
    check("[layer_norm, dense 7, layer_norm affine=false epsilon=0.01, tanh, dense]", vector, "mean-squared",
          21);
    check("[layer_norm over=example, dense 6, relu, dense]", image, "cross-entropy", 19);
    check("[layer_norm epsilon=0.1, flatten, dense 4, tanh, dense]", image, "cross-entropy", 19);
    check("[dense 37, layer_norm, relu, dense]", vector, "cross-entropy", 5);
    check("[layer_norm, flatten, dense]", wide, "cross-entropy", 3);
    check("[layer_norm over=example, flatten, dense]", wide, "mean-squared", 3);
    check_invariance("[layer_norm epsilon=1e-12]", (struct er_shape){1, 1, 40}, 40);
    check_invariance("[layer_norm epsilon=1e-12, flatten]", (struct er_shape){2, 2, 19}, 19);
    check_invariance("[layer_norm over=example epsilon=1e-12, flatten]", (struct er_shape){3, 2, 4}, 24);
    return t_done();
}
