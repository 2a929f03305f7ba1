/* Curvature and ascent: the reference's quadratics, tiny networks whose second derivatives can be written down, and Hessian
 * and Gauss-Newton matrix made column by column in double by the oracle of nets. */
#include "t.h"

#include "math/probe.h"
#include "measures/climb.h"
#include "oracles/network.h"
#include "oracles/svd.h"
#include "support/measured_net.h"

#include <ermine/derivatives.h>
#include <ermine/random.h>

static const double H3[9] = {4, 1, 0, 1, 3, -1, 0, -1, 1}; /* the H of checks 29 and 30 */

/* A symmetric matrix as an operator, and as the hill w' H w / 2. */
struct matrix {
    int n;
    const double *a;
};

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct matrix *m = ctx;
    (void)err;
    for (int i = 0; i < m->n; i++) {
        double sum = 0;
        for (int j = 0; j < m->n; j++) sum += m->a[i * m->n + j] * (double)v[j];
        out[i] = (float)sum;
    }
    return ER_OK;
}

static enum er_status quadratic(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    const struct matrix *m = ctx;
    *loss = 0;
    for (int i = 0; i < m->n; i++)
        for (int j = 0; j < m->n; j++) *loss += m->a[i * m->n + j] * (double)w[i] * (double)w[j] / 2;
    return apply(ctx, w, g, err);
}

/* Eigenvalues by singular values of A + c I: all of them, falling. */
static void eigenvalues(int n, const double *a, double *out)
{
    double shifted[40 * 40], square = 0;
    for (int i = 0; i < n * n; i++) square += a[i] * a[i];
    memcpy(shifted, a, (size_t)(n * n) * sizeof *a);
    for (int i = 0; i < n; i++) shifted[i * n + i] += sqrt(square);
    svd_values(n, n, shifted, out);
    for (int i = 0; i < n; i++) out[i] -= sqrt(square);
}

/* The norm of a general matrix, by its linear map. */
static enum er_status map(void *ctx, const float *v, float *out, struct er_error *err)
{
    return apply(ctx, v, out, err);
}

static enum er_status map_transposed(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct matrix *m = ctx;
    (void)err;
    for (int i = 0; i < m->n; i++) out[i] = 0;
    for (int i = 0; i < m->n * m->n; i++) out[i % m->n] += (float)(m->a[i] * (double)v[i / m->n]);
    return ER_OK;
}

static void check_c2_spectral_norm(void)
{
    const double a[] = {1, 2, 3, 4};
    struct matrix m = {2, a};
    struct er_error err;
    double norm, v[2] = {1, 0};
    const double want[] = {5.4405882035, 5.4649852103, 5.4649857042};
    for (int k = 0; k < 3; k++) { /* u = A v / |A v|, v = A' u, sigma = |A' u| */
        const double u[] = {a[0] * v[0] + a[1] * v[1], a[2] * v[0] + a[3] * v[1]}, l = hypot(u[0], u[1]);
        v[0] = (a[0] * u[0] + a[2] * u[1]) / l;
        v[1] = (a[1] * u[0] + a[3] * u[1]) / l;
        const double sigma = hypot(v[0], v[1]);
        T_CLOSE(sigma, want[k], 1e-10, "power iteration, round %d", k + 1);
        v[0] /= sigma;
        v[1] /= sigma;
    }
    T_STATUS(er_operator_norm(&(struct er_linear_map){2, 2, &m, map, map_transposed}, 1e-6, 100, 0,
                              er_stream(ER_PURPOSE_TEST, 0), &norm, NULL, &err),
             ER_OK, "norm");
    T_CLOSE(norm, want[2], 1e-6, "Lanczos comes to the same"); /* float32 products */
}

static void check_c29_lanczos(void)
{
    struct matrix m = {3, H3};
    const struct er_operator h = {3, &m, apply};
    struct er_error err;
    struct er_lanczos_options lanczos = er_lanczos_options_default();
    double value[3], node[64], weight[64];
    lanczos.k = 3;
    T_STATUS(er_lanczos(&h, &lanczos, value, NULL, NULL, NULL, &err), ER_OK, "eigenvalues");
    T_CLOSE(value[0], 4.6996281483, 1e-6, "largest");
    T_CLOSE(value[1], 2.7608767217, 1e-6, "second");
    T_CLOSE(value[2], 0.5394951300, 1e-6, "smallest");

    struct er_density_options density = er_density_options_default();
    density.probes = 32;
    density.steps = 2;
    T_STATUS(er_spectral_density(&h, &density, node, weight, &err), ER_OK, "two steps");
    int met = 0;
    for (int p = 0; p < 32; p++) { /* a start of equal signs is (1, 1, 1) / sqrt(3) */
        float v[3];
        er_probe_fill(ER_PROBE_RADEMACHER, density.seed, density.stream + (uint64_t)p, 3, v);
        if (v[0] * v[1] <= 0 || v[0] * v[2] <= 0) continue;
        met++;
        T_CLOSE(node[2 * p], 0.5630500736, 1e-6, "the lower Ritz value");
        T_CLOSE(node[2 * p + 1], 4.6737920317, 1e-6, "the upper one");
        T_CLOSE(weight[2 * p], 0.4882635265, 1e-6, "its weight");
    }
    T_OK(met > 0, "a start of equal signs");

    struct er_trace trace;
    T_STATUS(er_trace(&h, 2000, 0, er_stream(ER_PURPOSE_TEST, 0), &trace, &err), ER_OK, "Hutchinson");
    T_CLOSE(trace.trace, 8, 4 * sqrt(8.0 / 2000), "mean 8, to 4 standard errors");
    /* the variance of a probe is estimated to a tenth by 2000 of them */
    T_CLOSE(trace.trace_error * trace.trace_error * 2000, 8, .8, "variance 8");
}

static struct er_climbed climb(const struct er_hill *hill, bool adaptive, int steps, const float *w)
{
    const struct er_climb how = {
        .rho = 0.1, .adaptive = adaptive, .steps = steps, .stream = er_stream(ER_PURPOSE_TEST, 1)};
    float room[6];
    struct er_error err = {0};
    struct er_climbed out = {0};
    T_STATUS(er_climb(hill, &how, w, room, &out, &err), ER_OK, "climb");
    return out;
}

static void check_c30_sam(void)
{
    struct matrix m = {3, H3};
    const struct er_hill hill = {3, &m, quadratic};
    const float ones[] = {1, 1, 1}, zero[] = {0, 0, 0}, w[] = {1, 2, .5f};
    struct er_climbed c = climb(&hill, false, 20, ones);
    /* points are rounded to float32: 1e-7 times a gradient of 6 */
    T_CLOSE(c.first - c.start, 0.6061834248, 1e-6, "one step");
    T_CLOSE(c.most - c.start, 0.6062049055, 1e-6, "the maximum, which is above that");
    T_CLOSE(climb(&hill, false, 1, ones).most, c.first, 0, "one step is the first of twenty");
    c = climb(&hill, false, 30, zero);
    T_OK(c.stationary && !climb(&hill, false, 1, ones).stationary, "where the gradient is 0");
    T_CLOSE(c.most, 0.0234981407, 1e-8, "there it is rho^2 lambda_max / 2, from a random direction");
    c = climb(&hill, true, 1, w);
    T_CLOSE(c.first - c.start, 1.4946424051, 2e-6, "adaptive, one step");
    T_OK(climb(&hill, true, 20, w).most >= c.first, "more steps find no less");

    struct er_error err;
    float room[6];
    const struct er_climb how = {.rho = .1, .adaptive = true, .steps = 2};
    T_STATUS(er_climb(&hill, &how, zero, room, &c, &err), ER_E_UNSUPPORTED, "a ball that is a point");
    const float far[] = {INFINITY, 0, 0};
    T_STATUS(er_climb(&hill, &how, far, room, &c, &err), ER_E_NONFINITE, "weights that are infinite");
}

/* (w - a)^2 / 2; both: the mean of a = 1 and a = -1 */
static enum er_status parabola(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    const double a = *(const double *)ctx, v = (double)w[0];
    (void)err;
    *loss = a == 0 ? (v * v + 1) / 2 : (v - a) * (v - a) / 2;
    *g = (float)(v - a);
    return ER_OK;
}

static void check_c31_m_sharpness(void)
{
    const float w = 0;
    double sum = 0, centre[] = {1, -1, 0};
    for (int b = 0; b < 2; b++) {
        const struct er_climbed c = climb(&(struct er_hill){1, &centre[b], parabola}, false, 3, &w);
        sum += (c.most - c.start) / 2;
    }
    T_CLOSE(sum, 0.105, 1e-8, "batches of one");
    const struct er_climbed c = climb(&(struct er_hill){1, &centre[2], parabola}, false, 3, &w);
    T_CLOSE(c.most - c.start, 0.005, 1e-8, "both in one");
}

/* L = (w1 w2 - 1)^2 / 2 as a network: the class's output; the other one, of weight w3 = 0, adds (w1 w3)^2 / 2, and with that
 * an eigenvalue w1^2 of its own. */
static void check_c32_rescaled(void)
{
    struct measured_net net;
    struct er_error err;
    if (measured_net_open(&net, "[dense 1 bias=false, dense bias=false]", "mean-squared",
                          (struct er_shape){1, 1, 1}, 2, 1)) {
        const float at[2][3] = {{2, 1, 0}, {20, .1f, 0}}, v[] = {1, -1, 0};
        net.train.x[0] = 1;
        net.train.label[0] = 0;
        memcpy(net.w, at[0], sizeof at[0]);
        T_CLOSE(measured_net_value(&net.is, "lambda_max", 1), 5.8541019662, 1e-5, "lambda_max");
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_lambda_max", 1), 5, 1e-5, "of Gauss-Newton");
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_trace", 1), 5 + 4, 1e-6, "its trace");
        /* 5.854, 4 and -0.854: three steps of Lanczos are exact. v0 and v1 of a start go by the angle of the
         * eigenvectors of (1 3; 3 4), of tangent 4.854 / 3, to the first and the last */
        const double tangent = 4.8541019662 / 3, cosine = 1 / sqrt(1 + tangent * tangent);
        double negative = 0, size = 0;
        for (int p = 0; p < 4; p++) {
            float start[3];
            er_probe_fill(ER_PROBE_RADEMACHER, 0, er_stream(ER_PURPOSE_PROBES, (uint64_t)p), 3, start);
            const double along = cosine * ((double)start[0] + tangent * (double)start[1]),
                         across = cosine * ((double)start[1] - tangent * (double)start[0]);
            negative += 0.8541019662 * across * across;
            size += 5.8541019662 * along * along + 4;
        }
        T_CLOSE(measured_net_value(&net.is, "hessian_negative_mass", 1), negative / (size + negative), 1e-5,
                "its negative part");
        T_CLOSE(measured_net_value(&net.is, "hessian_tail_mass", 1), 1 - negative / 0.8541019662 / 12, 1e-5,
                "its tail, two of three in the mean");

        const struct er_network network = {.w = net.w};
        struct er_derivatives *d = NULL;
        float hv[3], g[2][3];
        T_STATUS(er_derivatives_new(net.net, &network, &net.train, NULL, NULL, &d, &err), ER_OK, "new");
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_HESSIAN, v, hv, &err), ER_OK, "check_c47: H v");
        T_CLOSE(hv[0], -2, 1e-6, "exact");
        T_CLOSE(hv[1], -1, 1e-6, "exact");
        const double e =
            0x1p-7; /* weights that float32 holds; a difference of gradients of the third degree */
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < 3; i++) net.w[i] = at[0][i] + (side ? -1 : 1) * (float)e * v[i];
            T_STATUS(er_derivatives_gradient(d, g[side], NULL, NULL, &err), ER_OK, "gradient");
        }
        T_CLOSE(((double)g[0][0] - (double)g[1][0]) / (2 * e), -2 + e * e, 1e-4,
                "check_c47: by differences, -2 + e^2");
        T_CLOSE(((double)g[0][1] - (double)g[1][1]) / (2 * e), -1 - e * e, 1e-4, "and -1 - e^2");
        er_derivatives_free(d);

        memcpy(net.w, at[1], sizeof at[1]);
        T_CLOSE(measured_net_value(&net.is, "trace", 1), 400.01 + 400, 5, "the same function, rescaled");
        T_CLOSE(measured_net_value(&net.is, "lambda_max", 1), 400.0224992969, .4,
                "lambda_max, to the residual: the eigenvalue of 400 is near");
    }
    measured_net_close(&net);
}

static void check_c50_logistic(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "logistic", (struct er_shape){1, 1, 1}, 2, 2)) {
        net.train.x[0] = 1;
        net.train.x[1] = 2;
        net.w[0] = .5f;
        static const char *const name[] = {"lambda_max", "trace", "gauss_newton_lambda_max",
                                           "gauss_newton_trace"};
        for (int i = 0; i < 4; i++)
            T_CLOSE(measured_net_value(&net.is, name[i], 1), 0.5107257226, 1e-6, "%s", name[i]);
    }
    measured_net_close(&net);
}

/* Column i of Hessian and Gauss-Newton matrix is what they make of the i-th unit vector. */
static void test_dense_matrices(const char *loss, const char *text, int K)
{
    enum { D = 4, M = 40, MOST = 40 };
    struct measured_net net;
    struct network *oracle = network_new(text, 1, 1, D, K, loss);
    if (oracle && measured_net_open(&net, text, loss, (struct er_shape){1, 1, D}, K, M)) {
        static double h[MOST * MOST], g[MOST * MOST];
        double w[MOST], x[M * D], statistics[MOST], unit[MOST], value[MOST], trace = 0, size = 0,
                                                                             negative = 0;
        const int P = (int)net.P;
        int tail = 0;
        for (int i = 0; i < P; i++) w[i] = (double)net.w[i];
        for (int i = 0; i < (int)net.S; i++) statistics[i] = (double)net.statistics[i];
        for (int i = 0; i < M * D; i++) x[i] = (double)net.train.x[i];
        for (int i = 0; i < P; i++) {
            memset(unit, 0, sizeof unit);
            unit[i] = 1;
            network_hessian_vector(oracle, w, statistics, false, M, x, net.train.label, unit, h + i * P,
                                   g + i * P);
            trace += g[i * P + i];
        }
        eigenvalues(P, g, value);
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_lambda_max", 2), value[0], 1e-4 * value[0],
                "%s, %s: Gauss-Newton", text, loss);
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_trace", 2), trace, 1e-5 * trace, "its trace");
        eigenvalues(P, h, value);
        for (int i = 0; i < P; i++) {
            size += fabs(value[i]);
            negative -= value[i] < 0 ? value[i] : 0;
            tail += value[i] > .1;
        }
        /* four starts of signs: the mean of P squared normals in four is good to sqrt(2 / (4 r)) for r eigenvalues */
        const double share = negative / size, part = (double)tail / P;
        T_CLOSE(measured_net_value(&net.is, "hessian_tail_mass", 2), part, 4 * part * sqrt(.5 / tail),
                "%s, %s: %d of %d above 0.1", text, loss, tail, P);
        T_CLOSE(measured_net_value(&net.is, "hessian_negative_mass", 2), share, 4 * sqrt(.5 / P),
                "%s, %s: negative", text, loss);
        measured_net_close(&net);
    }
    network_free(oracle);
}

/* What sharpness is to be: rising with the ball's radius to first order, larger in batches than in all, the same of one batch. */
static void test_sharpness(void)
{
    struct measured_net net;
    struct er_error err;
    if (measured_net_open(&net, "[dense 5, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          100)) {
        const double whole = measured_net_value(&net.is, "sam_sharpness", 1);
        T_CLOSE(measured_net_value(&net.is, "m_sharpness", 1), whole, 1e-4 * whole,
                "100 examples are one batch");
        T_OK(measured_net_value(&net.is, "sam_sharpness_one_step", 1) <= whole, "a step finds no more");
        struct er_derivatives *d = NULL;
        const struct er_network network = {.w = net.w};
        float *g = er_alloc(net.P, sizeof *g);
        double norm = 0, curve = 0;
        T_STATUS(er_derivatives_new(net.net, &network, &net.train, NULL, NULL, &d, &err), ER_OK, "new");
        T_STATUS(er_derivatives_gradient(d, g, NULL, NULL, &err), ER_OK, "gradient");
        for (int64_t i = 0; i < net.P; i++) norm += (double)g[i] * (double)g[i];
        curve = measured_net_value(&net.is, "lambda_max", 1);
        T_OK(whole <= .05 * sqrt(norm) + .0025 * curve && whole >= .05 * sqrt(norm) - .0025 * curve,
             "rho |g| and what curvature adds: %g, %g", whole, .05 * sqrt(norm));
        er_derivatives_free(d);
        er_free(g);
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 5, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          600)) {
        const double whole = measured_net_value(&net.is, "sam_sharpness", 1),
                     batches = measured_net_value(&net.is, "m_sharpness", 1);
        T_OK(batches > whole, "five batches: %g, %g", batches, whole);
        T_OK(batches < 2 * whole, "which are much alike: %g, %g", batches, whole);
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, 2}, 2, 2)) {
        struct er_measured_run *run = NULL;
        double value = -7;
        memset(net.train.x, 0, 4 * sizeof(float));
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "run");
        T_STATUS(er_measure_compute(er_measure_find("sam_sharpness_one_step"), run, &value, &err),
                 ER_E_UNSUPPORTED, "a gradient of 0 has no direction");
        T_STATUS(er_measure_compute(er_measure_find("hessian_tail_mass"), run, &value, &err),
                 ER_E_UNSUPPORTED, "a Hessian of 0 has no spectrum");
        T_OK(value == -7, "nothing is written");
        er_measured_run_free(run);
    }
    measured_net_close(&net);
}

int main(void)
{
    check_c2_spectral_norm();
    check_c29_lanczos();
    check_c30_sam();
    check_c31_m_sharpness();
    check_c32_rescaled();
    check_c50_logistic();
    test_dense_matrices("cross-entropy", "[dense 3, tanh, dense]", 3);
    test_dense_matrices("mean-squared", "[dense 2, batch_norm, softplus, dense]", 3);
    test_dense_matrices("logistic", "[dense 3, tanh, dense]", 3);
    test_sharpness();
    return t_done();
}
