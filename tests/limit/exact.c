/* er_limit_kernel() against published kernels of infinitely wide networks (support/limit_rows.h), against what can be
 * told without a computer, and against the oracle in plain loops on odd shapes (oracles/limit.h).
 *
 * Published numbers have 13 digits; 1e-10 is asked of them. Against the oracle: sums of at most some thousand terms of size
 * 1 in another order, 1e-11; through integrals in the place of closed forms and tables, 1e-10. Between other pixels an
 * angle is sqrt(epsilon) of itself away where it is small; random inputs keep away from that.
 */
#include "t.h"

#include "oracles/limit.h"
#include "support/limit_case.h"
#include "support/limit_rows.h"

#include <ermine/random.h>

static const double pi = 3.14159265358979323846;

static double asked(double value)
{
    return fabs(value) < 0.1 ? 1e-11 : 1e-10 * fabs(value);
}

static void compare(const char *text, const char *what, const double got[4], const double want[3])
{
    static const int place[3] = {0, 1, 3};
    for (int i = 0; i < 3; i++)
        if (!isnan(want[i]))
            T_CLOSE(got[place[i]], want[i], asked(want[i]), "%s: %s, entry %d", text, what, i);
    T_OK(got[1] == got[2], "%s: %s is symmetric to the bit", text, what);
}

static void test_rows(const struct limit_row *row, struct er_shape shape, const double *x)
{
    for (; row->text; row++) {
        const struct limit_case c = {
            .text = row->text, .shape = shape, .options = limit_case_options(sqrt(2), 0.1), .n = 2, .x = x};
        double k[4], theta[4];
        if (!limit_case_kernel(&c, k, theta)) continue;
        compare(row->text, "K", k, row->k);
        compare(row->text, "Theta", theta, row->theta);
    }
}

static void compare_triangle(const char *text, const char *what, int n, const double *got, const double *want)
{
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++, want++) {
            T_CLOSE(got[n * i + j], *want, asked(*want), "%s: %s(x%d, x%d)", text, what, i + 1, j + 1);
            if (got[n * i + j] != got[n * j + i]) T_OK(false, "%s: %s is symmetric to the bit", text, what);
        }
}

static void test_triangles(void)
{
    for (const struct limit_triangle *row = limit_triangles; row->text; row++) {
        struct limit_case c = {.text = row->text,
                               .shape = {1, 1, 3},
                               .options = limit_case_options(row->weight_std, 0.1),
                               .n = 5,
                               .x = limit_vectors};
        double k[25], theta[25];
        if (!limit_case_kernel(&c, k, theta)) continue;
        compare_triangle(row->text, "K", 5, k, row->k);
        compare_triangle(row->text, "Theta", 5, theta, row->theta);
        if (row->standard[0] == 0) continue;
        c.n = 3;
        c.options.parameterisation = ER_PARAMETERISATION_STANDARD;
        if (limit_case_kernel(&c, k, theta))
            compare_triangle(row->text, "standard Theta", 3, theta, row->standard);
    }
}

/* What the text says is what the options say. */
static void test_text(void)
{
    const struct limit_triangle *row = limit_triangles;
    const struct limit_case c = {
        .text =
            "[dense 64 init=ntk scale=1.5 bias_scale=0.1, erf, dense 1 init=ntk scale=1.5 bias_scale=0.1]",
        .shape = {1, 1, 3},
        .options = er_limit_defaults(),
        .n = 5,
        .x = limit_vectors};
    double k[25], theta[25];
    if (!limit_case_kernel(&c, k, theta)) return;
    compare_triangle(c.text, "K", 5, k, row->k);
    compare_triangle(c.text, "Theta", 5, theta, row->theta);
}

/* ReLU, sw^2 = 2, no bias, two orthogonal points of K0 = 1/2. */
static void test_orthogonal(void)
{
    static const double x[4] = {1, 0, 0, 1};
    struct limit_case c = {.text = "[dense 8, relu, dense 1]",
                           .shape = {1, 1, 2},
                           .options = limit_case_options(sqrt(2), 0),
                           .n = 2,
                           .x = x};
    double k[4], theta[4];
    if (limit_case_kernel(&c, k, theta)) {
        T_CLOSE(k[0], 1, 1e-14, "one layer: K(x, x)");
        T_CLOSE(theta[0], 2, 1e-14, "one layer: Theta(x, x)");
        T_CLOSE(k[1], 1 / pi, 1e-14, "one layer: K(x, x')");
        T_CLOSE(theta[1], 1 / pi, 1e-14, "one layer: Theta(x, x')");
    }
    c.text = "[dense 8, relu, dense 8, relu, dense 1]";
    if (limit_case_kernel(&c, k, theta)) {
        T_CLOSE(k[1], 0.4937310902004, 1e-12, "two layers: K(x, x')");
        T_CLOSE(theta[1], 0.6857086362829, 1e-12, "two layers: Theta(x, x')");
        T_CLOSE(theta[0], 3, 1e-14, "two layers: Theta(x, x)");
    }
}

/* ReLU, sw^2 = 2, no bias: K(x, x) = 2 |x|^2 / d at any depth, and Theta(x, x) = (L + 1) K(x, x). */
static void test_depth(void)
{
    static const double square[3] = {1.34, 1.89, 2.09};
    enum { DEPTH = 20 };
    char text[DEPTH * 16 + 32] = "[";
    for (int l = 0; l < DEPTH; l++) strcat(text, "dense 8, relu, ");
    strcat(text, "dense 1]");
    const struct limit_case c = {.text = text,
                                 .shape = {1, 1, 3},
                                 .options = limit_case_options(sqrt(2), 0),
                                 .n = 3,
                                 .x = limit_vectors};
    double k[9], theta[9];
    if (!limit_case_kernel(&c, k, theta)) return;
    for (int i = 0; i < 3; i++) {
        T_CLOSE(k[4 * i], 2 * square[i] / 3, 1e-13, "20 layers: K(x%d, x%d)", i + 1, i + 1);
        T_CLOSE(theta[4 * i], (DEPTH + 1) * 2 * square[i] / 3, 1e-12, "20 layers: Theta(x%d, x%d)", i + 1,
                i + 1);
    }
    T_CLOSE(k[1], 1.005560720776, 1e-10, "20 layers: K(x1, x2)");
    T_CLOSE(theta[1], 6.831313887105, 1e-9, "20 layers: Theta(x1, x2)");
}

/* The kernel of Arora et al. (ICLR 2020) on small tables: x . x' not divided by d, no factor 2 of ReLU, no readout. */
static void test_unnormalised(void)
{
    static const double want[6] = {1.005, 0.2432692734679, 0.2821293223394, 1.4175, 0.2136250693204, 1.5675};
    const struct limit_case c = {
        .text = "[dense 8 init=ntk scale=1.7320508075688772 bias=false, relu, dense 8 init=ntk "
                "bias=false, relu, dense 1 init=ntk bias=false]",
        .shape = {1, 1, 3},
        .options = er_limit_defaults(),
        .n = 3,
        .x = limit_vectors};
    double k[9], theta[9];
    if (limit_case_kernel(&c, k, theta)) compare_triangle("unnormalised", "Theta", 3, theta, want);
}

static void test_float32(void)
{
    for (const struct limit_row *row = limit_image_rows; row->text; row++) {
        struct limit_case c = {.text = row->text,
                               .shape = {3, 3, 2},
                               .options = limit_case_options(sqrt(2), 0.1),
                               .n = 2,
                               .x = limit_images};
        double k[4], theta[4];
        c.options.float32 = true;
        if (!limit_case_kernel(&c, k, theta)) continue;
        for (int i = 0; i < 3; i++) {
            static const int place[3] = {0, 1, 3};
            if (!isnan(row->k[i])) T_CLOSE(k[place[i]], row->k[i], 3e-6, "%s: K in float32", row->text);
            if (!isnan(row->theta[i]))
                T_CLOSE(theta[place[i]], row->theta[i], 3e-6, "%s: Theta in float32", row->text);
        }
    }
}

static void test_oracle(uint64_t stream, const char *text, struct er_shape shape,
                        struct er_limit_options options, double tolerance)
{
    const int64_t d = er_shape_size(shape);
    double x[512], k[4], theta[4], want_k[3], want_theta[3];
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, stream));
    const struct limit_case c = {.text = text, .shape = shape, .options = options, .n = 2, .x = x};
    const struct limit_oracle o = {text, shape.height, shape.width, shape.channels, options, false};
    if (!T_OK(2 * d <= 512, "room for two of %s", text)) return;
    for (int64_t i = 0; i < 2 * d; i++) x[i] = er_random_normal(&r);
    if (!T_OK(limit_oracle_kernels(&o, x, x + d, want_k, want_theta), "the oracle reads %s", text)) return;
    if (!limit_case_kernel(&c, k, theta)) return;
    for (int i = 0; i < 3; i++) {
        static const int place[3] = {0, 1, 3};
        T_CLOSE(k[place[i]], want_k[i], tolerance * (1 + fabs(want_k[i])), "%s: K, entry %d", text, i);
        T_CLOSE(theta[place[i]], want_theta[i], tolerance * (1 + fabs(want_theta[i])), "%s: Theta, entry %d",
                text, i);
    }
}

static void test_shapes(void)
{
    static const char *const images[] = {
        "[conv 4, relu, conv 4, relu, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4 4x2, relu, conv 4 2x4 padding=circular, leaky_relu 0.2, global_avg_pool, dense 1]",
        "[conv 4 3x3 stride=2, relu, conv 4 3x3 stride=2x1, relu, global_avg_pool, dense 1]",
        "[conv 4 2x3 stride=2x3 padding=circular, relu, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4 3x3 dilation=2, relu, conv 4 3x3 dilation=2 padding=circular, relu, global_avg_pool, dense "
        "1]",
        "[conv 4 5x3 padding=valid, relu, conv 4 1x1, relu, conv 4 2x2 padding=valid, relu, global_avg_pool, "
        "dense 1]",
        "[conv 4, relu, avg_pool 2, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 3x2 stride=2x1 padding=same, conv 4 3x3 stride=2, relu, flatten, dense 1]",
        "[conv 4, relu, avg_pool 2 padding=same count_padding=true, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 3 stride=2 padding=circular, conv 4, relu, avg_pool 2, conv 4, relu, "
        "flatten, dense 1]",
        "[avg_pool 2 stride=1, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 2, avg_pool 2 stride=1, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 2 stride=1 padding=same, dense 8, relu, dense 1]",
        "[conv 4, add: [identity, [relu, conv 4, relu, conv 4]], relu, global_avg_pool, dense 1]",
        "[conv 4, relu, add: [[conv 4 3x3 stride=2, relu, conv 4], conv 4 1x1 stride=2], relu, "
        "global_avg_pool, dense 1]",
        "[conv 4, relu, concat: [[conv 2 1x1, relu], [conv 6, relu]], conv 4, relu, global_avg_pool, dense "
        "1]",
        "[conv 4, relu, concat: [[conv 2, relu], [avg_pool 3 stride=1 padding=same, conv 5 1x1, relu]], conv "
        "4, relu, "
        "global_avg_pool, dense 1]",
        "[conv 4, multiply: [[conv 4, relu], [conv 4, erf]], conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, layer_norm, relu, conv 4, layer_norm over=example, relu, global_avg_pool, dense 1]",
        "[conv 4, layer_norm affine=false, relu, flatten, dense 8, layer_norm, relu, dense 1]",
        "[conv 4, relu, dropout 0.3, conv 4, relu, dropout 0.5, global_avg_pool, dense 1]",
        "[conv 4, relu, dropout 0.3, avg_pool 2, conv 4, relu, flatten, dropout 0.5, dense 1]",
        "[conv 4, relu, scale 0.7, conv 4, relu, global_avg_pool, dense 8, relu, dense 1]",
        "[conv 4, relu, flatten, dense 8, relu, dense 8, relu, dense 1]",
        "[conv 4, erf, conv 4 groups=2, erf, global_avg_pool, dense 1]",
        "[conv 4 init=glorot bias_scale=0.3, erf, conv 6 scale=0.8, relu, global_avg_pool, dense 1 "
        "init=standard]",
        "[dense 8, relu, dense 1]",
    };
    const struct er_shape shape = {6, 5, 2};
    for (int i = 0; i < (int)(sizeof images / sizeof *images); i++) {
        struct er_limit_options options = limit_case_options(1.3, 0.2);
        if (strstr(images[i], "init=")) options = er_limit_defaults();
        if (i % 3 == 1) options.parameterisation = ER_PARAMETERISATION_STANDARD;
        test_oracle((uint64_t)i, images[i], shape, options, 1e-11);
    }
    test_oracle(90, "[conv 4 5x5, relu, conv 4 5x5, relu, global_avg_pool, dense 1]",
                (struct er_shape){3, 7, 1}, limit_case_options(sqrt(2), 0.1), 1e-11);
    test_oracle(91, "[conv 4 1x3, relu, avg_pool 1x2, conv 4 1x3, relu, global_avg_pool, dense 1]",
                (struct er_shape){1, 9, 3}, limit_case_options(sqrt(2), 0), 1e-11);
}

/* Every activation: a hidden layer on two points, against integrals over the plane. */
static void test_activations(void)
{
    static const char *const names[] = {"tanh",     "gelu",    "gelu approximate=tanh",
                                        "softplus", "sin 0.7", "monomial 3"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        char text[96];
        snprintf(text, sizeof text, "[dense 8, %s, dense 8, %s, dense 1]", names[i], names[i]);
        test_oracle(100 + (uint64_t)i, text, (struct er_shape){1, 1, 3}, limit_case_options(0.9, 0.2), 1e-10);
    }
    test_oracle(120, "[conv 4, tanh, conv 4, tanh, global_avg_pool, dense 1]", (struct er_shape){2, 2, 2},
                limit_case_options(0.9, 0.2), 1e-10);
}

int main(void)
{
    test_triangles();
    test_text();
    test_orthogonal();
    test_depth();
    test_unnormalised();
    test_rows(limit_vector_rows, (struct er_shape){1, 1, 3}, limit_vectors);
    test_rows(limit_image_rows, (struct er_shape){3, 3, 2}, limit_images);
    test_float32();
    test_shapes();
    test_activations();
    return t_done();
}
