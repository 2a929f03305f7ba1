/* Norm, eigenvalues and density of two small matrices, as section 9 of the reference on measures has them (checks 1, 2 and 29). */
#include "t.h"

#include "math/probe.h"

#include <ermine/random.h>
#include <ermine/recovery.h>
#include <ermine/spectrum.h>

static const double H3[9] = {4, 1, 0, 1, 3, -1, 0, -1, 1}; /* the H of checks 29 and 30 */

/* A symmetric matrix as an operator. */
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
    double value[2];
    T_STATUS(er_singular_values(2, 2, a, value, &err), ER_OK, "check_c01: singular values");
    T_CLOSE(value[1], 0.3659661906, 6e-11, "the second one");
    T_CLOSE(value[0] + value[1], 5.8309518948, 6e-11, "nuclear norm");
}

/* Three steps are all there are: coefficients of the recurrence of the polynomials that are orthonormal under the quadrature. */
static void check_c29_recurrence(const struct er_operator *h)
{
    const double alpha[] = {2.6666666667, 2.5701754386, 2.7631578947},
                 beta[] = {2.0548046677, 0.3190619909, 0};
    struct er_error err;
    double node[3 * 32], weight[3 * 32];
    struct er_density_options density = er_density_options_default();
    density.probes = 32;
    density.steps = 3;
    T_STATUS(er_spectral_density(h, &density, node, weight, &err), ER_OK, "three steps");
    for (int probe = 0; probe < 32; probe++) {
        float v[3];
        const double *t = node + 3 * probe, *w = weight + 3 * probe;
        double p[3] = {1, 1, 1}, last[3] = {0}, left = 0;
        er_probe_fill(ER_PROBE_RADEMACHER, density.seed, density.stream + (uint64_t)probe, 3, v);
        if (v[0] * v[1] <= 0 || v[0] * v[2] <= 0) continue;
        for (int k = 0; k < 3; k++) {
            double mean = 0, square = 0;
            for (int i = 0; i < 3; i++) mean += w[i] * t[i] * p[i] * p[i];
            T_CLOSE(mean, alpha[k], 1e-5, "alpha %d", k + 1); /* float32 over a beta of 0.3 */
            for (int i = 0; i < 3; i++) {
                const double next = (t[i] - mean) * p[i] - left * last[i];
                last[i] = p[i];
                p[i] = next;
                square += w[i] * next * next;
            }
            left = sqrt(square);
            T_CLOSE(left, beta[k], 1e-5, "beta %d", k + 1);
            for (int i = 0; i < 3; i++) p[i] /= left;
        }
    }
}

/* Rayleigh quotients from e_1, which Lanczos' value is above. */
static void check_c29_power(double largest)
{
    const double want[] = {4, 4.4117647059, 4.5899705015, 4.6603328710};
    double v[3] = {1, 0, 0};
    for (int k = 0; k < 4; k++) {
        double u[3] = {0}, quotient = 0, square = 0;
        for (int i = 0; i < 9; i++) u[i / 3] += H3[i] * v[i % 3];
        for (int i = 0; i < 3; i++) {
            quotient += v[i] * u[i];
            square += u[i] * u[i];
        }
        T_CLOSE(quotient, want[k], 1e-10, "power iteration, round %d", k + 1);
        T_OK(largest > quotient, "Lanczos has more");
        for (int i = 0; i < 3; i++) v[i] = u[i] / sqrt(square);
    }
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
        T_CLOSE(weight[2 * p + 1], 0.5117364735, 1e-6, "and that of the upper one");
    }
    T_OK(met > 0, "a start of equal signs");
    check_c29_recurrence(&h);
    check_c29_power(value[0]);

    struct er_trace trace;
    T_STATUS(er_trace(&h, 2000, 0, er_stream(ER_PURPOSE_TEST, 0), &trace, &err), ER_OK, "Hutchinson");
    T_CLOSE(trace.trace, 8, 4 * sqrt(8.0 / 2000), "mean 8, to 4 standard errors");
    /* the variance of a probe is estimated to a tenth by 2000 of them */
    T_CLOSE(trace.trace_error * trace.trace_error * 2000, 8, .8, "variance 8");
}

int main(void)
{
    check_c2_spectral_norm();
    check_c29_lanczos();
    return t_done();
}
