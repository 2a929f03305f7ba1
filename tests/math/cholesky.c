/* The blocked Cholesky factorisation: L L^T is A again, against LAPACK's own; closed forms for the second
 * difference matrix; matrices that are not positive definite; the same bits for 1, 2 and 3 threads. */
#include "math/cholesky.h"

#include "support/needed.h"
#include "t.h"
#include <ermine/random.h>
#include <float.h>
#include <lapacke.h>

/* B B^T / n + I of random B: eigenvalues in about 1..5. Row-major, whole. */
static double *positive(int64_t n)
{
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    double *b = er_alloc(n * n, sizeof *b), *a = er_alloc(n * n, sizeof *a);
    if (!a || !b) abort();
    for (int64_t i = 0; i < n * n; i++) b[i] = er_random_normal(&r);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            double sum = i == j;
            for (int64_t k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k] / (double)n;
            a[i * n + j] = a[j * n + i] = sum;
        }
    er_free(b);
    return a;
}

/* Equal to the bit. */
static bool same_bytes(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static double *copy_of(const double *a, int64_t n)
{
    double *copy = er_alloc(n, sizeof *copy);
    if (!copy) abort();
    memcpy(copy, a, (size_t)n * sizeof *copy);
    return copy;
}

/* Everything of one matrix on `threads` threads: L, a solution, the diagonal of the inverse. */
struct found {
    double *l, *x, *diagonal, condition;
};

static struct found find(int64_t n, const double *a, const double *b, int64_t k, int threads)
{
    struct er_pool *pool = needed_pool(threads);
    struct er_error err;
    struct found f = {.l = copy_of(a, n * n), .x = copy_of(b, n * k), .diagonal = copy_of(b, n)};
    int64_t pivot;
    const double norm = er_cholesky_norm(n, a, f.diagonal);
    T_STATUS(er_cholesky(n, f.l, &pivot, pool, NULL, &err), ER_OK, "factorised");
    T_EQ_INT(pivot, -1, "positive definite");
    er_cholesky_solve(n, f.l, k, f.x);
    T_STATUS(er_cholesky_inverse_diagonal(n, f.l, f.diagonal, pool, NULL, &err), ER_OK, "inverse");
    T_STATUS(er_cholesky_condition(n, f.l, norm, &f.condition, &err), ER_OK, "condition");
    er_pool_free(pool);
    return f;
}

static void found_clear(struct found *f)
{
    er_free(f->l);
    er_free(f->x);
    er_free(f->diagonal);
}

/* n below, at and above the size of a block, and of several blocks. */
static void check_against_lapack(int64_t n)
{
    enum { K = 3 };
    double *a = positive(n), *b = er_alloc(n * K, sizeof *b), *inverse = copy_of(a, n * n);
    if (!b) abort();
    struct er_random r = er_random_open(4, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < n * K; i++) b[i] = er_random_normal(&r);
    struct found f = find(n, a, b, K, 2);
    double off = 0, residual = 0, diagonal = 0, largest = 0;
    bool untouched = true;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j <= i; j++) {
            double sum = 0;
            untouched = untouched && (i == j || f.l[j * n + i] == a[j * n + i]);
            for (int64_t k = 0; k <= j; k++) sum += f.l[i * n + k] * f.l[j * n + k];
            off = fmax(off, fabs(sum - a[i * n + j]));
        }
        for (int64_t c = 0; c < K; c++) {
            double sum = 0;
            for (int64_t j = 0; j < n; j++) sum += a[i * n + j] * f.x[j * K + c];
            residual = fmax(residual, fabs(sum - b[i * K + c]));
        }
    }
    const int nn = (int)n;
    T_OK(LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', nn, inverse, nn) == 0 &&
             LAPACKE_dpotri(LAPACK_ROW_MAJOR, 'L', nn, inverse, nn) == 0,
         "the oracle");
    double row_of_a = 0, row_of_inverse = 0;
    for (int64_t i = 0; i < n; i++) {
        double sum = 0, other = 0;
        diagonal = fmax(diagonal, fabs(f.diagonal[i] - inverse[i * n + i]));
        largest = fmax(largest, inverse[i * n + i]);
        for (int64_t j = 0; j < n; j++) {
            sum += fabs(a[i * n + j]);
            other += fabs(inverse[(i > j ? i : j) * n + (i > j ? j : i)]);
        }
        row_of_a = fmax(row_of_a, sum);
        row_of_inverse = fmax(row_of_inverse, other);
    }
    /* elements of order 1, sums of n terms */
    const double eps = (double)(n + 8) * DBL_EPSILON;
    T_OK(untouched, "n = %d: A stays above the diagonal", nn);
    T_CLOSE(off, 0, 8 * eps, "n = %d: L L^T = A", nn);
    T_CLOSE(residual, 0, 32 * eps, "n = %d: A x = b", nn);
    T_CLOSE(diagonal, 0, 8 * eps * largest, "n = %d: diagonal of the inverse", nn);
    const double condition = row_of_a * row_of_inverse;
    T_OK(f.condition <= condition * (1 + 1e-9) && f.condition > condition / 3,
         "n = %d: condition %g, estimated from below as %g", nn, condition, f.condition);
    found_clear(&f);
    er_free(a);
    er_free(b);
    er_free(inverse);
}

/* Second differences: (A^-1)_ii = (i + 1) (n - i) / (n + 1), |A| = 4, |A^-1| about (n + 1)^2 / 8. */
static void check_closed_form(void)
{
    enum { N = 700 };
    double *a = er_alloc((int64_t)N * N, sizeof *a), *b = er_alloc(N, sizeof *b);
    if (!a || !b) abort();
    for (int64_t i = 0; i < N; i++) {
        a[i * N + i] = 2;
        if (i > 0) a[i * N + i - 1] = a[(i - 1) * N + i] = -1;
    }
    struct found f = find(N, a, b, 1, 2);
    double worst = 0;
    for (int i = 0; i < N; i++) {
        const double want = (i + 1.0) * (N - i) / (N + 1.0);
        worst = fmax(worst, fabs(f.diagonal[i] / want - 1));
    }
    T_CLOSE(worst, 0, 1e5 * DBL_EPSILON, "diagonal of the inverse: a condition of 2e5 times epsilon");
    const double condition = 4 * (N + 1.0) * (N + 1.0) / 8;
    T_OK(f.condition <= condition * 1.01 && f.condition >= condition / 3, "condition %g for %g", f.condition,
         condition);
    found_clear(&f);
    er_free(a);
    er_free(b);
}

static void check_bits(void)
{
    enum { N = 600, K = 2 };
    double *a = positive(N);
    struct found one = find(N, a, a, K, 1);
    for (int threads = 2; threads <= 3; threads++) {
        struct found f = find(N, a, a, K, threads);
        T_OK(same_bytes(f.l, one.l, N * N * sizeof *f.l) && same_bytes(f.x, one.x, N * K * sizeof *f.x) &&
                 same_bytes(f.diagonal, one.diagonal, N * sizeof *f.diagonal),
             "%d threads give the bits of one", threads);
        found_clear(&f);
    }
    found_clear(&one);
    er_free(a);
}

static void check_failures(void)
{
    enum { N = 520, BAD = 300 };
    struct er_error err;
    struct er_pool *pool = needed_pool(2);
    double *a = positive(N), *diagonal = er_alloc(N, sizeof *diagonal), condition;
    int64_t pivot;
    if (!diagonal) abort();
    double *spoilt = copy_of(a, (int64_t)N * N);
    spoilt[BAD * N + BAD] = -1;
    T_STATUS(er_cholesky(N, spoilt, &pivot, pool, NULL, &err), ER_OK, "an indefinite matrix is no error");
    T_EQ_INT(pivot, BAD, "the row whose pivot is not above 0");
    atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_cholesky(N, a, &pivot, pool, &progress, &err), ER_E_STOPPED, "stopped");
    T_STATUS(er_cholesky_inverse_diagonal(N, a, diagonal, pool, &progress, &err), ER_E_STOPPED, "stopped");
    T_STATUS(er_cholesky(N, a, &pivot, pool, NULL, &err), ER_OK, "goes on from nothing");
    T_ALLOCATIONS(er_cholesky_condition(N, a, 1, &condition, &err), (void)0, "condition: allocations");
    T_ALLOCATIONS(er_cholesky_inverse_diagonal(N, a, diagonal, pool, NULL, &err), (void)0,
                  "inverse: allocations");
    er_free(a);
    er_free(spoilt);
    er_free(diagonal);
    er_pool_free(pool);
}

int main(void)
{
    check_against_lapack(1);
    check_against_lapack(255);
    check_against_lapack(256);
    check_against_lapack(257);
    check_against_lapack(523);
    check_closed_form();
    check_bits();
    check_failures();
    return t_done();
}
