/* Monte-Carlo kernels: the exact law of their errors in one hidden layer (infinite-width.md, 4.3), the bias of deeper nets,
 * threads, layers without an exact kernel. Seeds are fixed, so that a bound once kept is kept for ever; bounds are at five
 * standard errors, which a correct law passes for all but one seed in a million. */
#include "t.h"

#include <ermine/empirical.h>
#include <math.h>
#include <string.h>

struct sampled {
    struct er_model *model;
    struct er_net *net;
    struct er_finite *finite;
};

static bool sampled_open(struct sampled *s, const char *text, struct er_shape in)
{
    struct er_error err = {0};
    *s = (struct sampled){0};
    T_STATUS(er_model_parse(text, &s->model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(s->model, in, 2, "logistic", &s->net, &err), ER_OK, "a net of one output");
    T_STATUS(er_finite_new(s->net, &s->finite, &err), ER_OK, "in float64");
    return s->finite != NULL;
}

static void sampled_close(struct sampled *s)
{
    er_finite_free(s->finite);
    er_net_free(s->net);
    er_model_free(s->model);
}

/* Inputs whose first layer has variances 1.3, 0.7 and covariance 0.4; T, T' and E relu^2 relu^2 there: 6.1. The error of the
 * variance of m values whose kurtosis is that of a mean over n products: below sqrt((2 + 60 / n) / m). */
static void the_exact_law_of_one_hidden_layer(void)
{
    enum { WIDTH = 16, NETWORKS = 3000 };
    const double a = sqrt(2.6), b = 0.8 / a, x[] = {a, 0, b, sqrt(1.4 - b * b)};
    const double T = 0.2653780915189, slope = 0.3188646691587, fourth = 0.5576022116918;
    const double std = sqrt((fourth - T * T) / WIDTH / NETWORKS);
    const struct er_sampled_options options = {.networks = NETWORKS, .seed = 11};
    struct sampled s;
    struct er_error err;
    double k[4], k_error[4], theta[4], theta_error[4];
    if (!sampled_open(&s, "[dense 16 init=ntk, relu, dense init=ntk]", (struct er_shape){1, 1, 2})) return;
    T_STATUS(er_sampled_kernel(s.finite, 2, x, 0, NULL, &options,
                               &(struct er_sampled_kernels){k, k_error, theta, theta_error}, NULL, NULL,
                               &err),
             ER_OK, "Monte Carlo");
    T_CLOSE(k_error[1], std, std * 5 * sqrt((2 + 60.0 / WIDTH) / NETWORKS) / 2, "the standard error of K12");
    T_CLOSE(k[1], T, 5 * std, "K12 is unbiased");
    T_CLOSE(k[0], 1.3 / 2, 5 * k_error[0], "K11");
    T_CLOSE(k[3], 0.7 / 2, 5 * k_error[3], "K22");
    T_CLOSE(theta[1], T + 0.4 * slope, 5 * theta_error[1], "Theta12 is unbiased");
    T_CLOSE(theta[0], 1.3, 5 * theta_error[0], "Theta11");
    sampled_close(&s);
}

/* ReLU, three hidden layers, sw^2 = 2, sb = 0.1 on the reference's inputs: its exact kernels (6.2) and table (4.3). At width
 * 16 the NNGP's relative squared error tends to 2.4e-3, however many networks there are; one network errs by about 1. */
static void trap_20_averages_over_draws(void)
{
    const double x[] = {1, 0.5, -0.3, -0.2, 0.8, 1.1, 0.7, -1.2, 0.4};
    const double exact[] = {0.9333333333333, 0.6612390838704, 0.708698428093, 1.3,
                            0.7626412404011, 1.433333333333};
    const char *layer = "dense 16 init=ntk scale=1.4142135623730951 bias_scale=0.1, relu";
    char text[400];
    struct sampled s;
    struct er_error err;
    double k[9], k_error[9], biased = 0, error = 0, size = 0, one = 0;
    snprintf(text, sizeof text, "[%s, %s, %s, dense init=ntk scale=1.4142135623730951 bias_scale=0.1]", layer,
             layer, layer);
    if (!sampled_open(&s, text, (struct er_shape){1, 1, 3})) return;
    T_STATUS(er_sampled_kernel(s.finite, 3, x, 0, NULL,
                               &(struct er_sampled_options){.networks = 3000, .seed = 1},
                               &(struct er_sampled_kernels){k, k_error, NULL, NULL}, NULL, NULL, &err),
             ER_OK, "Monte Carlo");
    for (int i = 0, e = 0; i < 3; i++)
        for (int j = i; j < 3; j++, e++) {
            const double off = k[i * 3 + j] - exact[e], twice = i == j ? 1 : 2;
            error += twice * off * off;
            size += twice * exact[e] * exact[e];
            one += twice * k_error[i * 3 + j] * k_error[i * 3 + j] * 3000;
            biased = fmax(biased, fabs(off) / k_error[i * 3 + j]);
        }
    T_OK(biased > 3, "the bias shows: %g standard errors", biased);
    T_OK(error / size > 0.8e-3 && error / size < 5e-3, "and has its size: %g", error / size);
    T_OK(one / size > 0.5 && one / size < 2, "one network alone errs by its whole size: %g", one / size);
    sampled_close(&s);
}

/* max_pool and batch_norm have no exact kernel; the same bits for one thread and three; what is with itself is symmetric and
 * agrees with what is of two sets. */
static void any_layer_any_threads(void)
{
    const char *text = "[conv 8 3x3, batch_norm, max_pool 2, relu, flatten, dense]";
    double x[4 * 16], one[3 * 16], three[3 * 16], across[16];
    struct er_pool *pool = NULL;
    struct sampled s;
    struct er_error err;
    for (int i = 0; i < 4 * 16; i++) x[i] = sin(3.0 * i);
    if (!sampled_open(&s, text, (struct er_shape){4, 4, 1})) return;
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "a pool");
    const struct er_sampled_options options = {.networks = 20, .seed = 3};
    T_STATUS(er_sampled_kernel(s.finite, 4, x, 0, NULL, &options,
                               &(struct er_sampled_kernels){one, one + 16, one + 32, NULL}, NULL, NULL, &err),
             ER_OK, "one thread");
    T_STATUS(er_sampled_kernel(s.finite, 4, x, 0, NULL, &options,
                               &(struct er_sampled_kernels){three, three + 16, three + 32, NULL}, pool, NULL,
                               &err),
             ER_OK, "three threads");
    int same = 0;
    for (int i = 0; i < 3 * 16; i++) same += one[i] == three[i];
    T_EQ_INT(same, 3 * 16, "the same bits");
    T_STATUS(er_sampled_kernel(s.finite, 4, x, 4, x, &options, &(struct er_sampled_kernels){.theta = across},
                               pool, NULL, &err),
             ER_OK, "two sets");
    for (int i = 0; i < 16; i++) {
        T_OK(one[32 + i] == one[32 + i / 4 + i % 4 * 4], "symmetric at %d", i);
        T_CLOSE(across[i], one[32 + i], 1e-12 * fabs(one[32 + i]), "of two equal sets, at %d", i);
    }
    er_pool_free(pool);
    sampled_close(&s);
}

static void failures(void)
{
    struct sampled s;
    struct er_error err;
    double x[2] = {1, 2}, k, theta;
    const struct er_sampled_kernels out = {.k = &k, .theta = &theta};
    atomic_bool stop = true;
    if (!sampled_open(&s, "[dense 4, tanh, dense]", (struct er_shape){1, 1, 2})) return;
    T_STATUS(
        er_sampled_kernel(s.finite, 1, x, 0, NULL, &(struct er_sampled_options){0}, &out, NULL, NULL, &err),
        ER_E_USAGE, "no networks");
    T_STATUS(er_sampled_kernel(s.finite, 1, x, 0, NULL, &(struct er_sampled_options){.networks = 2}, &out,
                               NULL, &(struct er_progress){.stop = &stop}, &err),
             ER_E_STOPPED, "stopped");
    T_ALLOCATIONS(er_sampled_kernel(s.finite, 1, x, 0, NULL, &(struct er_sampled_options){.networks = 2},
                                    &out, NULL, NULL, &err),
                  (void)0, "each allocation fails once");
    sampled_close(&s);
}

int main(void)
{
    the_exact_law_of_one_hidden_layer();
    trap_20_averages_over_draws();
    any_layer_any_threads();
    failures();
    return t_done();
}
