/* Curvature: tiny networks whose second derivatives can be written down (checks 32, 47 and 50 of the reference on measures), and
 * Hessian and Gauss-Newton matrix made column by column in double by the oracle of nets. */
#include "t.h"

#include "math/probe.h"
#include "oracles/network.h"
#include "oracles/svd.h"
#include "support/measured_net.h"

#include <ermine/derivatives.h>
#include <ermine/random.h>

enum { MOST = 20 }; /* steps of Lanczos that hessian_density.c takes */

/* Eigenvalues by singular values of A + c I: all of them, falling. */
static void eigenvalues(int n, const double *a, double *out)
{
    double shifted[MOST * MOST], square = 0;
    for (int i = 0; i < n * n; i++) square += a[i] * a[i];
    memcpy(shifted, a, (size_t)(n * n) * sizeof *a);
    for (int i = 0; i < n; i++) shifted[i * n + i] += sqrt(square);
    svd_values(n, n, shifted, out);
    for (int i = 0; i < n; i++) out[i] -= sqrt(square);
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
            0x1p-4; /* weights that float32 holds; a difference of gradients of the third degree */
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < 3; i++) net.w[i] = at[0][i] + (side ? -1 : 1) * (float)e * v[i];
            T_STATUS(er_derivatives_gradient(d, g[side], NULL, NULL, &err), ER_OK, "gradient");
        }
        T_CLOSE(((double)g[0][0] - (double)g[1][0]) / (2 * e), -2 + e * e, 1e-5,
                "check_c47: by differences, -2 + e^2");
        T_CLOSE(((double)g[0][1] - (double)g[1][1]) / (2 * e), -1 - e * e, 1e-5, "and -1 - e^2");
        er_derivatives_free(d);

        memcpy(net.w, at[1], sizeof at[1]);
        /* signs see 2 (2 w1 w2 - 1) z1 z2 beside the trace: 6 in size, of which 64 of them leave an eighth */
        T_CLOSE(measured_net_value(&net.is, "trace", 1), 400.01 + 400, 4 * 6. / 8,
                "the same function, rescaled");
        net.w[1] = .025f; /* f = 1/2: the Hessian is diagonal, and each sign sees the trace */
        T_CLOSE(measured_net_value(&net.is, "trace", 1), 400 + .025 * .025 + 400, 1e-4, "a diagonal");
        net.w[1] = at[1][1];
        const double largest = measured_net_value(&net.is, "lambda_max", 1);
        T_OK(largest > 400 - 1e-3 && largest < 400.0224992969 + 1e-3,
             "lambda_max is not told from the eigenvalue of 400: %.9g", largest);
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

/* Masses as four starts of random signs see them: with as many steps as weights Lanczos' quadrature is exact. The turned columns
 * of A + c I are its eigenvectors. */
static void masses(int P, const double *h, double *negative_mass, double *tail_mass)
{
    double column[MOST * MOST], value[MOST], square = 0, size = 0, negative = 0, tail = 0;
    for (int i = 0; i < P * P; i++) square += h[i] * h[i];
    memcpy(column, h, (size_t)(P * P) * sizeof *h);
    for (int i = 0; i < P; i++) column[i * P + i] += sqrt(square);
    svd_values(P, P, column, value);
    for (int j = 0; j < P; j++) {
        double length = 0;
        for (int i = 0; i < P; i++) length += column[i * P + j] * column[i * P + j];
        const double lambda = sqrt(length) - sqrt(square);
        for (uint64_t p = 0; p < 4; p++) {
            float start[MOST];
            double along = 0;
            er_probe_fill(ER_PROBE_RADEMACHER, 0, er_stream(ER_PURPOSE_PROBES, p), P, start);
            for (int i = 0; i < P; i++) along += (double)start[i] * column[i * P + j];
            const double weight = along * along / length / (4 * P);
            size += weight * fabs(lambda);
            negative -= lambda < 0 ? weight * lambda : 0;
            tail += lambda > .1 ? weight : 0;
        }
    }
    *negative_mass = negative / size;
    *tail_mass = tail;
}

/* Column i of Hessian and Gauss-Newton matrix is what they make of the i-th unit vector. */
static void test_dense_matrices(const char *loss, const char *text, int K)
{
    enum { D = 4, M = 40 };
    struct measured_net net = {0};
    struct network *oracle = network_new(text, 1, 1, D, K, loss);
    if (oracle && measured_net_open(&net, text, loss, (struct er_shape){1, 1, D}, K, M) &&
        T_OK(net.P <= MOST, "as many steps as weights, or more: %d", (int)net.P)) {
        double h[MOST * MOST], g[MOST * MOST], w[MOST], x[M * D], statistics[MOST], unit[MOST], value[MOST];
        double trace = 0, negative, tail;
        const int P = (int)net.P;
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
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_lambda_max", 2), value[0], 2e-6 * value[0],
                "%s, %s: Gauss-Newton", text, loss);
        T_CLOSE(measured_net_value(&net.is, "gauss_newton_trace", 2), trace, 2e-6 * trace, "its trace");
        masses(P, h, &negative, &tail);
        T_CLOSE(measured_net_value(&net.is, "hessian_tail_mass", 2), tail, 1e-4, "%s, %s: above 0.1", text,
                loss);
        T_CLOSE(measured_net_value(&net.is, "hessian_negative_mass", 2), negative, 1e-4, "%s, %s: negative",
                text, loss);
        T_OK(negative > .01 && tail > .05 && tail < .95, "which are something: %g, %g", negative, tail);
    }
    measured_net_close(&net);
    network_free(oracle);
}

int main(void)
{
    check_c32_rescaled();
    check_c50_logistic();
    test_dense_matrices("cross-entropy", "[dense 2, tanh, dense]", 3);
    test_dense_matrices("mean-squared", "[dense 2 bias=false, batch_norm, softplus, dense bias=false]", 3);
    test_dense_matrices("logistic", "[dense 2, tanh, dense]", 3);
    return t_done();
}
