/* The oracle of limits (oracles/limit.h) against published kernels, and its closed forms against its own integrals.
 *
 * The numbers have 13 digits, of which 1e-10 is asked; integrals of smooth functions by 24 nodes a panel err by less
 * than that.
 */
#include "t.h"

#include "oracles/limit.h"
#include "oracles/network_layer.h"
#include "support/limit_case.h"
#include "support/limit_rows.h"

static double asked(double value)
{
    return fabs(value) < 0.1 ? 1e-11 : 1e-10 * fabs(value);
}

static void compare(const char *text, const char *what, const double got[3], const double want[3])
{
    for (int i = 0; i < 3; i++)
        if (!isnan(want[i])) T_CLOSE(got[i], want[i], asked(want[i]), "%s: %s, entry %d", text, what, i);
}

static void test_rows(const struct limit_row *row, int64_t side, int64_t channels, const double *x)
{
    for (; row->text; row++) {
        const struct limit_oracle o = {row->text, side, side, channels, limit_case_options(sqrt(2), 0.1),
                                       false};
        double k[3], theta[3];
        if (!T_OK(limit_oracle_kernels(&o, x, x + side * side * channels, k, theta), "%s", row->text))
            continue;
        compare(row->text, "K", k, row->k);
        compare(row->text, "Theta", theta, row->theta);
    }
}

/* Points 1 and 2, and 2 and 5. */
static void test_triangles(void)
{
    static const int pair[2][2] = {{0, 1}, {1, 4}}, place[2][3] = {{0, 1, 5}, {5, 8, 14}};
    for (const struct limit_triangle *row = limit_triangles; row->text; row++)
        for (int i = 0; i < 2; i++) {
            const struct limit_oracle o = {row->text, 1, 1, 3, limit_case_options(row->weight_std, 0.1),
                                           false};
            double k[3], theta[3], want_k[3], want_theta[3];
            if (!T_OK(limit_oracle_kernels(&o, limit_vectors + 3 * pair[i][0], limit_vectors + 3 * pair[i][1],
                                           k, theta),
                      "%s", row->text))
                continue;
            for (int j = 0; j < 3; j++) {
                want_k[j] = row->k[place[i][j]];
                want_theta[j] = row->theta[place[i][j]];
            }
            compare(row->text, "K", k, want_k);
            compare(row->text, "Theta", theta, want_theta);
        }
}

/* The standard parameterisation has the widths in it: 11, 12, 22. */
static void test_standard(void)
{
    for (const struct limit_triangle *row = limit_triangles; row->text; row++) {
        struct limit_oracle o = {row->text, 1, 1, 3, limit_case_options(row->weight_std, 0.1), false};
        const double want[3] = {row->standard[0], row->standard[1], row->standard[3]};
        double k[3], theta[3];
        if (want[0] == 0) continue;
        o.options.parameterisation = ER_PARAMETERISATION_STANDARD;
        if (T_OK(limit_oracle_kernels(&o, limit_vectors, limit_vectors + 3, k, theta), "%s", row->text))
            compare(row->text, "standard Theta", theta, want);
    }
}

/* After the first convolution, before any activation: pixel 0 of A with all of B; the variances of A. */
static void test_pixels(void)
{
    static const double with_b[9] = {0.06555555555556, 0.1211111111111,  0.03777777777778, 0.1211111111111,
                                     0.1211111111111,  0.03777777777778, 0.3433333333333,  0.01,
                                     -0.04555555555556};
    static const double variance[9] = {0.7322222222222, 0.9822222222222, 0.8155555555556,
                                       1.093333333333,  1.454444444444,  1.065555555556,
                                       0.8711111111111, 1.093333333333,  0.8155555555556};
    const struct limit_oracle o = {"[conv 8]", 3, 3, 2, limit_case_options(sqrt(2), 0.1), false};
    struct limit_covariance c;
    if (!T_OK(limit_oracle_covariance(&o, limit_images, limit_images + 18, &c), "[conv 8]")) return;
    for (int p = 0; p < 9; p++) {
        T_CLOSE(c.k[LIMIT_CROSS][p], with_b[p], asked(with_b[p]), "pixel 0 of A, pixel %d of B", p);
        T_CLOSE(c.k[LIMIT_ONE][p * 9 + p], variance[p], asked(variance[p]), "variance of pixel %d of A", p);
    }
    limit_covariance_clear(&c);
}

static void test_integrals(void)
{
    static const char *const texts[] = {"[relu]", "[leaky_relu 0.3]", "[erf]"};
    static const double point[][3] = {{1.3, 0.7, 0.4}, {1, 1, -0.5}, {2, 0.5, 0.9}, {0.3, 1.7, -0.7}};
    for (int i = 0; i < 3; i++) {
        struct network *n = network_new(texts[i], 1, 1, 1, 1, "mean-squared");
        for (int j = 0; j < 4; j++) {
            double t, slope, t2, slope2;
            limit_dual(n->first, false, point[j][0], point[j][1], point[j][2], &t, &slope);
            limit_dual_integral(n->first, point[j][0], point[j][1], point[j][2], &t2, &slope2);
            T_CLOSE(t2, t, 1e-12, "%s: integral %d", texts[i], j);
            T_CLOSE(slope2, slope, 1e-12, "%s: integral %d of slopes", texts[i], j);
        }
        network_free(n);
    }
}

int main(void)
{
    test_integrals();
    test_pixels();
    test_rows(limit_image_rows, 3, 2, limit_images);
    test_rows(limit_vector_rows, 1, 3, limit_vectors);
    test_triangles();
    test_standard();
    return t_done();
}
