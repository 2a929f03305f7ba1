/* Path norms: closed forms of the reference on measures (C3), an oracle network in double with squared weights, and what
 * must leave them as they are. */
#include "t.h"

#include "oracles/network.h"
#include "support/measured_net.h"

#include <ermine/random.h>

static double path(const struct measured_net *net, const char *name)
{
    return measured_net_value(&net->is, name, 1);
}

/* NET, which lies input by input; without and with biases. */
static void check_c03_path_norms(void)
{
    struct measured_net net;
    const struct er_shape shape = {1, 1, 2};
    if (measured_net_open(&net, "[dense 2 bias=false, relu, dense bias=false]", "logistic", shape, 2, 10)) {
        memcpy(net.w, (float[]){1, .5f, -2, 3, 2, -1}, 6 * sizeof(float));
        T_CLOSE(path(&net, "path_norm"), 29.25, 1e-13, "squares");
        T_CLOSE(path(&net, "log_path_norm"), log(29.25), 1e-14, "its logarithm");
        T_CLOSE(path(&net, "path_norm_l1"), 9.5, 1e-14, "sizes");
        for (int i = 0; i < 10; i++) { /* f(0, -b) = 4 b */
            net.train.x[2 * i] = 0;
            net.train.x[2 * i + 1] = -.125f * (float)(1 + i);
            net.train.label[i] = 1;
        }
        T_CLOSE(path(&net, "path_norm_over_margin"), 117, 1e-12, "over the margin 0.5");
        T_CLOSE(path(&net, "log_path_norm_over_margin"), log(117), 1e-14, "its logarithm");
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 2, relu, dense]", "logistic", shape, 2, 10)) {
        memcpy(net.w, (float[]){1, .5f, -2, 3, .5f, -1, 2, -1, .25f}, 9 * sizeof(float));
        T_CLOSE(path(&net, "path_norm"), 31.3125, 1e-13, "with biases");
    }
    measured_net_close(&net);
}

/* Nets without batch norm beside an oracle that runs squared (or absolute) weights on ones. */
static const struct {
    const char *text;
    struct er_shape shape;
    double scale; /* of fixed factors: their product, in the oracle squared by hand */
} nets[] = {
    {"[conv 3 3x3 stride=2, relu, conv 4 2x2 padding=valid bias=false, leaky_relu 0.3, max_pool 2, flatten, "
     "dense]",
     {7, 6, 2},
     1},
    {"[conv 4 3x3 padding=circular, relu, dropout 0.5, avg_pool 2, conv 3 1x1, relu, global_avg_pool, dense]",
     {6, 6, 1},
     1},
    {"[dense 4, relu, add: [[dense 4, relu, dense 4], identity], relu, concat: [dense 3, identity], gain, "
     "dense]",
     {1, 1, 3},
     1},
    {"[scale -2, conv 4 3x3 groups=2 bias=false, relu, scale 0.5, scale 3, flatten, dense bias=false]",
     {4, 4, 2},
     -3},
};

static void test_oracle(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
        const struct er_shape s = nets[i].shape;
        const int64_t D = er_shape_size(s);
        struct measured_net net;
        struct network *oracle = network_new(nets[i].text, s.height, s.width, s.channels, 3, "cross-entropy");
        if (measured_net_open(&net, nets[i].text, "cross-entropy", s, 3, 5) &&
            T_OK(oracle != NULL, "oracle") &&
            T_OK(network_parameters(oracle) == net.P, "parameters of %s", nets[i].text)) {
            double *w = er_alloc(net.P, sizeof *w), *x = er_alloc(D, sizeof *x), f[3];
            for (int p = 1; p <= 2; p++) {
                const double fixed = nets[i].scale == 1 ? 1 : p == 1 ? -1 : nets[i].scale;
                double sum = 0;
                for (int64_t k = 0; k < net.P; k++) w[k] = pow(fabs((double)net.w[k]), p);
                for (int64_t k = 0; k < D; k++) x[k] = fixed;
                network_outputs(oracle, w, NULL, false, 1, x, f);
                for (int k = 0; k < 3; k++) sum += f[k];
                T_CLOSE(path(&net, p == 1 ? "path_norm_l1" : "path_norm"), sum, 1e-12 * sum, "%s, p = %d",
                        nets[i].text, p);
            }
            er_free(w);
            er_free(x);
        }
        network_free(oracle);
        measured_net_close(&net);
    }
}

/* Batch norm is that of a network of other weights and biases; init=ntk that of scaled ones. */
static void test_folded(void)
{
    enum { D = 4, H = 3, O = 2 };
    struct measured_net net;
    if (measured_net_open(&net, "[dense 3 bias=false, batch_norm, relu, dense init=ntk bias_scale=0.5]",
                          "cross-entropy", (struct er_shape){1, 1, D}, O, 5)) {
        const float *gamma = net.w + D * H, *beta = gamma + H, *v = beta + H, *c = v + H * O;
        double sum = 0;
        for (int h = 0; h < H; h++) {
            const double r = (double)gamma[h] / sqrt((double)net.statistics[H + h] + 1e-5);
            const double b = (double)beta[h] - r * (double)net.statistics[h];
            double in = b * b;
            for (int k = 0; k < D; k++) in += pow(r * (double)net.w[k * H + h], 2);
            for (int o = 0; o < O; o++) sum += in * pow((double)v[h * O + o], 2) / H;
        }
        for (int o = 0; o < O; o++) sum += pow(.5 * (double)c[o], 2);
        T_CLOSE(path(&net, "path_norm"), sum, 4e-7 * sum, "folded weights are rounded to float32");
    }
    measured_net_close(&net);
}

/* 60 layers of weight 10^4 and of weight 10^-3, with a branch beside them: sums that float64 cannot hold, a bias that
 * is lost beside one, and one that counts beside the other. */
static void test_depth(void)
{
    enum { DEPTH = 60 };
    for (int large = 0; large < 2; large++) {
        struct measured_net net;
        char text[DEPTH * 32];
        size_t at = (size_t)snprintf(text, sizeof text, "[add: [[dense 1, relu");
        for (int i = 1; i < DEPTH; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, ", dense 1, relu");
        snprintf(text + at, sizeof text - at, "], [dense 1]], dense bias=false]");
        if (measured_net_open(&net, text, "logistic", (struct er_shape){1, 1, 1}, 2, 2)) {
            T_EQ_INT(net.P, 2 * DEPTH + 3, "parameters");
            for (int i = 0; i < DEPTH; i++) net.w[2 * i] = large ? 1e4f : 1.f / 1024;
            for (int i = 0; i < DEPTH; i++) net.w[2 * i + 1] = i == DEPTH - 1 ? 2 : 0;
            net.w[2 * DEPTH] = 3;
            net.w[2 * DEPTH + 1] = 1;
            net.w[2 * DEPTH + 2] = 2;
            const double want = large ? DEPTH * 8 * log(10) + log(4) : log(4 * (4 + 9 + 1));
            T_CLOSE(path(&net, "log_path_norm"), want, 1e-13 * want, "%d layers", (int)DEPTH);
            if (!large) T_CLOSE(path(&net, "path_norm"), 56, 1e-12, "a bias");
        }
        measured_net_close(&net);
    }
}

/* Rescaling a unit of a network with biases changes the bias into it too, and no path. */
static void test_units_with_biases(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense 3, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 2,
                          5)) {
        const double before = path(&net, "path_norm");
        for (int k = 0; k < 5; k++) net.w[3 * k + 1] *= 8; /* weights into unit 1, and its bias behind them */
        for (int o = 0; o < 2; o++) net.w[15 + 2 + o] /= 8;
        T_CLOSE(path(&net, "path_norm"), before, 1e-14 * before, "a unit rescaled");
        for (int o = 0; o < 2; o++) net.w[15 + 2 + o] *= 8;
        T_OK(path(&net, "path_norm") > before, "more weight, more paths");
        memset(net.w, 0, (size_t)net.P * sizeof *net.w);
        struct er_error err = {0};
        struct er_measured_run *run = NULL;
        double value;
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "context");
        T_STATUS(er_measure_compute(er_measure_find("path_norm"), run, &value, &err), ER_E_UNSUPPORTED,
                 "no path");
        er_measured_run_free(run);
    }
    measured_net_close(&net);
}

int main(void)
{
    check_c03_path_norms();
    test_oracle();
    test_folded();
    test_depth();
    test_units_with_biases();
    return t_done();
}
