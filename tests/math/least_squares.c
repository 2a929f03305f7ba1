/* Least squares against normal equations in long double, the Moore-Penrose identities, and limits of ridge. */
#include "math/least_squares.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

/* The largest singular values of the matrices here, and their products, are below this. */
enum { SCALE = 40, MOST = 40 };

static void draw(int64_t n, double *x, uint64_t seed)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 1));
    for (int64_t i = 0; i < n; i++) x[i] = er_random_normal(&r);
}

/* Gaussian elimination with pivots in long double: s x = b for k right sides, in place. */
static void eliminate(int n, int k, long double *s, long double *b)
{
    for (int c = 0; c < n; c++) {
        int best = c;
        for (int i = c + 1; i < n; i++)
            if (fabsl(s[i * n + c]) > fabsl(s[best * n + c])) best = i;
        for (int j = 0; j < n; j++) {
            const long double t = s[c * n + j];
            s[c * n + j] = s[best * n + j];
            s[best * n + j] = t;
        }
        for (int j = 0; j < k; j++) {
            const long double t = b[c * k + j];
            b[c * k + j] = b[best * k + j];
            b[best * k + j] = t;
        }
        for (int i = 0; i < n; i++) {
            const long double f = i == c ? 0 : s[i * n + c] / s[c * n + c];
            for (int j = c; j < n; j++) s[i * n + j] -= f * s[c * n + j];
            for (int j = 0; j < k; j++) b[i * k + j] -= f * b[c * k + j];
        }
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < k; j++) b[i * k + j] /= s[i * n + i];
}

/* (A^T A + ridge)^-1 A^T b of a tall A; A^T (A A^T + ridge)^-1 b of a wide one. */
static void normal_equations(int m, int n, int k, const double *a, const double *b, double ridge, double *x)
{
    const int r = m < n ? m : n;
    long double s[MOST * MOST] = {0}, c[MOST * MOST] = {0};
    for (int i = 0; i < r; i++)
        for (int j = 0; j < r; j++) {
            for (int l = 0; l < (m < n ? n : m); l++)
                s[i * r + j] += m < n ? (long double)a[i * n + l] * a[j * n + l]
                                      : (long double)a[l * n + i] * a[l * n + j];
            s[i * r + j] += i == j ? ridge : 0;
        }
    for (int i = 0; i < r; i++)
        for (int j = 0; j < k; j++) {
            if (m < n) c[i * k + j] = b[i * k + j];
            for (int l = 0; l < m && m >= n; l++) c[i * k + j] += (long double)a[l * n + i] * b[l * k + j];
        }
    eliminate(r, k, s, c);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < k; j++) {
            long double sum = m < n ? 0 : c[i * k + j];
            for (int l = 0; l < m && m < n; l++) sum += (long double)a[l * n + i] * c[l * k + j];
            x[i * k + j] = (double)sum;
        }
}

static double distance(int64_t n, const double *a, const double *b)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i]));
    return most;
}

static struct er_least_squares *decomposed(int64_t m, int64_t n, const double *a, double cut_off)
{
    struct er_least_squares *f = NULL;
    struct er_error err;
    T_STATUS(er_least_squares_new(m, n, a, cut_off, &f, &err), ER_OK, "%d x %d", (int)m, (int)n);
    if (!f) exit(1);
    return f;
}

/* The oracle's error is that of long double, squared condition and all; ours grows with the condition. */
static void check_oracle(void)
{
    static const int size[][2] = {{1, 1}, {1, 7}, {7, 1}, {9, 9}, {30, 8}, {8, 30}, {26, 18}, {20, 21}};
    static const double ridges[] = {0, 1e-3, 10};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        const int m = size[i][0], n = size[i][1], k = 3;
        double a[MOST * MOST], b[MOST * 3], x[MOST * 3], want[MOST * 3];
        struct er_error err;
        draw(m * n, a, 10 + i);
        draw(m * k, b, 30 + i);
        struct er_least_squares *f = decomposed(m, n, a, 1e-10);
        const double condition = er_least_squares_condition(f);
        T_EQ_INT(er_least_squares_rank(f), m < n ? m : n, "%d x %d: full rank", m, n);
        for (size_t r = 0; r < 3; r++) {
            normal_equations(m, n, k, a, b, ridges[r], want);
            T_STATUS(er_least_squares_solve(f, k, b, ridges[r], x, &err), ER_OK, "solved");
            T_CLOSE(distance(n * k, x, want), 0, 100 * SCALE * condition * condition * DBL_EPSILON,
                    "%d x %d, ridge %g, condition %.1f", m, n, ridges[r], condition);
        }
        er_least_squares_free(f);
    }
}

/* c (p x r) = a (p x q) b (q x r) */
static void product(int p, int q, int r, const double *a, const double *b, double *c)
{
    for (int i = 0; i < p; i++)
        for (int j = 0; j < r; j++) {
            c[i * r + j] = 0;
            for (int l = 0; l < q; l++) c[i * r + j] += a[i * q + l] * b[l * r + j];
        }
}

static double asymmetry(int n, const double *a)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) most = fmax(most, fabs(a[i * n + j] - a[j * n + i]));
    return most;
}

/* A X A = A, X A X = X, A X and X A symmetric, for X = pinv(A): the solution for b = I. Singular values of these
 * matrices (rank 3, of normal products) are between 1 and SCALE. */
static void check_moore_penrose(void)
{
    static const int size[][2] = {{12, 7}, {7, 12}, {9, 9}};
    const double tolerance = 100 * SCALE * DBL_EPSILON;
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        const int m = size[i][0], n = size[i][1];
        double left[MOST * 3], right[MOST * 3], a[MOST * MOST], id[MOST * MOST] = {0}, x[MOST * MOST];
        double ax[MOST * MOST], xa[MOST * MOST], again[MOST * MOST];
        struct er_error err;
        draw(m * 3, left, 50 + i);
        draw(3 * n, right, 60 + i);
        product(m, 3, n, left, right, a);
        for (int j = 0; j < m; j++) id[j * m + j] = 1;
        struct er_least_squares *f = decomposed(m, n, a, 1e-10);
        T_EQ_INT(er_least_squares_rank(f), 3, "%d x %d of rank 3", m, n);
        T_OK(er_least_squares_condition(f) > 1e12, "its condition number is that of rounding");
        T_STATUS(er_least_squares_solve(f, m, id, 0, x, &err), ER_OK, "the pseudo-inverse");
        product(m, n, m, a, x, ax);
        product(n, m, n, x, a, xa);
        T_CLOSE(asymmetry(m, ax), 0, tolerance, "A X is symmetric");
        T_CLOSE(asymmetry(n, xa), 0, tolerance, "X A is symmetric");
        product(m, m, n, ax, a, again);
        T_CLOSE(distance(m * n, again, a), 0, SCALE * tolerance, "A X A = A");
        product(n, n, m, xa, x, again);
        T_CLOSE(distance(n * m, again, x), 0, tolerance, "X A X = X");

        double z[MOST * 2], before[MOST * 2], az[MOST * 2], want[MOST * 2];
        draw(n * 2, z, 70 + i);
        memcpy(before, z, sizeof z);
        T_STATUS(er_least_squares_null(f, 2, z, &err), ER_OK, "the part that A does not see");
        product(m, n, 2, a, z, az);
        product(n, n, 2, xa, before, want);
        for (int j = 0; j < n * 2; j++) want[j] = before[j] - want[j];
        T_CLOSE(distance(n * 2, z, want), 0, tolerance, "is (I - X A) z");
        memset(want, 0, sizeof want);
        T_CLOSE(distance(m * 2, az, want), 0, SCALE * tolerance, "and A z = 0");
        er_least_squares_free(f);
    }
}

/* Ridge to 0 is the pseudo-inverse, to infinity A^T b / ridge; the norm falls all the way. */
static void check_ridge(void)
{
    enum { M = 10, N = 25 };
    double a[M * N], b[M], x[N], limit[N], last = (double)INFINITY;
    struct er_error err;
    draw(M * N, a, 80);
    draw(M, b, 81);
    struct er_least_squares *f = decomposed(M, N, a, 0);
    T_STATUS(er_least_squares_solve(f, 1, b, 0, limit, &err), ER_OK, "no ridge");
    T_STATUS(er_least_squares_solve(f, 1, b, 1e-12, x, &err), ER_OK, "a small one");
    T_CLOSE(distance(N, x, limit), 0, 1e-11, "is nearly the same");
    for (int power = -3; power < 13; power++) {
        const double ridge = pow(10, power);
        double norm = 0;
        T_STATUS(er_least_squares_solve(f, 1, b, ridge, x, &err), ER_OK, "ridge %g", ridge);
        for (int i = 0; i < N; i++) norm += x[i] * x[i];
        T_OK(norm < last, "the norm falls to %g", sqrt(norm));
        last = norm;
    }
    for (int i = 0; i < N; i++) limit[i] = 0;
    for (int j = 0; j < M; j++)
        for (int i = 0; i < N; i++) limit[i] += a[j * N + i] * b[j] / 1e12;
    T_STATUS(er_least_squares_solve(f, 1, b, 1e12, x, &err), ER_OK, "a huge one");
    T_CLOSE(distance(N, x, limit) / limit[0], 0, 1e-8, "is A^T b / ridge");
    er_least_squares_free(f);
}

/* A spectrum chosen by hand: a diagonal. */
static void check_spectrum(void)
{
    const double a[] = {3, 0, 0, 0, 4e-11, 0, 0, 0, 2}, b[] = {3, 1, 1};
    double x[3];
    struct er_error err;
    struct er_least_squares *f = decomposed(3, 3, a, 1e-10);
    T_CLOSE(er_least_squares_norm(f), 3, 3 * DBL_EPSILON, "the largest");
    T_CLOSE(er_least_squares_condition(f) / 7.5e10, 1, 1e-5, "the condition number knows of no cut-off");
    T_EQ_INT(er_least_squares_rank(f), 2, "the rank does");
    T_STATUS(er_least_squares_solve(f, 1, b, 0, x, &err), ER_OK, "solved");
    T_OK(x[1] == 0, "what is cut off is 0");
    T_CLOSE(x[0] + x[2], 1.5, 4 * DBL_EPSILON, "the rest is divided");
    er_least_squares_free(f);

    const double zero[4] = {0};
    f = decomposed(2, 2, zero, 1e-10);
    T_EQ_INT(er_least_squares_rank(f), 0, "no rank");
    T_OK(isinf(er_least_squares_condition(f)), "no condition");
    T_STATUS(er_least_squares_solve(f, 1, b, 0, x, &err), ER_OK, "solved all the same");
    T_OK(x[0] == 0 && x[1] == 0, "by 0");
    er_least_squares_free(f);
}

static void check_errors(void)
{
    double a[4] = {1, 2, 3, 4}, b[2] = {1, 1}, x[2];
    struct er_least_squares *f = NULL;
    struct er_error err;
    T_STATUS(er_least_squares_new(0, 2, a, 0, &f, &err), ER_E_USAGE, "no rows");
    T_STATUS(er_least_squares_new(2, 2, a, 1, &f, &err), ER_E_USAGE, "everything cut off");
    T_STATUS(er_least_squares_new(30000, 30000, a, 0, &f, &err), ER_E_LIMIT, "too large");
    a[3] = (double)NAN;
    T_STATUS(er_least_squares_new(2, 2, a, 0, &f, &err), ER_E_NONFINITE, "not a number");
    T_EQ_STR(err.msg, "least squares: row 1, column 1 of the matrix is nan", "says where");
    a[3] = 4;
    T_ALLOCATIONS(er_least_squares_new(2, 2, a, 0, &f, &err), er_least_squares_free(f), "decomposing");
    f = decomposed(2, 2, a, 0);
    T_STATUS(er_least_squares_solve(f, 1, b, -1, x, &err), ER_E_USAGE, "a negative ridge");
    T_ALLOCATIONS(er_least_squares_solve(f, 1, b, 0, x, &err), (void)0, "solving");
    er_least_squares_free(f);
    er_least_squares_free(NULL);
}

int main(void)
{
    check_oracle();
    check_moore_penrose();
    check_ridge();
    check_spectrum();
    check_errors();
    return t_done();
}
