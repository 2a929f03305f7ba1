/* Curvature measures against matrices that are written out: quadratic losses, whose Hessian is known; a Hessian made of
 * second derivatives in double by the oracle of nets; and what must, or must not, leave them as they are. */
#include "t.h"

#include "oracles/network.h"
#include "oracles/svd.h"
#include "support/measured_net.h"

#include <ermine/random.h>
#include <ermine/spectrum.h>

/* The largest eigenvalue of a symmetric matrix: singular values of A + c I are its eigenvalues + c, where c is no less
 * than the Frobenius norm. */
static double largest(int n, const double *a)
{
    double shifted[32 * 32], s[32], square = 0;
    for (int i = 0; i < n * n; i++) square += a[i] * a[i];
    memcpy(shifted, a, (size_t)(n * n) * sizeof *a);
    for (int i = 0; i < n; i++) shifted[i * n + i] += sqrt(square);
    svd_values(n, n, shifted, s);
    return s[0] - sqrt(square);
}

/* A diagonal matrix as an operator. */
static enum er_status apply_diagonal(void *ctx, const float *v, float *out, struct er_error *err)
{
    const float *d = ctx;
    (void)err;
    for (int i = 0; d[i] != 0; i++) out[i] = d[i] * v[i];
    return ER_OK;
}

/* Self-test 15 of the reference: the largest eigenvalue of diag(5, 3, -1); and of diag(-7, 5), where plain power
 * iteration would come to -7. */
static void test_signs(void)
{
    float mixed[] = {5, 3, -1, 0}, negative[] = {-7, 5, 0};
    struct er_error err = {0};
    struct er_lanczos_options options = er_lanczos_options_default();
    double value;
    const struct er_operator a = {3, mixed, apply_diagonal}, b = {2, negative, apply_diagonal};
    T_STATUS(er_lanczos(&a, &options, &value, NULL, NULL, NULL, &err), ER_OK, "diag(5, 3, -1)");
    T_CLOSE(value, 5, 1e-5, "diag(5, 3, -1)");
    T_STATUS(er_lanczos(&b, &options, &value, NULL, NULL, NULL, &err), ER_OK, "diag(-7, 5)");
    T_CLOSE(value, 5, 1e-5, "the largest, not the largest in size");
    options.end = ER_SPECTRUM_MAGNITUDE;
    T_STATUS(er_lanczos(&b, &options, &value, NULL, NULL, NULL, &err), ER_OK, "diag(-7, 5)");
    T_CLOSE(value, -7, 1e-5, "which is what power iteration finds");
}

/* A linear map with half the squared distance: H is X'X / m for each of the outputs, whatever the weights are. */
static void test_linear(void)
{
    enum { D = 4, K = 2, M = 300 };
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, D}, K, M)) {
        double h[D * D] = {0}, trace = 0;
        for (int i = 0; i < M; i++)
            for (int j = 0; j < D; j++)
                for (int k = 0; k < D; k++)
                    h[j * D + k] += (double)net.train.x[i * D + j] * (double)net.train.x[i * D + k] / M;
        for (int j = 0; j < D; j++) trace += K * h[j * D + j];
        const double top = largest(D, h);
        for (int away = 0; away < 2; away++) {
            T_CLOSE(measured_net_value(&net.is, "lambda_max", 1), top, 1e-5 * top, "largest of X'X / m");
            /* off-diagonal elements make the estimate vary: 4 standard errors */
            T_CLOSE(measured_net_value(&net.is, "trace", 1), trace, 4 * sqrt(2.0 * D * D * top * top / 64),
                    "its trace");
            for (int64_t i = 0; i < net.P; i++) net.w[i] += (float)(3 + i);
        }
    }
    measured_net_close(&net);
}

/* A matrix as an operator. */
struct matrix {
    int64_t n;
    const double *a;
};

static enum er_status apply_matrix(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct matrix *m = ctx;
    (void)err;
    for (int64_t i = 0; i < m->n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < m->n; j++) sum += m->a[i * m->n + j] * (double)v[j];
        out[i] = (float)sum;
    }
    return ER_OK;
}

/* H of a net with smooth units, column by column in double. Its diagonal is not all of it, so the estimate of the trace
 * has the variance that is said: 2 (|H|^2 - sum_i h_ii^2) a probe. */
static void test_dense_hessian(const char *loss, const char *text, int K)
{
    enum { D = 4, M = 40, MOST = 32 };
    const struct er_shape shape = {1, 1, D};
    struct measured_net net;
    struct network *oracle = network_new(text, 1, 1, D, K, loss);
    if (oracle && measured_net_open(&net, text, loss, shape, K, M)) {
        static double h[MOST * MOST];
        double w[MOST], x[M * D], statistics[MOST], unit[MOST], trace = 0, off = 0;
        const int P = (int)net.P;
        for (int i = 0; i < P; i++) w[i] = (double)net.w[i];
        for (int i = 0; i < (int)net.S; i++) statistics[i] = (double)net.statistics[i];
        for (int i = 0; i < M * D; i++) x[i] = (double)net.train.x[i];
        for (int i = 0; i < P; i++) {
            memset(unit, 0, sizeof unit);
            unit[i] = 1;
            network_hessian_vector(oracle, w, statistics, false, M, x, net.train.label, unit, h + i * P,
                                   NULL);
        }
        for (int i = 0; i < P * P; i++) {
            if (i % (P + 1) == 0)
                trace += h[i];
            else
                off += h[i] * h[i];
        }
        const double top = largest(P, h);
        T_CLOSE(measured_net_value(&net.is, "lambda_max", 2), top, 1e-4 * top, "%s, %s: lambda_max", text,
                loss);
        T_CLOSE(measured_net_value(&net.is, "trace", 2), trace, 4 * sqrt(2 * off / 64),
                "%s, %s: trace, to 4 standard errors", text, loss);
        struct matrix matrix = {P, h};
        const struct er_operator same = {.n = P, .ctx = &matrix, .apply = apply_matrix};
        struct er_trace made;
        struct er_error err;
        T_STATUS(er_trace(&same, 64, 0, er_stream(ER_PURPOSE_PROBES, 0), &made, &err), ER_OK, "64 probes");
        T_CLOSE(measured_net_value(&net.is, "trace", 2), made.trace, 1e-4 * made.trace,
                "of just these 64 vectors, in float32");
        T_OK(4 * sqrt(2 * off / 64) < trace, "which is a fair test: %g, %g", trace, off);
        measured_net_close(&net);
    }
    network_free(oracle);
}

/* Moving a scale through a relu leaves the function, and its test error, and not the curvature. */
static void test_scale_moves(void)
{
    enum { D = 4, H = 5, K = 3 };
    static const char *const name[] = {"lambda_max", "trace", "box_sharpness"};
    struct measured_net net;
    if (measured_net_open(&net, "[dense 5 bias=false, relu, dense bias=false]", "cross-entropy",
                          (struct er_shape){1, 1, D}, K, 200)) {
        double before[3], after[3], permuted[3];
        float w[D * H + H * K];
        memcpy(w, net.w, sizeof w);
        for (int i = 0; i < 3; i++) before[i] = measured_net_value(&net.is, name[i], 1);
        for (int i = 0; i < D * H; i++) net.w[i] = w[i / H * H + (i + 1) % H]; /* units in another order */
        for (int i = 0; i < H * K; i++) net.w[D * H + i] = w[D * H + (i / K + 1) % H * K + i % K];
        for (int i = 0; i < 3; i++) permuted[i] = measured_net_value(&net.is, name[i], 1);
        memcpy(net.w, w, sizeof w);
        for (int i = 0; i < D * H; i++) net.w[i] *= 8;
        for (int i = D * H; i < D * H + H * K; i++) net.w[i] /= 8;
        for (int i = 0; i < 3; i++) after[i] = measured_net_value(&net.is, name[i], 1);
        /* a residual of 1e-3 is squared in the value; float32 losses are good to 1e-7, their rise to a hundredfold */
        T_CLOSE(permuted[0], before[0], 1e-4 * before[0], "lambda_max: the order of units is nothing");
        T_CLOSE(permuted[2], before[2], 1e-4 * before[2], "box_sharpness: nor here");
        for (int i = 0; i < 3; i++)
            T_OK(after[i] > 2 * before[i], "%s: a scale moved: %g, before %g", name[i], after[i], before[i]);
    }
    measured_net_close(&net);
}

/* Of a linear map with inputs that are one coordinate each, L is a sum of parabolas a (w_k - b_k)^2 / 2: the largest
 * loss in the box is at its corners on the far side of each b_k. */
static void test_box(void)
{
    enum { D = 4, M = 12 };
    const double eps = 5e-4;
    struct measured_net net;
    struct er_error err = {0};
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, D}, 2, M)) {
        double start = 0, most = 0;
        memset(net.train.x, 0, M * D * sizeof(float));
        for (int i = 0; i < M; i++) net.train.x[i * D + i % D] = (float)(1 + i);
        for (int i = 0; i < M; i++)
            for (int o = 0; o < 2; o++) {
                const double x = 1 + i, w = (double)net.w[i % D * 2 + o], y = net.train.label[i] == o;
                start += (x * w - y) * (x * w - y) / (2 * M);
            }
        for (int k = 0; k < D; k++)
            for (int o = 0; o < 2; o++) {
                const double w = (double)net.w[k * 2 + o], c = eps * (fabs(w) + 1);
                double loss[2] = {0, 0};
                for (int i = k; i < M; i += D)
                    for (int side = 0; side < 2; side++) {
                        const double f = (1 + i) * (side ? w + c : w - c) - (net.train.label[i] == o);
                        loss[side] += f * f / (2 * M);
                    }
                most += fmax(loss[0], loss[1]);
            }
        const double want = 100 * (most - start) / (1 + start);
        /* a loss of float32 products has 1e-6 of itself, and the difference is a hundredth of it */
        T_CLOSE(measured_net_value(&net.is, "box_sharpness", 1), want, 1e-3 * want, "the far corners");
        T_OK(want > 0.1, "which is something: %g", want);

        struct er_measured_run *run = NULL; /* weights elsewhere for a while are back at the end */
        double lambda, again, box;
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "context");
        T_STATUS(er_measure_compute(er_measure_find("lambda_max"), run, &lambda, &err), ER_OK, "lambda_max");
        T_STATUS(er_measure_compute(er_measure_find("box_sharpness"), run, &box, &err), ER_OK, "box");
        T_STATUS(er_measure_compute(er_measure_find("lambda_max"), run, &again, &err), ER_OK, "lambda_max");
        T_OK(lambda == again, "lambda_max after the box: %.17g, %.17g", lambda, again);
        er_measured_run_free(run);
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[scale 0, dense bias=false]", "mean-squared", (struct er_shape){1, 1, D}, 2,
                          M))
        T_OK(measured_net_value(&net.is, "box_sharpness", 1) == 0, "no gradient, no rise");
    measured_net_close(&net);
}

/* The rise of v' H v / 2, H of check 29, from v = (1, 1, 1) by c, where the slope is (5, 3, 0). */
static double rise(double c1, double c2, double c3)
{
    return 5 * c1 + 3 * c2 + (4 * c1 * c1 + 3 * c2 * c2 + c3 * c3) / 2 + c1 * c2 - c2 * c3;
}

/* Two outputs with that loss: examples are rows of the root of 3 H; one is to be 0 and has weights v, one is to be 1. */
static void check_c30_box(void)
{
    const double e = 1e-3, eps = 5e-4, s = sqrt(2.75),
                 root[3][3] = {{2, .5, 0}, {0, s, -1 / s}, {0, 0, sqrt(1 - 1 / 2.75)}};
    struct measured_net net;
    T_CLOSE(100 * rise(2 * e, 2 * e, -2 * e) / 5, 0.3204800000, 1e-10, "c30: the box of e = 1e-3");
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, 3}, 2, 3)) {
        double w[3], c[3];
        for (int i = 2; i >= 0; i--) {
            w[i] = 1 / sqrt(3);
            for (int j = i + 1; j < 3; j++) w[i] -= root[i][j] * w[j];
            w[i] /= root[i][i];
        }
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) net.train.x[3 * i + j] = (float)(sqrt(3) * root[i][j]);
            net.train.label[i] = 0;
            net.w[2 * i] = (float)(1 + w[i]);
            net.w[2 * i + 1] = 1;
            c[i] = eps * (fabs(1 + w[i]) + 1);
        }
        /* up, up and down is the largest, which steps may miss: the third weight has no slope to begin with. Losses of 8 in
         * float32, a rise of 0.017 */
        const double want = 100 * (rise(2 * eps, 2 * eps, -2 * eps) + rise(c[0], c[1], -c[2])) / 9,
                     missed = 100 * (rise(2 * eps, 2 * eps, 2 * eps) + rise(c[0], c[1], c[2])) / 9,
                     value = measured_net_value(&net.is, "box_sharpness", 1);
        T_OK(value >= missed * (1 - 5e-5) && value <= want * (1 + 5e-5), "c30: of 5e-4: %.9g <= %.9g <= %.9g",
             missed, value, want);
    }
    measured_net_close(&net);
}

int main(void)
{
    test_signs();
    test_linear();
    test_dense_hessian("cross-entropy", "[dense 3, tanh, dense]", 3);
    test_dense_hessian("mean-squared", "[dense 2, batch_norm, softplus, dense]", 3);
    test_scale_moves();
    test_box();
    check_c30_box();
    return t_done();
}
