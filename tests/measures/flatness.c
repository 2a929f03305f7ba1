/* Relative flatness, coherence and stiffness: the reference's numbers, and the last layer's Hessian block by block in double
 * by the oracle of nets. */
#include "t.h"

#include "measures/flatness.h"
#include "measures/gradient_gram.h"
#include "measures/output_hessian.h"
#include "net/loss.h"
#include "oracles/network.h"
#include "support/measured_net.h"

#include <ermine/random.h>

/* Equal to the bit. */
static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static void check_c33_relative_flatness(void)
{
    const double w[] = {1, 2, -1, .5}, identity[12] = {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1};
    float x[] = {1, 0, 1, 1, 0, 2}, one[] = {1, 2};
    double root[12], q[4];
    struct er_error err;
    struct er_flatness f;
    for (int i = 0; i < 12; i++)
        root[i] = sqrt(2) * identity[i]; /* the loss there is |f - y|^2, not half of it */
    struct er_flatness_layer layer = {3, 2, 2, 1, w, x, root};
    T_STATUS(er_flatness_of(&layer, NULL, &f, &err), ER_OK, "three examples");
    T_CLOSE(f.trace, 29.1666666667, 1e-9, "kappa_Tr");
    T_CLOSE(f.largest, 22.0948984905, 1e-6, "kappa_max"); /* of float32 products */
    T_CLOSE(f.trace / 2, 14.5833333333, 1e-9, "FAM");
    T_CLOSE(f.upper, 6.25 * 2 * 4.6666666667, 1e-8, "|W|^2 times two traces of 4.67");

    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "cross-entropy", (struct er_shape){1, 1, 2}, 2, 1)) {
        const float logits[] = {5, 0}; /* W (1, 2) */
        er_output_hessian_root(net.net, logits, q);
        layer = (struct er_flatness_layer){1, 2, 2, 1, w, one, q};
        T_STATUS(er_flatness_of(&layer, NULL, &f, &err), ER_OK, "softmax");
        T_CLOSE(f.trace, 0.2077517710, 1e-10, "kappa_Tr of softmax cross-entropy");
    }
    measured_net_close(&net);
}

/* The same numbers, with an output's features of its own: as if the outputs did not know that they are the same. */
static void test_apart(void)
{
    enum { M = 7, O = 3, F = 4 };
    double w[O * F], root[M * O * O];
    float x[M * F], each[M * O * F];
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    struct er_error err;
    struct er_flatness a, b;
    for (int i = 0; i < O * F; i++) w[i] = er_random_normal(&r);
    for (int i = 0; i < M * O * O; i++) root[i] = er_random_normal(&r);
    for (int i = 0; i < M * F; i++) x[i] = (float)er_random_normal(&r);
    for (int i = 0; i < M * O * F; i++) each[i] = x[i / (O * F) * F + i % F];
    const struct er_flatness_layer one = {M, O, F, 1, w, x, root}, many = {M, O, F, O, w, each, root};
    T_STATUS(er_flatness_of(&one, NULL, &a, &err), ER_OK, "shared");
    T_STATUS(er_flatness_of(&many, NULL, &b, &err), ER_OK, "apart");
    T_CLOSE(a.trace, b.trace, 1e-11 * a.trace, "trace");
    T_CLOSE(a.largest, b.largest, 1e-11 * a.largest, "largest");
    T_CLOSE(a.upper, b.upper, 1e-11 * a.upper, "upper");
    T_OK(a.trace <= a.upper && a.largest <= a.upper, "upper is no less: %g, %g, %g", a.trace, a.largest,
         a.upper);
    T_ALLOCATIONS(er_flatness_of(&many, NULL, &b, &err), (void)0, "flatness");
}

/* d2 loss / df df' is what the loss itself says in float32. */
static void test_output_hessian(void)
{
    enum { K = 4 };
    struct er_loss_info info;
    for (int64_t i = 0; er_loss_describe(i, &info); i++) {
        struct measured_net net;
        struct er_error err = {0};
        double q[K * K];
        const float f[K] = {.3f, -1.2f, 2, .1f};
        const int32_t label = 1;
        const struct er_loss_ops *loss = er_loss_find(info.name);
        if (measured_net_open(&net, "[dense]", info.name, (struct er_shape){1, 1, 3}, K, 2)) {
            const bool has = er_output_hessian_check(net.net, "x", &err) == ER_OK;
            T_OK(has == (loss->curvature != NULL), "%s: %s", info.name, err.msg);
            if (has) er_output_hessian_root(net.net, f, q);
            for (int s = 0; s < K && has && loss->curvature; s++) {
                float unit[K] = {0}, column[K];
                unit[s] = 1;
                loss->curvature(1, K, f, &label, 1, unit, column);
                for (int t = 0; t < K; t++) {
                    double sum = 0;
                    for (int k = 0; k < K; k++) sum += q[k * K + s] * q[k * K + t];
                    T_CLOSE(sum, (double)column[t], 1e-6, "%s: h[%d, %d]", info.name, s, t);
                }
            }
        }
        measured_net_close(&net);
    }
}

/* The standard deviations of the features that come into the last layer of [dense 5, relu, dense], in double. */
static void deviations(const struct measured_net *net, int D, int H, double *out)
{
    for (int h = 0; h < H; h++) {
        double sum = 0, square = 0;
        const int64_t m = net->train.n;
        for (int64_t i = 0; i < m; i++) {
            double z = (double)net->w[D * H + h];
            for (int k = 0; k < D; k++) z += (double)net->train.x[i * D + k] * (double)net->w[k * H + h];
            sum += fmax(z, 0) / (double)m;
            square += fmax(z, 0) * fmax(z, 0) / (double)m;
        }
        out[h] = sqrt(square - sum * sum);
    }
}

/* kappa_Tr and its kin from the Hessian of the last layer, that of features divided by their deviations. */
static void test_against_hessian(const char *loss, int K)
{
    enum { D = 4, H = 5, M = 60, MOST = 64 };
    const char *text = "[dense 5, relu, dense]";
    struct measured_net net;
    struct network *oracle = network_new(text, 1, 1, D, K, loss);
    if (oracle && measured_net_open(&net, text, loss, (struct er_shape){1, 1, D}, K, M)) {
        const int P = (int)net.P, at = (D + 1) * H;
        double w[MOST], x[M * D], unit[MOST], column[MOST], deviation[H], kappa = 0, traces = 0, square = 0;
        for (int i = 0; i < P; i++) w[i] = (double)net.w[i];
        for (int i = 0; i < M * D; i++) x[i] = (double)net.train.x[i];
        deviations(&net, D, H, deviation);
        for (int j = 0; j < H; j++)
            for (int s = 0; s < K; s++) {
                memset(unit, 0, sizeof unit);
                unit[at + j * K + s] = 1;
                network_hessian_vector(oracle, w, NULL, false, M, x, net.train.label, unit, column, NULL);
                for (int t = 0; t < K; t++) {
                    double inner = 0;
                    for (int d = 0; d < H; d++)
                        inner += w[at + d * K + s] * w[at + d * K + t] * deviation[d] * deviation[d];
                    kappa += inner * column[at + j * K + t] / (deviation[j] * deviation[j]);
                }
                traces += column[at + j * K + s] / (deviation[j] * deviation[j]);
                square += pow(w[at + j * K + s] * deviation[j], 2);
            }
        /* features and gradients are of float32 */
        T_CLOSE(measured_net_value(&net.is, "relative_flatness", 2), kappa, 1e-5 * kappa, "%s: kappa", loss);
        T_CLOSE(measured_net_value(&net.is, "relative_flatness_fam", 1), kappa / H, 1e-5 * kappa, "FAM");
        T_CLOSE(measured_net_value(&net.is, "relative_flatness_upper", 1), square * traces,
                1e-5 * square * traces, "upper");
        measured_net_close(&net);
    }
    network_free(oracle);
}

/* Behind a convolution to the classes: what the text says twice, once as a mean of a map of one pixel, has one flatness. */
static void test_convolution(void)
{
    struct measured_net dense, conv;
    static const char *const name[] = {"relative_flatness", "relative_flatness_max",
                                       "relative_flatness_upper"};
    const bool a = measured_net_open(&dense, "[conv 5 3x3, relu, flatten, dense]", "cross-entropy",
                                     (struct er_shape){3, 3, 1}, 3, 50);
    const bool b = measured_net_open(&conv, "[conv 5 3x3 padding=valid, relu, conv 3 1x1, global_avg_pool]",
                                     "cross-entropy", (struct er_shape){3, 3, 1}, 3, 50);
    measured_net_close(&dense);
    if (a &&
        measured_net_open(&dense, "[conv 5 3x3 padding=valid, relu, flatten, dense]", "cross-entropy",
                          (struct er_shape){3, 3, 1}, 3, 50) &&
        b) {
        T_EQ_INT(dense.P, conv.P, "as many weights");
        memcpy(conv.w, dense.w, (size_t)conv.P * sizeof *conv.w);
        for (int i = 0; i < 3; i++) {
            const double want = measured_net_value(&dense.is, name[i], 1);
            T_CLOSE(measured_net_value(&conv.is, name[i], 1), want, 1e-5 * want, "%s", name[i]);
        }
    }
    measured_net_close(&dense);
    measured_net_close(&conv);
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *loss, *reason;
    } wrong[] = {{"[dense 5, relu, dense, tanh]", "mean-squared", "tanh"},
                 {"[dense 5, relu, dense 3, layer_norm]", "cross-entropy", "layer_norm"},
                 {"[dense 5, relu, dense]", "hinge", "hinge"},
                 {"[dense 3, add: [[dense 3], identity]]", "cross-entropy", "add"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct measured_net net;
        struct er_error err;
        double value = -7;
        struct er_measured_run *run = NULL;
        if (measured_net_open(&net, wrong[i].text, wrong[i].loss, (struct er_shape){1, 1, 4}, 3, 20)) {
            T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "run");
            T_STATUS(er_measure_compute(er_measure_find("relative_flatness"), run, &value, &err),
                     ER_E_UNSUPPORTED, "%s", wrong[i].text);
            T_OK(strstr(err.msg, wrong[i].reason) && value == -7, "%s", err.msg);
        }
        er_measured_run_free(run);
        measured_net_close(&net);
    }
}

/* Examples x_i of class 0, weights 0: the gradients of half the squared distance are -x_i, and 0 for the other class. */
static void check_c35_coherence(void)
{
    const float x[] = {1, 0, .6f, .8f, -1, 1};
    static const struct {
        const char *name;
        double value;
    } want[] = {{"gradient_coherence", .3},
                {"m_coherence", .9},
                {"gradient_diversity", 1.1111111111},
                {"stiffness_cos", 0.0114381917},
                {"stiffness_sign", 0.3333333333},
                /* a mean of 0.4667 over two weights; those of the other class have no gradient */
                {"gradient_noise_final", 2 * 0.4666666667}};
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, 2}, 2, 3)) {
        struct er_error err;
        struct er_measured_run *run = NULL;
        double value;
        memcpy(net.train.x, x, sizeof x);
        memset(net.train.label, 0, 3 * sizeof(int32_t));
        memset(net.w, 0, 4 * sizeof(float));
        for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
            T_CLOSE(measured_net_value(&net.is, want[i].name, 1), want[i].value, 1e-7, "%s", want[i].name);
        memset(net.train.x, 0, sizeof x);
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "run");
        for (int i = 0; i < 5; i++)
            T_STATUS(er_measure_compute(er_measure_find(want[i].name), run, &value, &err), ER_E_UNSUPPORTED,
                     "%s of gradients of 0", want[i].name);
        er_measured_run_free(run);
    }
    measured_net_close(&net);
}

/* The Gram matrix of gradients is that of gradients written out, whatever the tiles; tiny gradients keep their angles. */
static void test_gradient_gram(void)
{
    enum { N = 70 };
    struct measured_net net;
    struct er_error err;
    if (measured_net_open(&net, "[dense 20, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          N)) {
        const struct er_network network = {.w = net.w};
        const struct er_gradients_of what = {net.net, &network, &net.train, NULL};
        struct er_derivatives *d = NULL;
        struct er_pool *pool = NULL;
        static double gram[N * N], again[N * N];
        float *g = er_alloc(N * net.P, sizeof *g);
        double off = 0, most = 0;
        T_STATUS(er_derivatives_new(net.net, &network, &net.train, NULL, NULL, &d, &err), ER_OK, "new");
        T_STATUS(er_derivatives_examples(d, 0, N, g, NULL, &err), ER_OK, "gradients");
        T_STATUS(er_gradient_gram(&what, NULL, gram, &err), ER_OK, "Gram matrix");
        for (int i = 0; i < N * N; i++) {
            double sum = 0;
            for (int64_t p = 0; p < net.P; p++)
                sum += (double)g[i / N * net.P + p] * (double)g[i % N * net.P + p];
            off = fmax(off, fabs(sum - gram[i]));
            most = fmax(most, fabs(sum));
        }
        T_CLOSE(off, 0, 1e-13 * most, "inner products in float64");
        T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
        T_STATUS(er_gradient_gram(&what, pool, again, &err), ER_OK, "on two threads");
        T_OK(same(gram, again, sizeof gram), "the same bits");
        T_ALLOCATIONS(er_gradient_gram(&what, NULL, again, &err), (void)0, "Gram matrix");
        er_pool_free(pool);
        er_derivatives_free(d);
        er_free(g);
    }
    measured_net_close(&net);
}

int main(void)
{
    check_c33_relative_flatness();
    test_apart();
    test_output_hessian();
    test_against_hessian("cross-entropy", 3);
    test_against_hessian("mean-squared", 3);
    test_convolution();
    test_refusals();
    check_c35_coherence();
    test_gradient_gram();
    return t_done();
}
