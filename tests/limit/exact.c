/* er_limit_kernel() against published kernels of infinitely wide networks (support/limit_rows.h), and against what can be
 * told without a computer. Other shapes and activations: shapes.c.
 *
 * Published numbers have 13 digits; 1e-10 is asked of them. float32: 21 bits of a number of size 1.
 */
#include "t.h"

#include "support/limit_case.h"
#include "support/limit_rows.h"

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
#define FIVE "dense 8, relu, dense 8, relu, dense 8, relu, dense 8, relu, dense 8, relu, "
    const struct limit_case c = {.text = "[" FIVE FIVE FIVE FIVE "dense 1]",
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
    return t_done();
}
