/* Hutchinson's estimator: exact for diagonal matrices, within its standard error for others, that of known
 * size. */
#include "support/matrices.h"
#include "t.h"

#include <float.h>

static void check_diagonal(void)
{
    enum { N = 77 };
    double d[N], trace = 0, square = 0;
    for (int i = 0; i < N; i++) {
        d[i] = (i * 37 % 64 - 32) / 16.0; /* exact in float32, products and sums in double too */
        trace += d[i];
        square += d[i] * d[i];
    }
    struct er_error err;
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_trace t;
    T_STATUS(er_trace(&a, 3, 5, er_stream(ER_PURPOSE_PROBES, 0), &t, &err), ER_OK, "diagonal");
    T_OK(t.trace == trace && t.trace_error == 0, "diagonal: exact, got %g for %g", t.trace, trace);
    T_OK(t.square == square && t.square_error == 0, "diagonal: so is tr A^2, got %g for %g", t.square,
         square);
    T_STATUS(er_trace(&a, 1, 5, er_stream(ER_PURPOSE_PROBES, 0), &t, &err), ER_OK, "one probe");
    T_OK(t.trace == trace && isnan(t.trace_error), "one probe has no standard error");

    T_STATUS(er_trace(&a, 0, 0, 0, &t, &err), ER_E_USAGE, "no probe");
    m.spoil = m.applies + 1;
    t.trace = 77;
    T_STATUS(er_trace(&a, 3, 0, 0, &t, &err), ER_E_NONFINITE, "a NaN in a product");
    T_OK(t.trace == 77, "the output is untouched");
    T_ALLOCATIONS(er_trace(&a, 3, 0, 0, &t, &err), (void)0, "allocations");
}

static void check_random(void)
{
    enum { N = 100, PROBES = 400 };
    double *matrix = matrix_random(N, 11), trace = 0, square = 0, off = 0;
    for (int i = 0; i < N; i++) {
        trace += matrix[i * N + i];
        for (int j = 0; j < N; j++) {
            square += matrix[i * N + j] * matrix[i * N + j];
            if (i != j) off += matrix[i * N + j] * matrix[i * N + j];
        }
    }
    struct er_error err;
    struct matrix m = {.n = N, .a = matrix, .spoil = -1};
    const struct er_operator a = matrix_dense(&m);
    struct er_trace t, again;
    T_STATUS(er_trace(&a, PROBES, 1, er_stream(ER_PURPOSE_PROBES, 2), &t, &err), ER_OK, "random");
    T_CLOSE(t.trace, trace, 4 * t.trace_error, "trace, standard error %g", t.trace_error);
    T_CLOSE(t.square, square, 4 * t.square_error, "tr A^2, standard error %g", t.square_error);
    /* variance 2 sum_{i != j} a_ij^2; its estimate from N values is off by sqrt(2/N) relatively, the root by
     * half */
    const double want = sqrt(2 * off / PROBES);
    T_CLOSE(t.trace_error / want, 1, 4 * sqrt(2.0 / PROBES) / 2, "the standard error is the formula's");
    T_STATUS(er_trace(&a, PROBES, 1, er_stream(ER_PURPOSE_PROBES, 2), &again, &err), ER_OK, "again");
    T_OK(memcmp(&t, &again, sizeof t) == 0, "the same bits every time");
    er_free(matrix);
}

int main(void)
{
    check_diagonal();
    check_random();
    return t_done();
}
