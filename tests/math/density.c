/* Stochastic Lanczos quadrature against the moments of known spectra. */
#include "support/matrices.h"
#include "t.h"

#include <float.h>

/* The k-th moment of probe p's quadrature. */
static double moment(const double *node, const double *weight, int64_t steps, int64_t p, int k)
{
    double sum = 0;
    for (int64_t i = p * steps; i < (p + 1) * steps; i++) sum += weight[i] * pow(node[i], k);
    return sum;
}

static enum er_status run(const struct er_operator *a, const struct er_density_options *o, double *node,
                          double *weight)
{
    struct er_error err;
    return er_spectral_density(a, o, node, weight, &err);
}

/* A diagonal matrix and signs: (v . e_i)^2 = 1/n for every i, so each probe has every moment exactly. */
static void check_exact(enum er_probe probe)
{
    enum { N = 12, STEPS = 12, PROBES = 2 };
    double d[N], node[PROBES * STEPS], weight[PROBES * STEPS];
    for (int i = 0; i < N; i++) d[i] = i < 3 ? -1.5 + i : i / 4.0;
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_density_options o = er_density_options_default();
    o.probes = PROBES;
    o.steps = STEPS;
    o.probe = probe;
    T_EQ_INT(run(&a, &o, node, weight), ER_OK, "density");
    for (int p = 0; p < PROBES; p++) {
        T_CLOSE(moment(node, weight, STEPS, p, 0), 1, 8 * DBL_EPSILON, "weights of probe %d", p);
        for (int i = 0; i < N; i++) T_OK(weight[p * STEPS + i] >= 0, "weight %d of probe %d", i, p);
        for (int k = 1; probe == ER_PROBE_RADEMACHER && k <= 6; k++) {
            double want = 0, scale = 0;
            for (int i = 0; i < N; i++) want += pow(d[i], k) / N, scale += fabs(pow(d[i], k)) / N;
            /* a relative error u of each of the k products, twice for the roundings of vector and product */
            T_CLOSE(moment(node, weight, STEPS, p, k), want, 4 * k * (double)FLT_EPSILON * scale,
                    "probe %d, moment %d", p, k);
        }
    }
}

/* Any symmetric matrix: the mean over probes meets tr(A^k)/n within its standard error. */
static void check_moments(enum er_probe probe)
{
    enum { N = 150, STEPS = 10, PROBES = 64 };
    static double node[PROBES * STEPS], weight[PROBES * STEPS], again[PROBES * STEPS];
    double *matrix = matrix_random(N, 3);
    struct matrix m = {.n = N, .a = matrix, .spoil = -1};
    const struct er_operator a = matrix_dense(&m);
    struct er_density_options o = er_density_options_default();
    o.probes = PROBES;
    o.steps = STEPS;
    o.probe = probe;
    T_EQ_INT(run(&a, &o, node, weight), ER_OK, "density");
    T_EQ_INT(m.applies, PROBES * STEPS, "a product a step");
    double want[3] = {0};
    for (int i = 0; i < N; i++) {
        want[1] += matrix[i * N + i] / N;
        for (int j = 0; j < N; j++) want[2] += matrix[i * N + j] * matrix[i * N + j] / N;
    }
    for (int k = 1; k <= 2; k++) {
        double mean = 0, square = 0;
        for (int p = 0; p < PROBES; p++) {
            const double x = moment(node, weight, STEPS, p, k);
            mean += x / PROBES;
            square += x * x / PROBES;
        }
        const double error = sqrt((square - mean * mean) / (PROBES - 1));
        T_CLOSE(mean, want[k], 4 * error, "moment %d, standard error %g", k, error);
        T_OK(error < .05, "moment %d: the standard error %g is that of 64 probes", k, error);
    }
    o.probes = 3;
    T_EQ_INT(run(&a, &o, again, weight), ER_OK, "fewer probes");
    T_OK(memcmp(again, node, 3 * STEPS * sizeof *node) == 0,
         "fewer probes are the first of more, to the bit");
    er_free(matrix);
}

static void check_grid(void)
{
    enum { N = 100, STEPS = 20, POINTS = 401 };
    double d[N], node[STEPS], weight[STEPS], x[POINTS], density[POINTS];
    for (int i = 0; i < N; i++) d[i] = i < 75 ? -1 : 2; /* two eigenvalues: ends after two steps */
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_density_options o = er_density_options_default();
    o.probes = 1;
    o.steps = STEPS;
    T_EQ_INT(run(&a, &o, node, weight), ER_OK, "density");
    T_EQ_INT(m.applies, 2, "two steps are enough for two eigenvalues");
    T_CLOSE(node[0], -1, 4 * (double)FLT_EPSILON, "first node");
    T_CLOSE(node[1], 2, 4 * (double)FLT_EPSILON, "second node");
    T_CLOSE(weight[0], .75, 4 * (double)FLT_EPSILON, "first weight");
    T_CLOSE(weight[1], .25, 4 * (double)FLT_EPSILON, "second weight");
    for (int i = 2; i < STEPS; i++) T_OK(node[i] == 0 && weight[i] == 0, "filled up, %d", i);
    const double sigma = .1, step = .01;
    for (int i = 0; i < POINTS; i++) x[i] = -1.5 + step * i;
    struct er_error err;
    T_STATUS(er_density_on_grid(1, STEPS, node, weight, sigma, POINTS, x, density, &err), ER_OK, "grid");
    T_CLOSE(density[50], .75 / (sigma * sqrt(2 * M_PI)), 1e-5, "the height of the first peak");
    double mass = 0;
    for (int i = 0; i < POINTS; i++) mass += step * density[i];
    T_CLOSE(mass, 1, 1e-6, "it integrates to 1, but for tails beyond 5 sigma (6e-7)");
    T_STATUS(er_density_on_grid(1, STEPS, node, weight, 0, POINTS, x, density, &err), ER_E_USAGE, "sigma 0");
    T_STATUS(er_density_on_grid(0, STEPS, node, weight, 1, POINTS, x, density, &err), ER_E_USAGE, "no probe");
}

static void check_errors(void)
{
    struct er_error err;
    double d[5] = {0}, node[20] = {77}, weight[20];
    struct matrix m = {.n = 5, .a = d, .spoil = 1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_density_options o = er_density_options_default();
    o.probes = 2;
    o.steps = 10;
    T_STATUS(er_spectral_density(&a, &o, node, weight, &err), ER_E_NONFINITE, "a NaN in a product");
    T_OK(node[0] == 77, "the outputs are untouched");
    T_STATUS(er_spectral_density(&a, &o, node, weight, &err), ER_OK, "the zero matrix, n below the steps");
    T_OK(node[0] == 0 && weight[0] == 1, "a node 0 of weight 1");
    T_ALLOCATIONS(er_spectral_density(&a, &o, node, weight, &err), (void)0, "allocations");
    struct er_density_options bad[4] = {o, o, o, o};
    bad[0].probes = 0;
    bad[1].steps = 0;
    bad[2].steps = ER_KRYLOV_MAX + 1;
    bad[3].probe = (enum er_probe)5;
    for (int i = 0; i < 4; i++)
        T_STATUS(er_spectral_density(&a, &bad[i], node, weight, &err), ER_E_USAGE, "bad option %d", i);
}

int main(void)
{
    check_exact(ER_PROBE_RADEMACHER);
    check_exact(ER_PROBE_GAUSSIAN);
    check_moments(ER_PROBE_RADEMACHER);
    check_moments(ER_PROBE_GAUSSIAN);
    check_grid();
    check_errors();
    return t_done();
}
