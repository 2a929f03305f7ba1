/* Norms of layers as Jiang et al. measure them, and predictors made of them: the closed forms of the reference on measures
 * (section 9), and what is refused. */
#include "t.h"

#include "measures/layer_norms.h"
#include "measures/measured.h"
#include "support/measured_net.h"

#include <ermine/bounds.h>

/* The reference prints ten decimals; weights and inputs here are exact in float32, spectral norms of small matrices are
 * in float64, so that values agree to half a unit of the last. */
static void close_to(const struct er_measured *is, const char *name, double want)
{
    T_CLOSE(measured_net_value(is, name, 1), want, 6e-11 + 1e-12 * fabs(want), "%s", name);
}

/* As a map: products in float32, to a relative 1e-6 of each norm, twice that of its square. */
static void near(const struct er_measured *is, const char *name, double want)
{
    T_CLOSE(measured_net_value(is, name, 1), want, 4e-6 * fabs(want), "%s", name);
}

/* A status of a measure, without a value. */
static void refused(const struct er_measured *is, const char *name, enum er_status want, const char *why)
{
    struct er_error err = {0};
    struct er_measured_run *run = NULL;
    double value = -7;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "context");
    T_STATUS(er_measure_compute(er_measure_find(name), run, &value, &err), want, "%s", name);
    T_OK(strstr(err.msg, why) && value == -7, "%s: %s", name, err.msg);
    er_measured_run_free(run);
}

/* ((1, 2), (3, 4)), from 0. */
static void check_c01_norms_of_a_matrix(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "cross-entropy", (struct er_shape){1, 1, 2}, 2, 10)) {
        struct er_error err = {0};
        struct er_measured_run *run = NULL;
        const double *norm;
        int64_t n;
        memcpy(net.w, (float[]){1, 3, 2, 4}, 4 * sizeof(float)); /* ours lie input by input */
        memset(net.w0, 0, 4 * sizeof(float));
        close_to(&net.is, "fro_over_spec", 1.0044843951);
        close_to(&net.is, "param_norm", 30);
        close_to(&net.is, "frobenius_distance", 30);
        for (int transposed = 0; transposed < 2; transposed++) {
            if (transposed) memcpy(net.w, (float[]){1, 2, 3, 4}, 4 * sizeof(float));
            T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "context");
            T_STATUS(er_measured_layer_norms(run, ER_LAYER_MOVED_TWO_ONE, &norm, &n, &err), ER_OK, "norms");
            T_CLOSE(norm[0], transposed ? 7.6344136152 : 7.2360679775, 6e-11, "(2,1)-norm over rows");
            T_STATUS(er_measured_layer_norms(run, ER_LAYER_SPECTRAL, &norm, &n, &err), ER_OK, "norms");
            T_CLOSE(norm[0], 5.4649857042, 6e-11, "spectral norm");
            er_measured_run_free(run);
        }
    }
    measured_net_close(&net);
}

/* The net NET of the reference, which lies input by input, on ten points of margins 0.5 and more. */
static const float NET[] = {1, .5f, -2, 3, 2, -1}, NET_0[] = {.5f, 0, -1, 1, 1, 0};
enum { M = 10 };

static bool open_net(struct measured_net *net)
{
    if (!measured_net_open(net, "[dense 2 bias=false, relu, dense bias=false]", "logistic",
                           (struct er_shape){1, 1, 2}, 2, M))
        return false;
    memcpy(net->w, NET, sizeof NET);
    memcpy(net->w0, NET_0, sizeof NET_0);
    for (int i = 0; i < M; i++) { /* f(0, -b) = 4 b */
        net->train.x[2 * i] = 0;
        net->train.x[2 * i + 1] = -.125f * (float)(1 + i);
        net->train.label[i] = 1;
    }
    return true;
}

static const struct {
    const char *name;
    double value;
} c04[] = {
    {"prod_of_spec", 65.1061910377},
    {"prod_of_spec_over_margin", 260.4247641507},
    {"fro_over_spec", 2.0943659714},
    {"spec_init_main", 214.1699056603},
    {"log_spec_init_main", 5.3667696517},
    {"spec_orig_main", 545.4247641507},
    {"log_spec_orig_main", 6.3015648749},
    {"sum_of_spec", 16.1376814986},
    {"sum_of_spec_over_margin", 32.2753629972},
    {"prod_of_fro", 71.25},
    {"prod_of_fro_over_margin", 285},
    {"sum_of_fro", 16.8819430161},
    {"sum_of_fro_over_margin", 33.7638860323},
    {"frobenius_distance", 7.5},
    {"dist_spec_init", 7.0548861143},
    {"param_norm", 19.25},
    {"inverse_margin", 4},
};

static void check_c04_norms_of_net(void)
{
    struct measured_net net;
    if (open_net(&net)) {
        for (size_t i = 0; i < sizeof c04 / sizeof c04[0]; i++) {
            char name[64];
            close_to(&net.is, c04[i].name, c04[i].value);
            snprintf(name, sizeof name, "%s_reshaped", c04[i].name);
            if (er_measure_find(name)) close_to(&net.is, name, c04[i].value); /* dense: one norm */
        }
        T_CLOSE(sqrt(measured_net_value(&net.is, "spec_orig_main", 1)), 23.3543307365, 6e-11,
                "c16: the root of spec_orig_main");
        close_to(&net.is, "log_prod_of_spec", log(65.1061910377));
        close_to(&net.is, "log_prod_of_spec_over_margin", log(260.4247641507));
        close_to(&net.is, "log_prod_of_fro", log(71.25));
        close_to(&net.is, "log_prod_of_fro_over_margin", log(285));
    }
    measured_net_close(&net);
}

/* One convolution of an image of 4 x 4, as a map and reshaped; from 0. */
static void convolution(const char *text, int64_t outputs, const float *kernel, int64_t n, double map,
                        double reshaped)
{
    struct measured_net net;
    if (measured_net_open(&net, text, "cross-entropy", (struct er_shape){4, 4, 1}, 16 * outputs, 5)) {
        memcpy(net.w, kernel, (size_t)n * sizeof *kernel);
        memset(net.w0, 0, (size_t)n * sizeof *kernel);
        near(&net.is, "prod_of_spec", map * map);
        near(&net.is, "dist_spec_init", map * map);
        near(&net.is, "prod_of_spec_reshaped", reshaped * reshaped);
        near(&net.is, "dist_spec_init_reshaped", reshaped * reshaped);
        double square = 0;
        for (int64_t k = 0; k < n; k++) square += (double)kernel[k] * (double)kernel[k];
        close_to(&net.is, "prod_of_fro", square);
        near(&net.is, "fro_over_spec", square / (map * map));
    }
    measured_net_close(&net);
}

static void check_c13_c14_norms_of_convolutions(void)
{
    const float one[] = {1, 2, 3, 4}, two[] = {1, 2, 0, 1, 0, 0, -1, 0}; /* outputs lie beside each other */
    convolution("[conv 1 2x2 padding=circular bias=false, flatten]", 1, one, 4, 10, 5.4772255751);
    convolution("[conv 1 2x2 bias=false, flatten]", 1, one, 4, 8.8761131767, 5.4772255751);
    convolution("[conv 2 2x2 padding=circular bias=false, flatten]", 2, two, 8, 3.6055512755, 2.4494897428);
}

/* w = (1, -2), b = 0.3 before batch norm; and what of it norms see, at both ends. */
static void check_c15_folding(void)
{
    struct measured_net net;
    struct er_error err = {0};
    if (measured_net_open(&net, "[dense 1, batch_norm]", "logistic", (struct er_shape){1, 1, 2}, 2, 10)) {
        const struct er_network network = {.w = net.w, .statistics = net.statistics};
        struct er_folded f = {0};
        const float w[] = {1, -2, .3f, 1.5f, -.2f}, statistics[] = {.4f, 2.25f};
        memcpy(net.w, w, sizeof w);
        memcpy(net.w0, w, sizeof w);
        memcpy(net.statistics, statistics, sizeof statistics);
        memcpy(net.statistics0, statistics, sizeof statistics);
        T_STATUS(er_folded_new(net.net, &network, &f, &err), ER_OK, "folded");
        const double r = 1.5 / sqrt(2.25 + 1e-5); /* gamma is 1.5, and not a float32's epsilon */
        T_CLOSE(f.w[0], r, 4e-16, "folded weights are in float64");
        T_CLOSE(f.w[1], -2 * r, 8e-16, "folded weight");
        T_CLOSE(f.map[0].bias[0], -0.2999997778, 1e-7, "folded bias of inputs in float32");
        T_CLOSE(f.w[0] * .7 + f.w[1] * .1 + f.map[0].bias[0], 0.1999991111, 2e-7, "the function");
        T_OK(f.map[0].biased && f.map[0].norm == 1, "batch norm's bias");
        near(&net.is, "param_norm", 5 * 0.9999977778 * 0.9999977778);
        T_CLOSE(measured_net_value(&net.is, "frobenius_distance", 1), 0, 0, "folded at the start too");
        refused(&net.is, "log_spec_init_main", ER_E_UNSUPPORTED, "");
        net.w[0] += 0x1p-20f;
        T_CLOSE(measured_net_value(&net.is, "frobenius_distance", 1), r * r * 0x1p-40, 1e-9 * 0x1p-40,
                "a small way is as good as a large one");
        net.w[0] = 1;
        net.statistics0[1] = 9; /* r = 1/2 at the start */
        T_CLOSE(measured_net_value(&net.is, "frobenius_distance", 1), 1.25, 1e-5, "epsilon and float32");
        er_folded_clear(&f);
    }
    measured_net_close(&net);
}

/* The predictors on NET by the norms of C16, gamma 0.5; inputs (0, -b). */
static void check_c16_predictors(void)
{
    struct measured_net net;
    if (open_net(&net)) {
        const double s2[] = {13.0212382075, 5}, t2[] = {5.5, 2}, f2[] = {14.25, 5}, gamma = .5;
        const double root = sqrt(M), R = 17.1935280152;
        double b2 = 0;
        for (int i = 0; i < M; i++) b2 += .125 * (1 + i) * .125 * (1 + i);
        const double product = sqrt(s2[0] * s2[1]);
        const double bartlett = log(M) * log(6) * R / gamma / root;
        const double pac_bayes = 2 * product / gamma * sqrt(2 * t2[0] / s2[0] + t2[1] / s2[1]) / root;
        const double neyshabur =
            sqrt(f2[1]) * (sqrt(t2[0] * b2) + sqrt(2 * b2)) / (gamma * M) + sqrt(2.0 / M);
        const double K = pow(84 * 1.25 * (sqrt(2) + 1) + sqrt(log(4 * 2)), 2);
        T_CLOSE(measured_net_value(&net.is, "bartlett_predictor", 1), bartlett, 1e-10 * bartlett, "Bartlett");
        T_CLOSE(measured_net_value(&net.is, "pac_bayes_spectral_predictor", 1), pac_bayes, 1e-10 * pac_bayes,
                "PAC-Bayes");
        T_CLOSE(measured_net_value(&net.is, "neyshabur_2019_predictor", 1), neyshabur, 1e-12 * neyshabur,
                "two layers");
        const double init = K * product * product * (t2[0] / s2[0] + t2[1] / s2[1]);
        const double orig = K * product * product * (f2[0] / s2[0] + f2[1] / s2[1]), ln = log(M / .05);
        T_CLOSE(measured_net_value(&net.is, "spec_init", 1), (init + ln) / .25, 1e-10 * init, "spec_init");
        T_CLOSE(measured_net_value(&net.is, "spec_orig", 1), (orig + ln) / .25, 1e-10 * orig, "spec_orig");
        /* |W_1|_{1,inf} = 3.5, |W_2| = 3; inputs' root mean square; two classes by one output */
        const double rhat = 2 / root * 10.5 * sqrt(3 + log(2)) * sqrt(b2 / M);
        T_CLOSE(er_rademacher_golowich_l1(log(10.5), 2, sqrt(b2 / M), 2, M), rhat, 1e-14 * rhat, "Golowich");
        const double bound = measured_net_value(&net.is, "golowich_l1_bound", 1);
        T_OK(bound > 2 * rhat / gamma && bound < 1 + exp2(1.0 / 16) * 2 * rhat / gamma + 3, "its bound: %g",
             bound);
    }
    measured_net_close(&net);
}

/* Norms are of layers, whatever is between them: branches too. A matrix of zeros has no ratio, batch norm behind a join
 * no weights. */
static void test_branches_and_refusals(void)
{
    struct measured_net net;
    const struct er_shape shape = {1, 1, 2};
    if (measured_net_open(
            &net, "[dense 2 bias=false, add: [[dense 2, batch_norm, relu], identity], dense bias=false]",
            "cross-entropy", shape, 2, 10)) {
        double square = 0;
        for (int64_t k = 0; k < net.P; k++) net.w[k] = (float)(k % 5) - 2;
        for (int i = 0; i < 2; i++) { /* scales of exactly 1/2 and 1/4 cannot be had with an epsilon */
            net.w[10 + i] = 1;
            net.statistics[2 + i] = 4;
        }
        for (int k = 0; k < 16; k++) {
            const double v = (double)net.w[k];
            square += k < 4 || k >= 14 ? v * v : k < 8 ? v * v / (4 + 1e-5) : 0;
        }
        for (int64_t k = 16; k < net.P; k++) square += (double)net.w[k] * (double)net.w[k];
        near(&net.is, "param_norm", square);
        for (int k = 4; k < 8; k++) net.w[k] = 0;
        refused(&net.is, "fro_over_spec", ER_E_UNSUPPORTED, "all weights of matrix 2 are 0");
        refused(&net.is, "prod_of_fro", ER_E_UNSUPPORTED, "all weights of matrix 2 are 0");
        net.w[0] = (float)NAN;
        refused(&net.is, "param_norm", ER_E_NONFINITE, "not finite");
        refused(&net.is, "sum_of_spec", ER_E_NONFINITE, "not finite");
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 2, add: [dense 2, identity], batch_norm, relu, dense]",
                          "cross-entropy", shape, 2, 10))
        refused(&net.is, "param_norm", ER_E_UNSUPPORTED, "batch_norm: follows no layer");
    measured_net_close(&net);
}

/* 120 layers of norm 10^4: products leave float64, their logarithms don't. */
static void test_depth(void)
{
    enum { DEPTH = 120 };
    struct measured_net net;
    char text[DEPTH * 32] = "[";
    size_t at = 1;
    for (int i = 1; i < DEPTH; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "dense 1 bias=false, relu, ");
    snprintf(text + at, sizeof text - at, "dense bias=false]");
    if (measured_net_open(&net, text, "logistic", (struct er_shape){1, 1, 1}, 2, 2)) {
        for (int i = 0; i < DEPTH; i++) net.w[i] = 1e4f;
        close_to(&net.is, "log_prod_of_spec", DEPTH * 8 * log(10));
        close_to(&net.is, "log_prod_of_fro", DEPTH * 8 * log(10));
        close_to(&net.is, "sum_of_spec", DEPTH * 1e8);
        refused(&net.is, "prod_of_spec", ER_E_NONFINITE, "prod_of_spec: its value is inf");
    }
    measured_net_close(&net);
}

/* 3 I + u v': of a matrix too large for float64, and one that is not; u of length 2, v = u: norm 7. */
static void test_large_matrices(void)
{
    struct er_error err = {0};
    double norm = 0;
    for (int64_t n = 200; n <= 300; n += 100) {
        double *a = er_alloc(n * n, sizeof *a);
        for (int64_t k = 0; a && k < n * n; k++) a[k] = (k % (n + 1) ? 0 : 3) + 4 / (double)n;
        T_STATUS(er_matrix_spectral_norm(n, n, a, &norm, &err), ER_OK, "norm");
        T_CLOSE(norm, 7, n > 256 ? 7e-6 : 7e-14, "a matrix of %d: rounding, or the iteration's 1e-6", (int)n);
        er_free(a);
    }
}

int main(void)
{
    check_c01_norms_of_a_matrix();
    check_c04_norms_of_net();
    check_c13_c14_norms_of_convolutions();
    check_c15_folding();
    check_c16_predictors();
    test_branches_and_refusals();
    test_depth();
    test_large_matrices();
    return t_done();
}
