/* Singular values against Jacobi rotations and closed forms; effective ranks that are known; decompositions put together again. */
#include "t.h"

#include "math/svd.h"
#include "oracles/svd.h"

#include <ermine/random.h>
#include <ermine/recovery.h>
#include <float.h>
#include <string.h>

enum { MOST = 40 };

static struct er_error err;

static void draw(int64_t n, double *a)
{
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 1));
    for (int64_t i = 0; i < n; i++) a[i] = er_random_normal(&r);
}

static void test_values(void)
{
    static const int64_t shape[][2] = {{1, 1}, {1, 7}, {7, 1}, {5, 5}, {9, 4}, {4, 9}, {MOST, 3}};
    for (size_t c = 0; c < sizeof shape / sizeof *shape; c++) {
        const int64_t m = shape[c][0], n = shape[c][1], r = m < n ? m : n;
        double a[MOST * MOST], kept[MOST * MOST], s[MOST], want[MOST];
        draw(m * n, a);
        memcpy(kept, a, sizeof a);
        T_STATUS(er_singular_values(m, n, a, s, &err), ER_OK, "%d x %d", (int)m, (int)n);
        T_OK(memcmp(kept, a, (size_t)(m * n) * sizeof *a) == 0, "the matrix is kept");
        svd_values(m, n, kept, want);
        for (int64_t i = 0; i < r; i++)
            T_CLOSE(s[i], want[i], 20 * DBL_EPSILON * want[0], "value %d of %d x %d", (int)i, (int)m, (int)n);
    }
}

/* A = U S V^T, U^T U = V V^T = 1: to a few roundings for each of the products' terms. */
static void test_vectors(void)
{
    static const int64_t shape[][2] = {{6, 6}, {9, 4}, {4, 9}};
    for (size_t c = 0; c < sizeof shape / sizeof *shape; c++) {
        const int64_t m = shape[c][0], n = shape[c][1], r = m < n ? m : n;
        double a[MOST * MOST], u[MOST * MOST], s[MOST], vt[MOST * MOST], worst = 0;
        struct er_svd *svd = NULL;
        draw(m * n, a);
        T_STATUS(er_svd_new(m, n, true, &svd, &err), ER_OK, "%d x %d", (int)m, (int)n);
        T_STATUS(er_svd_vectors(svd, a, s, u, vt, &err), ER_OK, "its vectors");
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < n; j++) {
                double sum = -a[i * n + j];
                for (int64_t k = 0; k < r; k++) sum += u[i * r + k] * s[k] * vt[k * n + j];
                worst = fmax(worst, fabs(sum));
            }
        T_CLOSE(worst, 0, 50 * DBL_EPSILON * s[0], "U S V^T");
        for (int64_t k = 0; k < r; k++)
            for (int64_t l = 0; l < r; l++) {
                double left = 0, right = 0;
                for (int64_t i = 0; i < m; i++) left += u[i * r + k] * u[i * r + l];
                for (int64_t j = 0; j < n; j++) right += vt[k * n + j] * vt[l * n + j];
                worst = fmax(worst, fmax(fabs(left - (k == l)), fabs(right - (k == l))));
            }
        T_CLOSE(worst, 0, 50 * DBL_EPSILON * s[0], "orthonormal");
        a[m * n - 1] = NAN;
        T_STATUS(er_svd_vectors(svd, a, s, u, vt, &err), ER_E_NONFINITE, "not a number");
        er_svd_free(svd);
    }
}

static void test_effective_rank(void)
{
    T_CLOSE(er_effective_rank(4, (double[]){1, 1, 1, 0}), 3, 1e-14, "diag(1, 1, 1, 0)");
    T_CLOSE(er_effective_rank(3, (double[]){3, 2, 1}), 2.7495, 5e-5, "diag(3, 2, 1)");
    T_CLOSE(er_effective_rank(3, (double[]){3e-200, 2e-200, 1e-200}),
            er_effective_rank(3, (double[]){3, 2, 1}), 1e-14, "of any size");
    T_OK(er_effective_rank(2, (double[]){0, 0}) == 0 && er_effective_rank(0, NULL) == 0, "of nothing");
    T_OK(er_effective_rank(2, (double[]){5, 0}) == 1, "one value");
    T_OK(er_nuclear_norm(3, (double[]){3, 2, 1}) == 6 && er_nuclear_norm(0, NULL) == 0, "the nuclear norm");
}

static void test_refused(void)
{
    double s[2] = {-1, -1};
    T_STATUS(er_singular_values(0, 2, s, s, &err), ER_E_SHAPE, "an empty matrix");
    T_STATUS(er_singular_values(1, 2, (double[]){1, INFINITY}, s, &err), ER_E_NONFINITE, "infinite");
    T_OK(strstr(err.msg, "row 0, column 1") != NULL, "where: %s", err.msg);
    T_ALLOCATIONS(er_singular_values(1, 2, (double[]){3, 4}, s, &err), (void)0, "allocations");
    T_CLOSE(s[0], 5, 8 * DBL_EPSILON, "3, 4, 5");
}

int main(void)
{
    test_values();
    test_vectors();
    test_effective_rank();
    test_refused();
    return t_done();
}
