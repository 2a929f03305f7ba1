/* Spectra of a network's curvature in two calls, against LAPACK on the matrix in full from hyper-dual
 * numbers; and the spectral norm of its Jacobian. */
#include "t.h"

#include "support/small_net.h"

#include <ermine/derivatives.h>
#include <lapacke.h>

enum { N = 40, D = 4, K = 3, P_MOST = 96 };

/* Products carry float32 rounding of a few layers, 1e-6 of the largest eigenvalue. */
static const double near = 5e-6;

/* The Hessian and the Gauss-Newton matrix, P x P, in double. */
static void explicit_matrices(const struct small_net *s, double *h, double *g)
{
    double e[P_MOST] = {0};
    for (int64_t i = 0; i < s->P; i++) {
        e[i] = 1;
        network_hessian_vector(s->oracle, s->w64, NULL, false, N, s->x64, s->set.label, e, h + i * s->P,
                               g + i * s->P);
        e[i] = 0;
    }
}

static void moments_of(int64_t n, const double *v, double *mean, double *error)
{
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) sum += v[i];
    *mean = sum / (double)n;
    for (int64_t i = 0; i < n; i++) squares += (v[i] - *mean) * (v[i] - *mean);
    *error = sqrt(squares / (double)(n * (n - 1)));
}

/* The density's first and second moments, estimated by every probe without bias, with steps enough that the
 * quadrature is exact for them. */
static void check_density(const struct er_operator *a, double trace, double square, const char *name)
{
    enum { PROBES = 200, STEPS = 8 };
    struct er_error err;
    struct er_density_options o = er_density_options_default();
    o.probes = PROBES;
    o.steps = STEPS;
    double node[PROBES * STEPS], weight[PROBES * STEPS], first[PROBES] = {0}, second[PROBES] = {0};
    T_STATUS(er_spectral_density(a, &o, node, weight, &err), ER_OK, "%s: density", name);
    for (int i = 0; i < PROBES * STEPS; i++) {
        first[i / STEPS] += weight[i] * node[i];
        second[i / STEPS] += weight[i] * node[i] * node[i];
    }
    double mean, error;
    moments_of(PROBES, first, &mean, &error);
    T_CLOSE(mean, trace / (double)a->n, 4 * error, "%s: first moment of the density", name);
    moments_of(PROBES, second, &mean, &error);
    T_CLOSE(mean, square / (double)a->n, 4 * error, "%s: second moment of the density", name);
}

static void check_matrix(struct er_derivatives *d, enum er_curvature which, int64_t P, double *matrix,
                         const char *name)
{
    struct er_error err;
    double lambda[P_MOST], trace = 0, square = 0, value[3], largest = 0;
    for (int64_t i = 0; i < P; i++) trace += matrix[i * P + i];
    for (int64_t i = 0; i < P * P; i++) square += matrix[i] * matrix[i];
    T_EQ_INT(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (lapack_int)P, matrix, (lapack_int)P, lambda), 0,
             "dsyev");
    for (int64_t i = 0; i < P; i++) largest = fmax(largest, fabs(lambda[i]));

    const struct er_operator a = er_derivatives_operator(d, which);
    struct er_lanczos_options o = er_lanczos_options_default();
    struct er_lanczos_report report;
    o.k = 3;
    T_STATUS(er_lanczos(&a, &o, value, NULL, NULL, &report, &err), ER_OK, "%s: Lanczos", name);
    T_EQ_INT(report.converged, 3, "%s: converged", name);
    for (int i = 0; i < 3; i++)
        T_CLOSE(value[i], lambda[P - 1 - i], near * largest, "%s: eigenvalue %d from above", name, i);
    o.end = ER_SPECTRUM_SMALLEST;
    o.k = 1;
    T_STATUS(er_lanczos(&a, &o, value, NULL, NULL, &report, &err), ER_OK, "%s: Lanczos", name);
    T_CLOSE(value[0], lambda[0], near * largest, "%s: the lowest eigenvalue", name);

    struct er_trace t;
    T_STATUS(er_trace(&a, 400, 0, er_stream(ER_PURPOSE_PROBES, 0), &t, &err), ER_OK, "%s: trace", name);
    T_CLOSE(t.trace, trace, 4 * t.trace_error, "%s: the trace, with standard error %g", name, t.trace_error);
    T_OK(t.trace_error < 0.2 * fabs(trace) + 0.1 * largest, "%s: which is not large", name);
    T_CLOSE(t.square, square, 4 * t.square_error, "%s: the trace of the square", name);
    double split, error;
    T_STATUS(er_trace_split(&a, 60, 0, er_stream(ER_PURPOSE_PROBES, 0), &split, &error, &err), ER_OK,
             "%s: split", name);
    T_CLOSE(split, trace, 4 * error + 1e-5 * largest * (double)P,
            "%s: the trace in two parts, with standard error %g", name, error);
    check_density(&a, trace, square, name);
}

/* The trace of the covariance: the sum of its diagonal by unit vectors, and by the norms of examples. */
static void check_variance(struct er_derivatives *d, int64_t P)
{
    struct er_error err;
    struct er_gradient_moments m;
    float e[P_MOST] = {0}, column[P_MOST];
    double trace = 0;
    const struct er_operator c = er_derivatives_operator(d, ER_CURVATURE_COVARIANCE);
    T_STATUS(er_derivatives_moments(d, &m, NULL, &err), ER_OK, "moments");
    for (int64_t i = 0; i < P; i++) {
        e[i] = 1;
        T_STATUS(c.apply(c.ctx, e, column, &err), ER_OK, "column %d", (int)i);
        trace += (double)column[i];
        e[i] = 0;
    }
    T_CLOSE(trace, m.variance, near * m.square, "the trace of the covariance, twice");
}

static void check_jacobian_norm(const struct small_net *s, struct er_derivatives *d)
{
    struct er_error err;
    const struct er_linear_map map = er_derivatives_jacobian(d);
    double *j = er_alloc(map.rows * map.columns, sizeof *j), e[P_MOST] = {0}, column[N * K], sigma[P_MOST],
           super[P_MOST], norm, error;
    for (int64_t i = 0; i < s->P; i++) {
        e[i] = 1;
        network_directional(s->oracle, s->w64, (struct network_direction){.w = e},
                            (struct network_direction){0}, NULL, false, N, s->x64, NULL,
                            (struct network_tangents){.u = column});
        e[i] = 0;
        for (int64_t r = 0; r < map.rows; r++) j[r * map.columns + i] = column[r];
    }
    T_EQ_INT(LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'N', 'N', (lapack_int)map.rows, (lapack_int)map.columns, j,
                            (lapack_int)map.columns, sigma, NULL, 1, NULL, 1, super),
             0, "dgesvd");
    T_STATUS(er_operator_norm(&map, 1e-6, 200, 0, er_stream(ER_PURPOSE_PROBES, 0), &norm, &error, &err),
             ER_OK, "norm of the Jacobian");
    T_CLOSE(norm, sigma[0], near * sigma[0], "norm of the Jacobian");
    er_free(j);
}

int main(void)
{
    static const char *const losses[] = {"cross-entropy", "mean-squared"};
    for (int l = 0; l < 2; l++) {
        struct small_net s;
        struct er_derivatives *d = NULL;
        struct er_error err;
        const struct er_derivatives_options options = {.chunk = 16};
        double *h = er_alloc(P_MOST * P_MOST, sizeof *h), *g = er_alloc(P_MOST * P_MOST, sizeof *g);
        if (h && g && small_net_open(&s, "[dense 5, tanh, dense 5, erf, dense]", losses[l], N, D, K) &&
            T_OK(s.P <= P_MOST, "%d parameters", (int)s.P)) {
            T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, &options, &d, &err), ER_OK, "new");
            explicit_matrices(&s, h, g);
            check_matrix(d, ER_CURVATURE_HESSIAN, s.P, h, "Hessian");
            check_matrix(d, ER_CURVATURE_GAUSS_NEWTON, s.P, g, "Gauss-Newton");
            check_variance(d, s.P);
            check_jacobian_norm(&s, d);
        }
        er_derivatives_free(d);
        small_net_close(&s);
        er_free(h);
        er_free(g);
    }
    return t_done();
}
