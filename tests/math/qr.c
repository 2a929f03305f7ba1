/* Triangles, orthonormal columns and rows against what defines them. */
#include "math/qr.h"
#include "t.h"

#include <ermine/random.h>

static struct er_error err;

static void draw(int64_t n, double *a)
{
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, (uint64_t)n));
    for (int64_t i = 0; i < n; i++) a[i] = er_random_normal(&r);
}

static double column_product(int64_t m, int64_t n, const double *a, int64_t i, int64_t j)
{
    double sum = 0;
    for (int64_t p = 0; p < m; p++) sum += a[p * n + i] * a[p * n + j];
    return sum;
}

static double row_product(int64_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t p = 0; p < n; p++) sum += a[p] * b[p];
    return sum;
}

/* R^T R = A^T A. */
static void test_triangle(int64_t m, int64_t n)
{
    double a[600], r[600];
    draw(m * n, a);
    memcpy(r, a, (size_t)(m * n) * sizeof *r);
    T_STATUS(er_qr_triangle(m, n, r, &err), ER_OK, "a triangle");
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            T_CLOSE(column_product(n, n, r, i, j), column_product(m, n, a, i, j), 1e-14 * (double)(m * n),
                    "%d x %d at %d, %d", (int)m, (int)n, (int)i, (int)j);
            if (j < i) T_OK(r[i * n + j] == 0, "below the diagonal");
        }
}

/* Q Q^T = 1 and A Q^T is lower triangular with a positive diagonal. */
static void test_orthonormal(int64_t m, int64_t n)
{
    double a[600], q[600];
    draw(m * n, a);
    memcpy(q, a, (size_t)(m * n) * sizeof *q);
    T_STATUS(er_qr_orthonormal(m, n, q, &err), ER_OK, "orthonormal rows");
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < m; j++) {
            T_CLOSE(row_product(n, q + i * n, q + j * n), i == j, 1e-14, "%d x %d: rows %d, %d", (int)m,
                    (int)n, (int)i, (int)j);
            const double l = row_product(n, a + i * n, q + j * n);
            if (j > i) T_CLOSE(l, 0, 1e-14 * (double)n, "above the diagonal of L");
            if (j == i) T_OK(l > 0, "its diagonal");
        }
}

/* Q^T Q = 1 and Q R = A, whichever side is longer. */
static void test_thin(int64_t m, int64_t n)
{
    const int64_t k = m < n ? m : n;
    double a[600], q[600], r[600] = {0};
    draw(m * n, a);
    memcpy(q, a, (size_t)(m * n) * sizeof *q);
    T_STATUS(er_qr_thin(m, n, q, r, &err), ER_OK, "orthonormal columns");
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < k; j++) {
            T_CLOSE(column_product(m, n, q, i, j), i == j, 1e-14, "%d x %d: columns %d, %d", (int)m, (int)n,
                    (int)i, (int)j);
            if (j < i) T_OK(r[i * n + j] == 0, "below the diagonal");
        }
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t p = 0; p < k; p++) sum += q[i * n + p] * r[p * n + j];
            T_CLOSE(sum, a[i * n + j], 1e-14 * (double)(m + n), "%d x %d at %d, %d", (int)m, (int)n, (int)i,
                    (int)j);
        }
}

int main(void)
{
    static const int64_t side[][2] = {{1, 1}, {7, 3}, {5, 5}, {60, 10}};
    double a[600];
    for (size_t c = 0; c < sizeof side / sizeof *side; c++) {
        test_triangle(side[c][0], side[c][1]);
        test_orthonormal(side[c][1], side[c][0]);
        test_thin(side[c][0], side[c][1]);
        test_thin(side[c][1], side[c][0]);
    }
    draw(600, a);
    T_ALLOCATIONS(er_qr_triangle(60, 10, a, &err), (void)0, "memory of a triangle");
    T_ALLOCATIONS((draw(600, a), er_qr_orthonormal(10, 60, a, &err)), (void)0, "memory of orthonormal rows");
    T_ALLOCATIONS((draw(600, a), er_qr_thin(60, 10, a, NULL, &err)), (void)0, "memory of columns");
    return t_done();
}
