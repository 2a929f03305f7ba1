/* Means over a data set, and products with curvature matrices and Jacobians, against hyper-dual numbers in
 * double (oracles/network.h), for every loss; and the identities that tie them to each other.
 *
 * Tolerance: a chain of a few sums of at most 20 float products of size 1, two derivatives deep: 100
 * roundings of 6e-8, of the largest element.
 */
#include "t.h"

#include "support/small_net.h"

#include <ermine/derivatives.h>

enum { N = 23, D = 5, CHUNK = 8, MOST = 256, MOST_OUTPUTS = N * 4 };

static const double near = 6e-6;

static const char *const texts[] = {
    "[dense 6, tanh, dense 5, erf, dense]",
    "[dense 8, relu, dense]",
    "[dense 6 init=ntk scale=1.5 bias_scale=0.3, erf, dense bias=false]",
    "[dense 6, add: [[tanh, dense 6], identity, [dense 6, relu]], dense]",
    "[dense 6, layer_norm, gelu, gain 1.5, dense]",
};

static double inner(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Row i: the gradient of example i's own loss, in double. */
static void example_gradients(const struct small_net *s, double *g)
{
    for (int64_t i = 0; i < s->n; i++)
        network_gradient(s->oracle, s->w64, NULL, false, 1, s->x64 + i * s->D, s->set.label + i, g + i * s->P,
                         NULL);
}

static void check_gradient(const struct small_net *s, struct er_derivatives *d, const char *name)
{
    struct er_error err;
    float g[MOST], dx[N * D];
    double want[MOST], want_x[N * D], f[MOST_OUTPUTS], loss, again;
    int64_t errors, errors_again;
    const double mean = network_loss(s->oracle, s->w64, NULL, false, N, s->x64, s->set.label, f);
    network_gradient(s->oracle, s->w64, NULL, false, N, s->x64, s->set.label, want, want_x);
    for (int i = 0; i < N * D; i++) want_x[i] *= N; /* of the examples' own losses */
    T_STATUS(er_derivatives_gradient(d, g, &loss, &errors, &err), ER_OK, "%s: gradient", name);
    T_CLOSE(loss, mean, near * (1 + mean), "%s: loss", name);
    T_OK(small_net_error(s->P, g, want) < near, "%s: gradient off by %g", name,
         small_net_error(s->P, g, want));
    T_STATUS(er_derivatives_loss(d, &again, &errors_again, &err), ER_OK, "%s: loss", name);
    T_OK(again == loss && errors == errors_again, "%s: one loss, %g and %g", name, loss, again);
    T_STATUS(er_derivatives_inputs(d, dx, &err), ER_OK, "%s: input gradients", name);
    T_OK(small_net_error(N * D, dx, want_x) < near, "%s: input gradients off by %g", name,
         small_net_error(N * D, dx, want_x));
    int64_t wrong = 0;
    for (int i = 0; i < N; i++) {
        const double *row = f + i * s->O;
        const int32_t y = s->set.label[i];
        bool right = s->O > 1 || (y == 1 ? row[0] > 0 : row[0] < 0);
        for (int64_t k = 0; s->O > 1 && k < s->O; k++) right = right && (k == y || row[y] > row[k]);
        wrong += !right;
    }
    T_EQ_INT(errors, wrong, "%s: errors", name);
}

/* Empirical Fisher and covariance times v from the gradients in full. */
static void outer_products(const struct small_net *s, const double *v, double *fisher, double *covariance)
{
    double *g = er_alloc(N * MOST, sizeof *g), mean[MOST] = {0}, along_mean = 0;
    example_gradients(s, g);
    for (int64_t p = 0; p < s->P; p++) {
        for (int i = 0; i < N; i++) mean[p] += g[i * s->P + p] / N;
        along_mean += mean[p] * v[p];
        fisher[p] = 0;
    }
    for (int i = 0; i < N; i++) {
        double along = 0;
        for (int64_t p = 0; p < s->P; p++) along += g[i * s->P + p] * v[p];
        for (int64_t p = 0; p < s->P; p++) fisher[p] += g[i * s->P + p] * along / N;
    }
    for (int64_t p = 0; p < s->P; p++) covariance[p] = fisher[p] - mean[p] * along_mean;
    er_free(g);
}

static void check_products(const struct small_net *s, struct er_derivatives *d, const char *name, bool hinge)
{
    struct er_error err;
    float v[MOST], u[MOST], got[5][MOST], other[MOST];
    double v64[MOST], want[5][MOST];
    static const char *const matrix[] = {"Hessian", "Gauss-Newton", "Fisher", "empirical Fisher",
                                         "covariance"};
    small_net_draw(3, s->P, v, v64);
    small_net_draw(4, s->P, u, NULL);
    network_hessian_vector(s->oracle, s->w64, NULL, false, N, s->x64, s->set.label, v64, want[0], want[1]);
    memcpy(want[2], want[1], sizeof want[1]);
    outer_products(s, v64, want[3], want[4]);
    for (int m = 0; m < 5; m++) {
        if (hinge && m == ER_CURVATURE_FISHER) {
            T_STATUS(er_derivatives_product(d, m, v, got[m], &err), ER_E_UNSUPPORTED, "%s: Fisher", name);
            T_OK(strstr(err.msg, "hinge"), "%s names the loss", err.msg);
            continue;
        }
        T_STATUS(er_derivatives_product(d, m, v, got[m], &err), ER_OK, "%s: %s", name, matrix[m]);
        const double off = small_net_error(s->P, got[m], want[m]);
        T_OK(off < near, "%s: %s off by %g", name, matrix[m], off);
        T_STATUS(er_derivatives_product(d, m, u, other, &err), ER_OK, "%s: %s", name, matrix[m]);
        const double uv = inner(s->P, u, got[m]), vu = inner(s->P, v, other);
        const double scale = sqrt(inner(s->P, u, u) * inner(s->P, got[m], got[m]));
        T_CLOSE(uv, vu, near * scale, "%s: %s is symmetric", name, matrix[m]);
        if (m != ER_CURVATURE_HESSIAN)
            T_OK(inner(s->P, v, got[m]) >= 0, "%s: %s, v'Av = %g", name, matrix[m], inner(s->P, v, got[m]));
        const struct er_operator a = er_derivatives_operator(d, m);
        T_OK(a.n == s->P && a.apply(a.ctx, v, other, &err) == ER_OK &&
                 memcmp(other, got[m], (size_t)s->P * sizeof *other) == 0,
             "%s: %s as an operator", name, matrix[m]);
    }
    if (!hinge)
        T_OK(memcmp(got[ER_CURVATURE_FISHER], got[ER_CURVATURE_GAUSS_NEWTON], (size_t)s->P * sizeof(float)) ==
                 0,
             "%s: Fisher is Gauss-Newton", name);
}

static void check_jacobian(const struct small_net *s, struct er_derivatives *d, const char *name)
{
    struct er_error err;
    float v[MOST], u[MOST_OUTPUTS], f[MOST_OUTPUTS], tf[MOST_OUTPUTS], dw[MOST];
    double v64[MOST], want_f[MOST_OUTPUTS], want_tf[MOST_OUTPUTS];
    const int64_t n = N * s->O;
    small_net_draw(5, s->P, v, v64);
    small_net_draw(6, n, u, NULL);
    const struct network_direction along = {.w = v64}, none = {0};
    network_directional(s->oracle, s->w64, along, none, NULL, false, N, s->x64, NULL,
                        (struct network_tangents){.f = want_f, .u = want_tf});
    T_STATUS(er_derivatives_jvp(d, v, f, tf, &err), ER_OK, "%s: J v", name);
    T_OK(small_net_error(n, f, want_f) < near, "%s: outputs", name);
    T_OK(small_net_error(n, tf, want_tf) < near, "%s: J v off by %g", name, small_net_error(n, tf, want_tf));
    T_STATUS(er_derivatives_vjp(d, u, dw, &err), ER_OK, "%s: J'u", name);
    const double scale = sqrt(inner(n, u, u) * inner(n, tf, tf));
    T_CLOSE(inner(n, u, tf), inner(s->P, dw, v), 1e-6 * scale, "%s: u'(J v) = (J'u)'v", name);
    const struct er_linear_map map = er_derivatives_jacobian(d);
    float by_map[MOST_OUTPUTS], back[MOST];
    T_OK(map.rows == n && map.columns == s->P && map.apply(map.ctx, v, by_map, &err) == ER_OK &&
             map.apply_transposed(map.ctx, u, back, &err) == ER_OK &&
             memcmp(by_map, tf, (size_t)n * sizeof *tf) == 0 &&
             memcmp(back, dw, (size_t)s->P * sizeof *dw) == 0,
         "%s: the Jacobian as a map", name);
}

static void check_examples(const struct small_net *s, struct er_derivatives *d, const char *name)
{
    struct er_error err;
    float *g = er_alloc(N * MOST, sizeof *g), *part = er_alloc(N * MOST, sizeof *part), mean[MOST];
    double *want = er_alloc(N * MOST, sizeof *want), loss[N], square[N], sum[MOST] = {0}, mean_loss;
    example_gradients(s, want);
    T_STATUS(er_derivatives_examples(d, 0, N, g, loss, &err), ER_OK, "%s: examples", name);
    const double off = small_net_error(N * s->P, g, want);
    T_OK(off < near, "%s: gradients of examples off by %g", name, off);
    T_STATUS(er_derivatives_gradient(d, mean, &mean_loss, NULL, &err), ER_OK, "%s: gradient", name);
    double total = 0, mean_square = 0, variance = 0;
    for (int i = 0; i < N; i++) {
        total += loss[i] / N;
        for (int64_t p = 0; p < s->P; p++) sum[p] += (double)g[i * s->P + p] / N;
    }
    T_CLOSE(total, mean_loss, 1e-6 * (1 + mean_loss), "%s: losses of examples", name);
    T_OK(small_net_error(s->P, mean, sum) < near, "%s: they sum to the gradient", name);
    for (int64_t first = 0; first < N; first += 5) {
        const int64_t count = first + 7 < N ? 7 : N - first;
        T_STATUS(er_derivatives_examples(d, first, count, part, NULL, &err), ER_OK, "%s: a range", name);
        T_OK(memcmp(part, g + first * s->P, (size_t)(count * s->P) * sizeof *g) == 0,
             "%s: a range from %d is part of the whole, to the bit", name, (int)first);
    }
    struct er_gradient_moments m;
    T_STATUS(er_derivatives_moments(d, &m, square, &err), ER_OK, "%s: moments", name);
    for (int i = 0; i < N; i++) {
        double own = 0;
        for (int64_t p = 0; p < s->P; p++) {
            const double gp = (double)g[i * s->P + p];
            own += gp * gp;
            variance += (gp - sum[p]) * (gp - sum[p]) / N;
        }
        mean_square += own / N;
        T_CLOSE(square[i], own, 1e-13 * own, "%s: norm of example %d", name, i);
    }
    T_CLOSE(m.square, mean_square, 1e-13 * mean_square, "%s: mean square", name);
    T_CLOSE(m.variance, variance, 1e-12 * mean_square, "%s: the trace of the covariance", name);
    er_free(g);
    er_free(part);
    er_free(want);
}

int main(void)
{
    static const char *const losses[] = {"cross-entropy", "mean-squared", "logistic", "hinge"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (int l = 0; l < 4; l++) {
            struct small_net s;
            struct er_derivatives *d = NULL;
            struct er_error err;
            char name[160];
            snprintf(name, sizeof name, "%s, %s", texts[t], losses[l]);
            const int64_t classes = l == 2 ? 2 : 4;
            const struct er_derivatives_options options = {.chunk = CHUNK, .example_rows = 3};
            if (small_net_open(&s, texts[t], losses[l], N, D, classes) && T_OK(s.P <= MOST, "%s", name)) {
                T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, &options, &d, &err), ER_OK, "%s",
                         name);
                check_gradient(&s, d, name);
                check_products(&s, d, name, l == 3);
                check_jacobian(&s, d, name);
                check_examples(&s, d, name);
            }
            er_derivatives_free(d);
            small_net_close(&s);
        }
    return t_done();
}
