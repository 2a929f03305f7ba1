/* The oracle of nets (oracles/network.h) against what needs no oracle: sums done by hand, symmetries, and
 * the older oracle of multilayer perceptrons. Its derivatives: oracle_derivatives.c.
 *
 * Tolerances: sums of at most a few hundred terms of size 1 in double, 1e-12; central differences of step
 * 1e-5 err by h^2 f''' / 6 and by 1e-16 / h, 1e-7 where derivatives are of size 1.
 */
#include "t.h"

#include "oracles/mlp.h"
#include "oracles/network.h"

#include <ermine/random.h>

enum { MOST = 4096 };

static const double exact = 1e-12;

/* Normal numbers of a stream of their own. */
static void draw(uint64_t stream, int64_t n, double scale, double *out)
{
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) out[i] = scale * er_random_normal(&r);
}

static void refused(const char *text, int64_t h, int64_t w, int64_t c)
{
    T_OK(network_new(text, h, w, c, 3, "hinge") == NULL, "'%s' on %dx%dx%d is refused", text, (int)h, (int)w,
         (int)c);
}

/* The outputs of `text` at w are those of the list `want`. */
static void check_outputs(const char *text, int64_t h, int64_t w, int64_t c, int64_t B, const double *weights,
                          const double *x, bool training, int64_t n, const double *want)
{
    double f[MOST];
    struct network *net = network_new(text, h, w, c, 2, "mean-squared");
    if (!T_OK(net != NULL, "%s is read", text)) return;
    if (T_OK(B * network_width(net) == n, "%s: %d outputs", text, (int)n)) {
        network_outputs(net, weights, NULL, training, B, x, f);
        for (int64_t i = 0; i < n; i++) T_CLOSE(f[i], want[i], exact, "%s: output %d", text, (int)i);
    }
    network_free(net);
}

static void against_mlp(const char *activation, const char *loss, int64_t K)
{
    enum { B = 5, D = 6 };
    char text[128];
    snprintf(text, sizeof text, "[dense 5, %s, dense 4, %s, dense]", activation, activation);
    const struct mlp m = {.layers = 3, .width = {D, 5, 4, K}, .activation = activation, .loss = loss};
    struct network *n = network_new(text, 1, 2, 3, K, loss);
    double w[MOST], x[B * D], dw[MOST], f[B * 4], f_mlp[B * 4];
    float x_mlp[B * D]; /* what mlp.h takes */
    int32_t label[B];
    const int64_t P = mlp_parameters(&m);
    T_EQ_INT(network_parameters(n), P, "%s: parameters", text);
    draw(1, P, 0.7, w);
    draw(2, B * D, 1, x);
    for (int i = 0; i < B * D; i++) {
        x[i] = rint(256 * x[i]) / 256; /* a float, too */
        x_mlp[i] = (float)x[i];
    }
    for (int i = 0; i < B; i++) label[i] = i % (K == 1 ? 2 : (int)K);
    const double want = mlp_loss(&m, w, B, x_mlp, label, f_mlp);
    T_CLOSE(network_loss(n, w, NULL, true, B, x, label, f), want, exact * (1 + want), "%s, %s: loss", text,
            loss);
    for (int64_t i = 0; i < B * K; i++)
        T_CLOSE(f[i], f_mlp[i], exact, "%s, %s: output %d", text, loss, (int)i);
    network_gradient(n, w, NULL, true, B, x, label, dw, NULL);
    for (int64_t i = 0; i < P; i++)
        T_CLOSE(dw[i], mlp_slope(&m, w, i, 1e-5, B, x_mlp, label), 1e-7, "%s, %s: dw[%d]", text, loss,
                (int)i);
    network_free(n);
}

/* Images of 1..9 and 1..16 in reading order. */
static void conv_by_hand(void)
{
    double x[16];
    for (int i = 0; i < 16; i++) x[i] = i + 1;

    /* valid 2x2 on 3x3: 1 x11 + 10 x12 + 100 x21 + 1000 x22, + 0.5 */
    const double kernel[] = {1, 10, 100, 1000, 0.5};
    check_outputs("conv 1 2x2 padding=valid", 3, 3, 1, 1, kernel, x, false, 4,
                  (const double[]){5421.5, 6532.5, 8754.5, 9865.5});
    /* same: one pixel in all is added, after */
    check_outputs("conv 1 2x2", 3, 3, 1, 1, kernel, x, false, 9,
                  (const double[]){5421.5, 6532.5, 603.5, 8754.5, 9865.5, 906.5, 87.5, 98.5, 9.5});
    check_outputs("conv 1 2 padding=circular", 3, 3, 1, 1, kernel, x, false, 9,
                  (const double[]){5421.5, 6532.5, 4613.5, 8754.5, 9865.5, 7946.5, 2187.5, 3298.5, 1379.5});
    /* dilation 2: the four corners */
    check_outputs("conv 1 2x2 padding=valid dilation=2", 3, 3, 1, 1, kernel, x, false, 1,
                  (const double[]){9731.5});
    /* dilation 2 down, 1 across: rows 1 and 3 */
    check_outputs("conv 1 2x2 padding=valid dilation=2x1", 3, 3, 1, 1, kernel, x, false, 2,
                  (const double[]){8721.5, 9832.5});
    /* 4x4, same, 3x3, stride 2: 2 outputs, total padding (2 - 1) 2 + 3 - 4 = 1, 0 before: rows 0..2, 2..4 */
    const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    check_outputs("conv 1 stride=2 bias=false", 4, 4, 1, 1, ones, x, false, 4,
                  (const double[]){54, 45, 72, 54});
    /* stride 2 down, 1 across */
    check_outputs("conv 1 1x1 stride=2x1 bias=false", 4, 4, 1, 1, ones, x, false, 8,
                  (const double[]){1, 2, 3, 4, 9, 10, 11, 12});
    /* 1 x 3 with a window of 3, same: 1 before */
    const double line[] = {1, 10, 100};
    check_outputs("conv 1 1x3 bias=false", 1, 3, 1, 1, line, x, false, 3, (const double[]){210, 321, 32});
    check_outputs("conv 1 1x3 bias=false padding=circular", 1, 3, 1, 1, line, x, false, 3,
                  (const double[]){213, 321, 132});
    /* ntk: c / sqrt(fan-in) and v */
    check_outputs("conv 1 1x3 padding=valid init=ntk scale=3 bias_scale=0.5", 1, 3, 1, 1,
                  (const double[]){1, 10, 100, 8}, x, false, 1, (const double[]){321 * sqrt(3) + 4});
    /* groups: each output sees one channel of the two */
    check_outputs("conv 2 1x2 padding=valid groups=2 init=ntk bias=false", 1, 2, 2, 1,
                  (const double[]){1, 10, 100, 1000}, x, false, 2,
                  (const double[]){301 / sqrt(2), 4020 / sqrt(2)});
    check_outputs("dense 1 init=ntk scale=4 bias_scale=0.5", 1, 2, 2, 1,
                  (const double[]){1, 10, 100, 1000, 8}, x, false, 1, (const double[]){2 * 4321 + 4});
    check_outputs("dense 1 scale=4 bias=false", 1, 1, 2, 1, line, x, false, 1, (const double[]){21});
}

static void channels_by_hand(void)
{
    const double x[] = {1, 2, 3, 4};
    /* sums of squares 5, 14, 13; with a window of two, of a channel and the one before, 1, 5, 13 */
    check_outputs("lrn 3 alpha=3 beta=1", 1, 1, 3, 1, NULL, x, false, 3,
                  (const double[]){1 / 6.0, 2 / 15.0, 3 / 14.0});
    check_outputs("lrn 2 alpha=1 beta=2 k=0.5", 1, 1, 3, 1, NULL, x, false, 3,
                  (const double[]){1, 2 / 9.0, 3 / 49.0});
    check_outputs("lrn 9 alpha=9 beta=0.5 k=2", 1, 1, 3, 1, NULL, x, false, 3,
                  (const double[]){0.25, 0.5, 0.75});
    check_outputs("concat: [identity, [scale 10], scale 100]", 1, 2, 2, 1, NULL, x, false, 12,
                  (const double[]){1, 2, 10, 20, 100, 200, 3, 4, 30, 40, 300, 400});
}

static void pools_by_hand(void)
{
    const double x[] = {1, 5, 3, 9, 2, 8, 4, 7, 6}, negative[] = {-3, -1, -2};
    check_outputs("max_pool 2", 3, 3, 1, 1, NULL, x, false, 1, (const double[]){9});
    check_outputs("max_pool 2 stride=1", 3, 3, 1, 1, NULL, x, false, 4, (const double[]){9, 8, 9, 8});
    check_outputs("max_pool 2 padding=same", 3, 3, 1, 1, NULL, x, false, 4, (const double[]){9, 8, 7, 6});
    check_outputs("avg_pool 2 stride=1", 3, 3, 1, 1, NULL, x, false, 4,
                  (const double[]){4.25, 4.5, 5.5, 5.75});
    check_outputs("avg_pool 2x2 padding=same", 3, 3, 1, 1, NULL, x, false, 4,
                  (const double[]){4.25, 5.5, 5.5, 6});
    check_outputs("max_pool 1x3 stride=1 padding=same", 1, 3, 1, 1, NULL, negative, false, 3,
                  (const double[]){-1, -1, -1});
    check_outputs("avg_pool 1x3 stride=1 padding=same", 1, 3, 1, 1, NULL, negative, false, 3,
                  (const double[]){-2, -2, -1.5});
    check_outputs("avg_pool 1x2 stride=1x2", 1, 4, 1, 1, NULL, x, false, 2, (const double[]){3, 6});
    /* two pixels of two channels, two examples */
    check_outputs("global_avg_pool", 1, 2, 2, 2, NULL, x, false, 4, (const double[]){2, 7, 3, 7.5});
    check_outputs("flatten, add: [identity, [identity]]", 1, 2, 2, 1, NULL, x, false, 4,
                  (const double[]){2, 10, 6, 18});
}

static void pointwise_by_hand(void)
{
    const double x[] = {-2, -0.5, 0, 1.5};
    const double normal_below[] = {erfc(sqrt(2.0)) / 2, erfc(0.5 / sqrt(2)) / 2, 0.5,
                                   erfc(-1.5 / sqrt(2)) / 2};
    const double root = 0.79788456080286536; /* sqrt(2 / pi) */
    struct {
        const char *text;
        double want[4];
    } row[] = {
        {"identity", {-2, -0.5, 0, 1.5}},
        {"relu", {0, 0, 0, 1.5}},
        {"leaky_relu", {-0.02, -0.005, 0, 1.5}},
        {"leaky_relu 0.3", {-0.6, -0.15, 0, 1.5}},
        {"tanh", {tanh(-2), tanh(-0.5), 0, tanh(1.5)}},
        {"erf", {erf(-2), erf(-0.5), 0, erf(1.5)}},
        {"sin", {sin(-2), sin(-0.5), 0, sin(1.5)}},
        {"sin 3", {sin(-6), sin(-1.5), 0, sin(4.5)}},
        {"monomial", {4, 0.25, 0, 2.25}},
        {"monomial 3", {-8, -0.125, 0, 3.375}},
        {"softplus", {log(1 + exp(-2)), log(1 + exp(-0.5)), log(2), log(1 + exp(1.5))}},
        {"scale -2.5", {5, 1.25, 0, -3.75}},
        {"gelu", {0}},
        {"gelu approximate=tanh", {0}},
    };
    const int n = sizeof row / sizeof *row;
    for (int i = 0; i < 4; i++) {
        row[n - 2].want[i] = x[i] * normal_below[i];
        row[n - 1].want[i] = x[i] / 2 * (1 + tanh(root * (x[i] + 0.044715 * x[i] * x[i] * x[i])));
    }
    for (int i = 0; i < n; i++) check_outputs(row[i].text, 1, 1, 4, 1, NULL, x, false, 4, row[i].want);
    check_outputs("gain 7", 1, 2, 2, 1, (const double[]){3}, x, false, 4, (const double[]){-6, -1.5, 0, 4.5});
    /* far out nothing overflows */
    check_outputs("softplus", 1, 1, 2, 1, NULL, (const double[]){1000, -1000}, false, 2,
                  (const double[]){1000, 0});
}

/* A 1x1 kernel is a dense layer for each pixel. */
static void conv_of_one_pixel(void)
{
    double w[20], x[24], want[32];
    draw(3, 20, 1, w);
    draw(4, 24, 1, x);
    struct network *dense = network_new("dense 5", 1, 1, 3, 0, "hinge");
    network_outputs(dense, w, NULL, false, 6, x, want);
    network_free(dense);
    check_outputs("conv 5 1x1", 3, 2, 3, 1, w, x, false, 30, want);
}

/* Shifting a circular image and then convolving is convolving and then shifting. */
static void circular_shifts(void)
{
    enum { H = 5, W = 4, C = 2, O = 3 };
    double w[200], x[H * W * C], moved[H * W * C], y[H * W * O], y_moved[H * W * O];
    struct network *n = network_new(
        "conv 3 3x2 padding=circular dilation=2, tanh, conv 3 4x3 padding=circular", H, W, C, 0, "hinge");
    draw(5, network_parameters(n), 0.5, w);
    draw(6, H * W * C, 1, x);
    network_outputs(n, w, NULL, false, 1, x, y);
    for (int dh = 0; dh < H; dh++)
        for (int dw = 0; dw < W; dw++) {
            for (int i = 0; i < H * W * C; i++) {
                const int h = (i / C / W + dh) % H, v = (i / C % W + dw) % W;
                moved[(h * W + v) * C + i % C] = x[i];
            }
            network_outputs(n, w, NULL, false, 1, moved, y_moved);
            double worst = 0;
            for (int i = 0; i < H * W * O; i++) {
                const int h = (i / O / W + dh) % H, v = (i / O % W + dw) % W;
                worst = fmax(worst, fabs(y_moved[(h * W + v) * O + i % O] - y[i]));
            }
            T_CLOSE(worst, 0, exact, "a shift by %d, %d", dh, dw);
        }
    network_free(n);
}

/* Groups are blocks on the diagonal of the kernel. */
static void groups_are_blocks(void)
{
    enum { K = 6, C = 4, O = 6, G = 2 }; /* 2x3 taps */
    double grouped[K * C / G * O + O], full[K * C * O + O] = {0}, x[20 * C], want[20 * O];
    draw(7, K * C / G * O + O, 1, grouped);
    draw(8, 20 * C, 1, x);
    for (int t = 0; t < K; t++)
        for (int c = 0; c < C / G; c++)
            for (int o = 0; o < O; o++)
                full[(t * C + o / (O / G) * (C / G) + c) * O + o] = grouped[(t * (C / G) + c) * O + o];
    for (int o = 0; o < O; o++) full[K * C * O + o] = grouped[K * C / G * O + o];
    struct network *n = network_new("conv 6 2x3", 5, 4, C, 0, "hinge");
    network_outputs(n, full, NULL, false, 1, x, want);
    network_free(n);
    check_outputs("conv 6 2x3 groups=2", 5, 4, C, 1, grouped, x, false, 20 * O, want);
}

/* Mean and biased variance of n numbers, step apart. */
static void moments(int n, int step, const double *x, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (int i = 0; i < n; i++) *mean += x[i * step] / n;
    for (int i = 0; i < n; i++) *variance += (x[i * step] - *mean) * (x[i * step] - *mean) / n;
}

static void batch_norm(void)
{
    enum { B = 5, PIXELS = 6, C = 2, N = B * PIXELS };
    double x[N * C], y[N * C], statistics[2 * C] = {1, 2, 3, 4}, mean[2], variance[2], m, v;
    const double w[] = {1.5, -2, 0.25, 3}, epsilon = 0.1;
    draw(9, N * C, 2, x);
    struct network *n = network_new("batch_norm momentum=0.3 epsilon=0.1", 2, 3, C, 0, "hinge");
    T_EQ_INT(network_statistics(n), 2 * C, "statistics");
    network_outputs(n, w, NULL, true, B, x, y);
    for (int c = 0; c < C; c++) {
        moments(N, C, x + c, &mean[c], &variance[c]);
        moments(N, C, y + c, &m, &v);
        T_CLOSE(m, w[C + c], exact, "mean is beta");
        T_CLOSE(v, w[c] * w[c] * variance[c] / (variance[c] + epsilon), exact, "variance of channel %d", c);
        T_CLOSE(y[c], w[c] * (x[c] - mean[c]) / sqrt(variance[c] + epsilon) + w[C + c], exact, "a value");
    }
    network_outputs(n, w, statistics, false, B, x, y);
    T_CLOSE(y[3], -2 * (x[3] - 2) / sqrt(4.1) + 3, exact, "evaluation takes the running ones");
    network_update_statistics(n, w, statistics, B, x);
    for (int c = 0; c < C; c++) {
        T_CLOSE(statistics[c], 0.7 * (1 + c) + 0.3 * mean[c], exact, "running mean");
        T_CLOSE(statistics[C + c], 0.7 * (3 + c) + 0.3 * variance[c] * N / (N - 1.0), exact,
                "running variance is unbiased");
    }
    network_free(n);

    n = network_new("add: [[batch_norm affine=false], [identity, batch_norm affine=false]]", 1, 1, 2, 0,
                    "hinge");
    T_EQ_INT(network_parameters(n), 0, "no gamma, no beta");
    double start[8];
    network_start_statistics(n, start);
    for (int i = 0; i < 8; i++) T_CLOSE(start[i], i / 2 % 2, 0, "statistics start at 0 and 1: %d", i);
    const double both[] = {1, 2, 4, 9, 5, 6, 16, 25}; /* mean and variance of each layer, in their order */
    network_outputs(n, NULL, both, false, 1, (const double[]){3, 8}, y);
    T_CLOSE(y[0], 2 / sqrt(4 + 1e-5) - 2 / sqrt(16 + 1e-5), exact, "each branch has its statistics");
    T_CLOSE(y[1], 6 / sqrt(9 + 1e-5) + 2 / sqrt(25 + 1e-5), exact, "each branch has its statistics");
    network_free(n);
}

static void layer_norm(bool example)
{
    enum { B = 3, PIXELS = 4, C = 5 };
    const int n = example ? PIXELS * C : C;
    double x[B * PIXELS * C], y[B * PIXELS * C], w[2 * PIXELS * C], m, v, mx, vx;
    draw(10, B * PIXELS * C, 3, x);
    draw(11, 2 * n, 1, w);
    struct network *net = network_new(
        example ? "layer_norm over=example epsilon=0.2" : "layer_norm epsilon=0.2", 2, 2, C, 0, "hinge");
    T_EQ_INT(network_parameters(net), 2 * n, "gamma and beta");
    network_outputs(net, w, NULL, false, B, x, y);
    for (int g = 0; g < B * PIXELS * C / n; g++) {
        moments(n, 1, x + g * n, &mx, &vx);
        T_CLOSE(y[g * n + 2], w[2] * (x[g * n + 2] - mx) / sqrt(vx + 0.2) + w[n + 2], exact, "a value");
    }
    network_free(net);
    net = network_new(example ? "layer_norm over=example affine=false" : "layer_norm affine=false", 2, 2, C,
                      0, "hinge");
    T_EQ_INT(network_parameters(net), 0, "no gamma, no beta");
    network_outputs(net, NULL, NULL, true, B, x, y);
    for (int g = 0; g < B * PIXELS * C / n; g++) {
        moments(n, 1, x + g * n, &mx, &vx);
        moments(n, 1, y + g * n, &m, &v);
        T_CLOSE(m, 0, exact, "mean of group %d", g);
        T_CLOSE(v, vx / (vx + 1e-5), exact, "variance of group %d", g);
    }
    network_free(net);
}

static void dropout(void)
{
    const double x[] = {1, 2, 3, 4}, first[] = {1, 0, 0, 1}, second[] = {1, 1, 0, 1};
    const double *const mask[] = {first, second};
    double y[4];
    struct network *n = network_new("add: [dropout 0.5, [scale 10, dropout 0.2]]", 1, 1, 2, 0, "hinge");
    T_EQ_INT(network_dropouts(n), 2, "two layers drop");
    T_EQ_INT(network_dropout_units(n, 1), 2, "units");
    network_set_masks(n, mask);
    network_outputs(n, NULL, NULL, true, 2, x, y);
    for (int i = 0; i < 4; i++)
        T_CLOSE(y[i], x[i] * first[i] / 0.5 + 10 * x[i] * second[i] / 0.8, exact, "training: %d", i);
    network_outputs(n, NULL, NULL, false, 2, x, y);
    for (int i = 0; i < 4; i++) T_CLOSE(y[i], 11 * x[i], exact, "evaluation: %d", i);
    network_set_masks(n, NULL);
    network_outputs(n, NULL, NULL, true, 2, x, y);
    for (int i = 0; i < 4; i++) T_CLOSE(y[i], 11 * x[i], exact, "no masks: %d", i);
    network_free(n);
}

/* Branches in branches: y = g1 x + (g2 (g3 x + x)) + x. The order of parameters is that of the text. */
static void branches(void)
{
    const double x[] = {2, -1}, g[] = {3, 5, 7};
    const double factor = 3 + (7 + 1) * 5 + 1;
    check_outputs("[ add : [gain, [gain, add: [ [gain, identity] ,identity]], identity] , scale 1]", 1, 1, 2,
                  1, g, x, false, 2, (const double[]){2 * factor, -factor});
}

int main(void)
{
    static const char *const losses[] = {"cross-entropy", "mean-squared", "logistic", "hinge"};
    static const char *const activations[] = {"relu", "tanh", "erf", "identity"};
    for (int a = 0; a < 4; a++)
        for (int i = 0; i < 4; i++) {
            against_mlp(activations[a], losses[i], 3);
            if (i > 1) against_mlp(activations[a], losses[i], 1);
        }

    refused("", 1, 1, 4);
    refused("[dense 3", 1, 1, 4);
    refused("dense 3]", 1, 1, 4);
    refused("[dense 3] relu", 1, 1, 4);
    refused("dence 3", 1, 1, 4);
    refused("dense 3 4", 1, 1, 4);
    refused("dense 3 width=3", 1, 1, 4);
    refused("dense 3 breadth=3", 1, 1, 4);
    refused("dense x", 1, 1, 4);
    refused("relu,, dense", 1, 1, 4);
    refused("add: [dense 3, identity]", 1, 1, 4);
    refused("add: identity", 1, 1, 4);
    refused("conv 4 groups=2", 4, 4, 3);
    refused("conv 4 5x5 padding=valid", 4, 8, 3);
    refused("max_pool", 4, 4, 3);

    conv_by_hand();
    channels_by_hand();
    pools_by_hand();
    pointwise_by_hand();
    conv_of_one_pixel();
    circular_shifts();
    groups_are_blocks();
    batch_norm();
    layer_norm(false);
    layer_norm(true);
    dropout();
    branches();
    network_free(NULL);
    return t_done();
}
