/* Support vector machines: two points by hand, conditions of optimality, the gap between primal and dual. */
#include "math/support_vectors.h"

#include "support/needed.h"
#include "t.h"

#include <ermine/random.h>

enum { N = 80, D = 3, STEPS = 100000 };

/* Points -1 and 3 on a line: the margin's hyperplane is at 1, w = 1/2, a = 1/8 each; with C below it, a = C. */
static void check_two_points(void)
{
    const double k[] = {1, -3, -3, 9}, y[] = {-1, 1};
    struct er_error err;
    struct er_support_vectors m;
    T_STATUS(er_support_vectors_fit(2, k, y, 10, 1e-12, STEPS, NULL, &m, &err), ER_OK, "two points");
    T_CLOSE(m.weight[0], -0.125, 1e-15, "a = 2 / |x - z|^2");
    T_CLOSE(m.weight[1], 0.125, 1e-15, "on both sides");
    T_CLOSE(m.bias, -0.5, 1e-15, "f(1) = 0");
    T_OK(m.converged, "converged");
    er_support_vectors_clear(&m);
    T_STATUS(er_support_vectors_fit(2, k, y, 0.01, 1e-12, STEPS, NULL, &m, &err), ER_OK, "a soft margin");
    T_OK(m.weight[0] == -0.01 && m.weight[1] == 0.01, "at the bound");
    er_support_vectors_clear(&m);
}

static void make(double *k, double *y)
{
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    double x[N * D];
    for (int i = 0; i < N * D; i++) x[i] = er_random_normal(&r);
    for (int i = 0; i < N; i++) y[i] = x[i * D] + er_random_normal(&r) > 0 ? 1 : -1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double square = 0;
            for (int d = 0; d < D; d++) square += pow(x[i * D + d] - x[j * D + d], 2);
            k[i * N + j] = exp(-0.3 * square);
        }
}

/* The primal 1/2 |w|^2 + C sum of hinge losses is at least the dual, and equal at the optimum. */
static void check_gap(double C)
{
    const double tolerance = 1e-6;
    struct er_error err;
    struct er_support_vectors m;
    double *k = needed(N * N, sizeof *k), y[N], sum = 0, norm = 0, hinge = 0, ones = 0;
    bool within = true;
    make(k, y);
    T_STATUS(er_support_vectors_fit(N, k, y, C, tolerance, STEPS, NULL, &m, &err), ER_OK, "C = %g", C);
    T_OK(m.converged && m.steps > 0, "converges in %d steps", (int)m.steps);
    for (int i = 0; i < N; i++) {
        double f = 0;
        for (int j = 0; j < N; j++) f += m.weight[j] * k[i * N + j];
        sum += m.weight[i];
        norm += m.weight[i] * f;
        ones += y[i] * m.weight[i];
        hinge += fmax(0, 1 - y[i] * (f + m.bias));
        within = within && y[i] * m.weight[i] >= 0 && y[i] * m.weight[i] <= C;
    }
    T_OK(within, "0 <= a <= C");
    T_CLOSE(sum, 0, 1e-12 * C * N, "the sum of y a is 0");
    T_CLOSE((norm / 2 + C * hinge) - (ones - norm / 2), 0, tolerance * C * N, "primal less dual, C = %g", C);
    er_support_vectors_clear(&m);
    er_free(k);
}

static void check_ends(void)
{
    struct er_error err;
    struct er_support_vectors m;
    double *k = needed(N * N, sizeof *k), y[N];
    atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    make(k, y);
    T_STATUS(er_support_vectors_fit(N, k, y, 100, 1e-9, 5, NULL, &m, &err), ER_OK, "few steps");
    T_OK(!m.converged && m.steps == 5, "are said to be too few");
    er_support_vectors_clear(&m);
    T_STATUS(er_support_vectors_fit(N, k, y, 1, 1e-3, STEPS, &progress, &m, &err), ER_E_STOPPED, "stopped");
    T_ALLOCATIONS(er_support_vectors_fit(N, k, y, 1, 1e-3, STEPS, NULL, &m, &err),
                  er_support_vectors_clear(&m), "allocations");
    er_free(k);
}

int main(void)
{
    check_two_points();
    check_gap(0.01);
    check_gap(1);
    check_gap(1000);
    check_ends();
    return t_done();
}
