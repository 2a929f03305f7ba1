/* Monte-Carlo kernels: the exact law of their errors in one hidden layer (infinite-width.md, 4.3), the bias of deeper nets,
 * threads, layers without an exact kernel. Seeds are fixed, so that a bound once kept is kept for ever; bounds are at five
 * standard errors, which a correct law passes for all but one seed in a million. */
#include "t.h"

#include "limit/sampled_model.h"

#include <ermine/memory.h>
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

/* Networks one by one give the mean and the standard error of three, by their definitions. */
static void errors_are_of_the_mean(void)
{
    enum { NETWORKS = 3 };
    const double x[] = {1, -0.5, 0.3, 0.8};
    double k[4], k_error[4], theta[4], theta_error[4], one[NETWORKS][2][4], none[4];
    struct sampled s;
    struct er_error err;
    if (!sampled_open(&s, "[dense 4, tanh, dense]", (struct er_shape){1, 1, 2})) return;
    T_STATUS(er_sampled_kernel(
                 s.finite, 2, x, 0, NULL, &(struct er_sampled_options){.networks = NETWORKS, .seed = 5},
                 &(struct er_sampled_kernels){k, k_error, theta, theta_error}, NULL, NULL, &err),
             ER_OK, "three networks");
    for (int m = 0; m < NETWORKS; m++)
        T_STATUS(er_sampled_kernel(s.finite, 2, x, 0, NULL,
                                   &(struct er_sampled_options){.networks = 1, .seed = 5 + (uint64_t)m},
                                   &(struct er_sampled_kernels){one[m][0], none, one[m][1], NULL}, NULL, NULL,
                                   &err),
                 ER_OK, "one of them");
    T_OK(isnan(none[0]), "one network has no error");
    for (int i = 0; i < 8; i++) {
        double mean = 0, square = 0;
        for (int m = 0; m < NETWORKS; m++) mean += one[m][i / 4][i % 4] / NETWORKS;
        for (int m = 0; m < NETWORKS; m++) square += pow(one[m][i / 4][i % 4] - mean, 2);
        T_CLOSE(i < 4 ? k[i] : theta[i - 4], mean, 1e-14 * (1 + fabs(mean)), "mean %d", i);
        T_CLOSE(i < 4 ? k_error[i] : theta_error[i - 4], sqrt(square / (NETWORKS * (NETWORKS - 1))),
                1e-13 * (1 + fabs(mean)), "its standard error %d", i);
    }
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

/* Of a single layer both kernels are the same for every network, K because its weights are integrated out: what the options
 * make of the model's weights is compared with the limit to rounding (a weight's factor is rounded a few times). */
static void options_in_the_place_of_the_model(void)
{
    static const char *const text[] = {
        "[dense 3 scale=1.3 bias_scale=0.4]", "[dense 3 init=glorot bias=false]",
        "[dense 3 init=standard bias_scale=0.2]", "[dense 3 init=ntk scale=0.7 bias_scale=0.2]"};
    const struct er_shape in = {1, 1, 2};
    const double x[] = {1, -0.5, 0.3, 0.8}, as_said = (double)NAN;
    const double std[][2] = {{as_said, as_said}, {1.5, as_said}, {as_said, 0.3}, {1.5, 0.3}};
    struct er_pool *pool = NULL;
    struct er_error err;
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "a pool");
    for (int t = 0; t < 4 * 4 * 3; t++) {
        struct er_limit_options options = er_limit_defaults();
        struct er_model *model = NULL;
        struct er_limit *limit = NULL;
        struct er_limit_points *points = NULL;
        struct er_sampled_model sampled = {0};
        double k[4], theta[4], want_k[4] = {0}, want_theta[4] = {0};
        options.weight_std = std[t / 3 % 4][0];
        options.bias_std = std[t / 3 % 4][1];
        options.parameterisation = (enum er_parameterisation)(t % 3);
        T_STATUS(er_model_parse(text[t / 12], &model, &err), ER_OK, "%s", text[t / 12]);
        T_STATUS(er_sampled_model_open(model, in, &options, &sampled, &err), ER_OK, "its finite net");
        T_STATUS(er_limit_new(model, in, &options, &limit, &err), ER_OK, "and its limit");
        T_STATUS(er_limit_points_new(limit, 2, x, false, pool, NULL, &points, &err), ER_OK, "points");
        T_STATUS(er_limit_kernel(points, NULL, want_k, want_theta, pool, NULL, &err), ER_OK, "exact");
        T_STATUS(er_sampled_kernel(sampled.finite, 2, x, 0, NULL, &(struct er_sampled_options){.networks = 1},
                                   &(struct er_sampled_kernels){.k = k, .theta = theta}, NULL, NULL, &err),
                 ER_OK, "one network");
        for (int i = 0; i < 4; i++) {
            T_CLOSE(k[i], want_k[i], 1e-14 * (1 + fabs(want_k[i])), "%s, options %d: K %d", text[t / 12],
                    t % 12, i);
            T_CLOSE(theta[i], want_theta[i], 1e-14 * (1 + fabs(want_theta[i])), "%s, options %d: Theta %d",
                    text[t / 12], t % 12, i);
        }
        er_limit_points_free(points);
        er_limit_free(limit);
        er_sampled_model_clear(&sampled);
        er_model_free(model);
    }
    er_pool_free(pool);
}

/* What a call takes is what it said: its slots, and with Theta the Jacobian's rows or what stands for them. */
static void refused_and_counted(void)
{
    static const struct {
        const char *text, *said;
        bool ntk, weights;
    } refused[] = {{"[dense 4, sign, dense]", "layer 2, sign, has no tangent kernel", true, false},
                   {"[dense 4 init=uniform, relu, dense]", "init=uniform", true, true}};
    const struct er_shape in = {1, 1, 2};
    struct er_limit_options options = er_limit_defaults();
    struct er_sampled_model sampled;
    struct er_model *model = NULL;
    struct er_error err;
    for (int i = 0; i < 2; i++) {
        options.ntk = refused[i].ntk;
        options.weight_std = refused[i].weights ? 1.5 : (double)NAN;
        T_STATUS(er_model_parse(refused[i].text, &model, &err), ER_OK, "%s", refused[i].text);
        T_STATUS(er_sampled_model_open(model, in, &options, &sampled, &err), ER_E_UNSUPPORTED, "%s",
                 refused[i].text);
        T_OK(strstr(err.msg, refused[i].said) != NULL, "says so: %s", err.msg);
        er_model_free(model);
    }
    T_STATUS(er_model_parse("[dense 4, batch_norm, relu, dense]", &model, &err), ER_OK, "a model");
    T_ALLOCATIONS(er_sampled_model_open(model, in, &options, &sampled, &err),
                  er_sampled_model_clear(&sampled), "each allocation fails once");
    T_STATUS(er_sampled_model_open(model, in, &options, &sampled, &err), ER_OK, "its net");
    const struct er_sampled_options of = {.networks = 5};
    const struct er_sampled_plan k = er_sampled_plan(sampled.finite, 10, 0, &of, true, false, 1),
                                 both = er_sampled_plan(sampled.finite, 10, 0, &of, true, true, 1),
                                 three = er_sampled_plan(sampled.finite, 10, 20, &of, true, true, 3);
    T_OK(k.bytes >= 8.0 * (2 * 100 + 10 * 4), "two matrices and the last layer's inputs: %.0f bytes",
         k.bytes);
    T_OK(both.bytes > k.bytes && both.flops > k.flops, "Theta takes more");
    T_OK(three.bytes > 3 * both.bytes && three.flops > both.flops, "so do threads and examples");
    er_sampled_model_clear(&sampled);
    er_model_free(model);
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
    errors_are_of_the_mean();
    any_layer_any_threads();
    options_in_the_place_of_the_model();
    refused_and_counted();
    failures();
    return t_done();
}
