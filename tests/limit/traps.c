/* What implementers of infinite-width kernels get wrong and still find plausible (the numbers are those of the list that
 * this follows; the rest of it is in math/dual*.c, limit/predict.c and limit/empirical.c). Each is held to an identity that
 * the wrong version breaks, most of them by sums that can be done by hand.
 *
 * Sums of a handful of terms: 1e-14.
 */
#include "t.h"

#include "support/limit_case.h"
#include "support/limit_rows.h"

#include <ermine/random.h>
#include <lapacke.h>

static const struct er_shape vector = {1, 1, 3}, image = {3, 3, 2};

static struct limit_case case_of(const char *text, struct er_shape shape, int64_t n, const double *x)
{
    return (struct limit_case){
        .text = text, .shape = shape, .options = limit_case_options(sqrt(2), 0.1), .n = n, .x = x};
}

/* K(x, x) has a path of its own: exact, the same as the diagonal of the matrix, and no pair is above it. */
static void trap_03_a_point_with_itself(void)
{
    static const char *const texts[] = {"[dense 8, relu, dense 8, relu, dense 1]",
                                        "[dense 8, erf, dense 8, gelu, dense 1]"};
    double x[4 * 3];
    memcpy(x, limit_vectors, 3 * sizeof *x);
    memcpy(x + 3, limit_vectors, 3 * sizeof *x);
    for (int i = 0; i < 6; i++) x[6 + i] = limit_vectors[i % 3] * (1 + (i + 1) * 1e-9);
    for (int t = 0; t < 2; t++) {
        const struct limit_case c = case_of(texts[t], vector, 4, x);
        double k[16], theta[16];
        if (!limit_case_kernel(&c, k, theta)) continue;
        T_OK(k[0] == k[5] && theta[0] == theta[5], "%s: equal points have equal diagonals", texts[t]);
        T_CLOSE(k[1], k[0], 1e-14, "%s: K of equal points is their diagonal", texts[t]);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < i; j++)
                T_OK(k[4 * i + j] <= sqrt(k[5 * i] * k[5 * j]) * (1 + 4e-16) &&
                         theta[4 * i + j] <= sqrt(theta[5 * i] * theta[5 * j]) * (1 + 4e-16),
                     "%s: no correlation of nearly equal points is above 1", texts[t]);
    }
    const struct limit_case c = case_of(texts[0], vector, 1, limit_vectors);
    double k, theta;
    if (!limit_case_kernel(&c, &k, &theta)) return;
    T_CLOSE(k, 2 * 1.34 / 3 + 0.03, 2e-15, "ReLU: K(x, x) without an angle");
}

/* The layer is told what it drops: with rate 0.2, what is kept is divided by 0.8; and only of an example with itself. */
static void trap_06_dropout_keeps(void)
{
    struct limit_case c = case_of("[dense 8, relu, dense 1]", vector, 2, limit_vectors);
    double k[4], theta[4], dropped[4], theta_dropped[4];
    if (!limit_case_kernel(&c, k, theta)) return;
    c.text = "[dense 8, relu, dropout 0.2, dense 1]";
    if (!limit_case_kernel(&c, dropped, theta_dropped)) return;
    T_CLOSE(dropped[0] - 0.01, (k[0] - 0.01) / 0.8, 1e-14, "K(x, x) of what is kept");
    T_CLOSE(theta_dropped[0] - 0.01, (theta[0] - 0.01) / 0.8, 1e-14, "Theta(x, x) of what is kept");
    T_OK(dropped[1] == k[1] && theta_dropped[1] == theta[1], "two examples: nothing changes");
    c.x2 = limit_vectors;
    c.m = 2;
    if (!limit_case_kernel(&c, dropped, theta_dropped)) return;
    T_CLOSE(dropped[0], k[0], 1e-14, "an equal point of another set is another example");
    c.x2 = NULL;
    c.evaluation = true;
    if (!limit_case_kernel(&c, dropped, theta_dropped)) return;
    for (int i = 0; i < 4; i++)
        T_OK(dropped[i] == k[i] && theta_dropped[i] == theta[i], "entry %d in evaluation: the identity", i);
}

/* A window over the whole image: a convolution takes the mean over p = p', as flatten does, and an average over all pairs. */
static void trap_07_one_window_or_two(void)
{
    static const char *const same[2][2] = {
        {"[conv 8, relu, conv 8 3x3 padding=valid, relu, dense 1]",
         "[conv 8, relu, flatten, dense 8, relu, dense 1]"},
        {"[conv 8, relu, avg_pool 3, dense 1]", "[conv 8, relu, global_avg_pool, dense 1]"}};
    for (int i = 0; i < 2; i++) {
        struct limit_case c = case_of(same[i][0], image, 2, limit_images);
        double k[4], theta[4], k2[4], theta2[4];
        if (!limit_case_kernel(&c, k, theta)) continue;
        c.text = same[i][1];
        if (!limit_case_kernel(&c, k2, theta2)) continue;
        for (int j = 0; j < 4; j++) {
            T_CLOSE(k2[j], k[j], 1e-14, "%s: K is that of %s", same[i][0], same[i][1]);
            T_CLOSE(theta2[j], theta[j], 1e-14, "%s: Theta is that of %s", same[i][0], same[i][1]);
        }
    }
}

/* K(x, x) of an image that is 0 but at (row, column), without biases and with unit weights: how many windows see it, over
 * outputs and taps. */
static double seen(const char *text, int64_t side, int64_t row, int64_t column)
{
    double x[36] = {0}, k;
    struct limit_case c = case_of(text, (struct er_shape){side, side, 1}, 1, x);
    c.options = limit_case_options(1, 0);
    c.options.ntk = false;
    x[row * side + column] = 1;
    return limit_case_kernel(&c, &k, NULL) ? k : (double)NAN;
}

static void trap_08_same_padding(void)
{
    static const struct {
        const char *text;
        int64_t side, row, column;
        double windows, outputs, taps;
    } row[] = {
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 4, 0, 0, 1, 4, 9}, /* no zeros before, one behind */
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 4, 1, 1, 1, 4, 9},
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 4, 2, 2, 4, 4, 9},
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 4, 3, 3, 1, 4, 9},
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 5, 0, 0, 1, 9, 9}, /* one on either side */
        {"[conv 8 3x3 stride=2, flatten, dense 1]", 5, 1, 1, 4, 9, 9},
        {"[conv 8 2x2, flatten, dense 1]", 4, 0, 0, 1, 16, 4}, /* even: more behind */
        {"[conv 8 2x2, flatten, dense 1]", 4, 3, 3, 4, 16, 4},
        {"[conv 8 4x4, flatten, dense 1]", 4, 0, 0, 4, 16, 16},
        {"[conv 8 4x4, flatten, dense 1]", 4, 3, 3, 9, 16, 16},
    };
    for (int i = 0; i < (int)(sizeof row / sizeof *row); i++)
        T_CLOSE(seen(row[i].text, row[i].side, row[i].row, row[i].column),
                row[i].windows / (row[i].outputs * row[i].taps), 1e-15, "%s: pixel (%d, %d) of %d",
                row[i].text, (int)row[i].row, (int)row[i].column, (int)row[i].side);
}

/* Of a single bright pixel under 1x1 convolutions: flatten has 1/P of its kernel, the average of all pixels 1/P^2. */
static void trap_09_flatten_or_pool(void)
{
    T_CLOSE(seen("[conv 8 1x1, flatten, dense 1]", 3, 1, 2), 1.0 / 9, 1e-15, "a mean over pixels");
    T_CLOSE(seen("[conv 8 1x1, global_avg_pool, dense 1]", 3, 1, 2), 1.0 / 81, 1e-15,
            "a mean over pairs of pixels");
}

/* The bias of shared weights is the same at all pixels: averaging them does not make it smaller. */
static void trap_10_bias_of_all_pairs(void)
{
    static const double x[18] = {0};
    struct limit_case c = case_of("[conv 8, global_avg_pool, dense 1]", image, 1, x);
    double k, theta;
    c.options = limit_case_options(1.5, 0.4);
    if (!limit_case_kernel(&c, &k, &theta)) return;
    T_CLOSE(k, 2.25 * 0.16 + 0.16, 1e-15, "K of a black image");
    T_CLOSE(theta, 2 * 2.25 * 0.16 + 0.16, 1e-15, "Theta of a black image");
}

/* Two linear layers by hand: k0 = x . x / d = 1.34 / 3. */
static void trap_11_own_tangent_kernel(void)
{
    struct limit_case c = case_of("[dense 7, dense 1]", vector, 1, limit_vectors);
    const double k0 = 1.34 / 3, sw = 2.25, sb = 0.16, k1 = sw * k0 + sb;
    double k, theta;
    c.options = limit_case_options(1.5, 0.4);
    if (limit_case_kernel(&c, &k, &theta)) {
        T_CLOSE(k, sw * k1 + sb, 1e-14, "K");
        T_CLOSE(theta, sw * k1 + (sw * k1 + sb), 1e-14,
                "Theta: each layer adds its output's K, the bias in it");
    }
    c.options.parameterisation = ER_PARAMETERISATION_STANDARD;
    if (limit_case_kernel(&c, &k, &theta))
        T_CLOSE(theta, sw * (3 * k0 + 1) + 7 * k1 + 1, 1e-14,
                "standard: inputs times their K, and 1 for the bias");
    c.options.bias_std = 0;
    if (limit_case_kernel(&c, &k, &theta))
        T_CLOSE(theta, sw * (3 * k0 + 1) + 7 * sw * k0 + 1, 1e-14,
                "standard: a bias that starts at 0 is trained");
    c.text = "[dense 7 bias=false, dense 1 bias=false]";
    if (limit_case_kernel(&c, &k, &theta))
        T_CLOSE(theta, sw * 3 * k0 + 7 * sw * k0, 1e-14, "standard: without a bias");
}

static void trap_15_independent_branches(void)
{
    limit_case_refused("[dense 8, add: [identity, identity], relu, dense 1]", vector, ER_E_UNSUPPORTED,
                       "add");
    limit_case_refused("[dense 8, add: [identity, scale 0.5], relu, dense 1]", vector, ER_E_UNSUPPORTED,
                       "add");
    limit_case_refused("[dense 8, add: [identity, relu], dense 1]", vector, ER_E_UNSUPPORTED, "add");
    limit_case_refused("[add: [identity, identity], dense 1]", vector, ER_E_UNSUPPORTED, "add");
    limit_case_refused("[dense 8, add: [identity, [relu, dense 8], identity], relu, dense 1]", vector,
                       ER_E_UNSUPPORTED, "add");
    /* x W + x W' is independent though both come of x. */
    struct limit_case c =
        case_of("[dense 8, relu, add: [dense 8, dense 8], relu, dense 1]", vector, 2, limit_vectors);
    double k[4], theta[4];
    limit_case_kernel(&c, k, theta);
}

static void trap_16_gaussian_inputs(void)
{
    limit_case_refused("[dense 8, relu, relu, dense 1]", vector, ER_E_UNSUPPORTED, "Gaussian");
    limit_case_refused("[relu, dense 1]", vector, ER_E_UNSUPPORTED, "relu");
    limit_case_refused("[dense 8, relu, layer_norm, dense 1]", vector, ER_E_UNSUPPORTED, "layer_norm");
    limit_case_refused("[layer_norm, dense 1]", vector, ER_E_UNSUPPORTED, "layer_norm");
    limit_case_refused("[dense 8, relu, dropout 0.5, relu, dense 1]", vector, ER_E_UNSUPPORTED, "Gaussian");
    limit_case_refused("[dense 8, concat: [identity, [relu, dense 8]], relu, dense 1]", vector,
                       ER_E_UNSUPPORTED, "Gaussian");
    limit_case_refused("[conv 8, relu, avg_pool 2, relu, dense 1]", image, ER_E_UNSUPPORTED, "Gaussian");
    limit_case_refused("[conv 8, relu, global_avg_pool, relu, dense 1]", image, ER_E_UNSUPPORTED, "Gaussian");
    limit_case_refused("[dense 8, relu, add: [identity, dense 8], relu, dense 1]", vector, ER_E_UNSUPPORTED,
                       "Gaussian");
    limit_case_refused("[dropout 0.5, dense 8, relu, dense 1]", vector, ER_E_UNSUPPORTED, "dropout");
    limit_case_refused("[conv 8, max_pool 2, flatten, dense 1]", image, ER_E_UNSUPPORTED, "max_pool");
    limit_case_refused("[dense 8, batch_norm, relu, dense 1]", vector, ER_E_UNSUPPORTED, "batch_norm");
}

/* The NNGP kernel of pooled networks loses its smallest eigenvalues in float32, and the decomposition with them. */
static void trap_21_float32_in_a_decomposition(void)
{
    enum { N = 40, S = 6, D = S * S };
    double *x = er_alloc(N * D, sizeof *x), *k = er_alloc(N * N, sizeof *k);
    float *rounded = er_alloc(N * N, sizeof *rounded);
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 400));
    if (!x || !k || !rounded) abort();
    for (int i = 0; i < N; i++) {
        const double level = er_random_normal(&r);
        for (int j = 0; j < D; j++) x[i * D + j] = level + 0.01 * er_random_normal(&r);
    }
    struct limit_case c =
        case_of("[conv 8, erf, conv 8, erf, global_avg_pool, dense 1]", (struct er_shape){S, S, 1}, N, x);
    c.options.ntk = false;
    if (limit_case_kernel(&c, k, NULL)) {
        for (int i = 0; i < N * N; i++) rounded[i] = (float)k[i];
        T_OK(LAPACKE_spotrf(LAPACK_ROW_MAJOR, 'L', N, rounded, N) > 0,
             "rounded to float32 it is not positive definite");
        T_EQ_INT(LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', N, k, N), 0, "in float64 it is");
    }
    er_free(x);
    er_free(k);
    er_free(rounded);
}

int main(void)
{
    trap_03_a_point_with_itself();
    trap_06_dropout_keeps();
    trap_07_one_window_or_two();
    trap_08_same_padding();
    trap_09_flatten_or_pool();
    trap_10_bias_of_all_pairs();
    trap_11_own_tangent_kernel();
    trap_15_independent_branches();
    trap_16_gaussian_inputs();
    trap_21_float32_in_a_decomposition();
    return t_done();
}
