/* Systems beyond a factorisation; and what all predictions have in common: the same bits on any number of threads, a ridge
 * that is raised by its rule alone, and memory that may run out. */
#include <ermine/kernel_solver.h>
#include <ermine/logit_flow.h>
#include <ermine/predict.h>
#include <ermine/random.h>

#include "support/needed.h"
#include "support/toy_kernels.h"
#include "t.h"
#include <stdatomic.h>

static struct er_pool *pool;
static struct er_error err;
static const struct er_ridge no_ridge;

/* exp(-|x - x'|^2 / 2) between points n.. and m.. of one uniform sample of [-2, 2]^2. */
static double *gaussian_kernel(int64_t first, int64_t m, int64_t n)
{
    const int64_t points = first + m > n ? first + m : n;
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    double *x = needed(2 * points, sizeof *x), *k = needed(m * n, sizeof *k);
    for (int64_t i = 0; i < 2 * points; i++) x[i] = 4 * er_random_uniform(&r) - 2;
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            const double a = x[2 * (first + i)] - x[2 * j], b = x[2 * (first + i) + 1] - x[2 * j + 1];
            k[i * n + j] = exp(-(a * a + b * b) / 2);
        }
    er_free(x);
    return k;
}

static double *targets(int64_t n)
{
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, 0));
    double *y = needed(n, sizeof *y);
    for (int64_t i = 0; i < n; i++) y[i] = er_random_normal(&r);
    return y;
}

static void check_solver(void)
{
    enum { N = 300, K = 3 };
    double *k = gaussian_kernel(0, N, N), *b = targets((int64_t)N * K), x[N * K], want[N * K];
    const struct er_kernel_matrix matrix = {.n = N, .entries = k};
    const struct er_ridge ridge = {1e-4, true};
    struct er_kernel_solver_report report, plain;
    struct er_kernel_solver_options o = er_kernel_solver_defaults();
    struct er_posterior *p = NULL;
    for (int i = 0; i < N; i++) b[i * K + 2] = 0; /* a right side of zeros among others */
    o.tolerance = 1e-10;
    T_STATUS(er_posterior_new(N, k, ridge, pool, NULL, &p, &err), ER_OK, "by Cholesky");
    er_posterior_weights(p, K, b, want);
    const double condition = er_posterior_reported(p)->condition;
    T_STATUS(er_kernel_solve(&matrix, ridge, K, b, &o, x, &report, pool, NULL, &err), ER_OK, "by iteration");
    /* relative residual 1e-10 of |b| about 17, |A^-1| = 1e4 */
    for (int i = 0; i < N * K; i++) T_CLOSE(x[i], want[i], 2e-5, "x [%d]", i);
    T_OK(report.converged && report.residual <= o.tolerance, "residual %g", report.residual);
    T_EQ_INT(report.rank, 100, "rank");
    o.rank = 0;
    o.iterations = 2000;
    o.tolerance = 1e-8; /* rounding of A x allows no less than epsilon |A| |x| / |b|, 1e-10 or so */
    T_STATUS(er_kernel_solve(&matrix, ridge, K, b, &o, x, &plain, pool, NULL, &err), ER_OK, "without");
    T_OK(plain.converged && report.iterations * 10 < plain.iterations,
         "the preconditioner saves passes: %d for %d", (int)report.iterations, (int)plain.iterations);
    /* of the 2-norm, between the 1-norm's over n and n times it; from below */
    T_OK(plain.condition > condition / N && plain.condition < 1.01 * condition, "condition %g, 1-norm's %g",
         plain.condition, condition);
    T_OK(report.condition < 100, "of the preconditioned matrix: %g", report.condition);
    o.iterations = 5;
    T_STATUS(er_kernel_solve(&matrix, ridge, K, b, &o, x, &plain, pool, NULL, &err), ER_OK,
             "not to converge");
    T_OK(!plain.converged && plain.residual > o.tolerance && plain.iterations == 6, "is told");

    struct er_flow *flow = NULL;
    double largest;
    T_STATUS(er_flow_new(N, 1, k, &flow, &err), ER_OK, "eigenvalues");
    T_STATUS(er_kernel_largest(&matrix, 1e-13, &largest, pool, NULL, &err), ER_OK, "largest");
    T_CLOSE(largest / er_flow_eigenvalues(flow)[N - 1], 1, 1e-12, "the largest eigenvalue");
    er_flow_free(flow);
    er_posterior_free(p);

    k[0] = -1;
    T_STATUS(er_kernel_solve(&matrix, ridge, K, b, &o, x, NULL, pool, NULL, &err), ER_E_NONFINITE,
             "no kernel");
    o.rank = -1;
    T_STATUS(er_kernel_solve(&matrix, ridge, K, b, &o, x, NULL, pool, NULL, &err), ER_E_USAGE, "rank");
    er_free(k);
    er_free(b);
}

/* A kernel of rank 1 needs no more than one column of the preconditioner; that of zeros none. */
static void check_low_rank(void)
{
    enum { N = 40 };
    double k[N * N], b[N], x[N];
    const struct er_kernel_matrix matrix = {.n = N, .entries = k};
    struct er_kernel_solver_report report;
    const struct er_kernel_solver_options o = er_kernel_solver_defaults();
    for (int i = 0; i < N; i++) b[i] = i - 3;
    for (int i = 0; i < N * N; i++) k[i] = 2;
    T_STATUS(er_kernel_solve(&matrix, (struct er_ridge){0.5, true}, 1, b, &o, x, &report, pool, NULL, &err),
             ER_OK, "rank 1");
    T_EQ_INT(report.rank, 1, "one column");
    T_OK(report.iterations <= 4, "%d passes", (int)report.iterations);
    double sum = 0;
    for (int i = 0; i < N; i++) sum += x[i];
    for (int i = 0; i < N; i++) T_CLOSE(2 * sum + 0.5 * x[i], b[i], 1e-6, "solves");
    memset(k, 0, sizeof k);
    T_STATUS(er_kernel_solve(&matrix, (struct er_ridge){0.5, true}, 1, b, &o, x, &report, pool, NULL, &err),
             ER_OK, "zeros");
    T_EQ_INT(report.rank, 0, "no column");
    for (int i = 0; i < N; i++) T_CLOSE(x[i], 2 * b[i], 1e-13, "solves");
}

/* K = a a^T + b b^T of as many examples as make several blocks of a row, never in memory as a whole. */
struct rank_two {
    double *a, *b;
    atomic_int_fast64_t asked; /* entries */
    bool flawed;               /* one can't be read */
};

static void read_rank_two(const void *ctx, int64_t row, int64_t rows, int64_t column, int64_t columns,
                          double *out)
{
    struct rank_two *m = *(struct rank_two *const *)ctx;
    atomic_fetch_add(&m->asked, rows * columns);
    for (int64_t i = row; i < row + rows; i++)
        for (int64_t j = column; j < column + columns; j++) *out++ = m->a[i] * m->a[j] + m->b[i] * m->b[j];
    if (m->flawed && row == 1280 && column == 1024) out[-1] = NAN;
}

static void check_blocks(void)
{
    enum { N = 1500 };
    struct rank_two two = {.a = targets(N), .b = targets(2 * (int64_t)N) + N}, *borrowed = &two;
    const struct er_kernel_matrix matrix = {.n = N, .read = read_rank_two, .ctx = &borrowed};
    const struct er_ridge ridge = {3, true};
    const struct er_kernel_solver_options o = {.rank = 1, .tolerance = 1e-12, .iterations = 20};
    struct er_kernel_solver_report report;
    double aa = 0, ab = 0, bb = 0, largest, *x = needed(N, sizeof *x), on_a = 0, on_b = 0;
    for (int i = 0; i < N; i++) {
        aa += two.a[i] * two.a[i];
        ab += two.a[i] * two.b[i];
        bb += two.b[i] * two.b[i];
    }
    T_STATUS(er_kernel_largest(&matrix, 1e-12, &largest, pool, NULL, &err), ER_OK, "largest");
    T_CLOSE(largest, (aa + bb) / 2 + hypot((aa - bb) / 2, ab), 1e-9, "that of a matrix of 2 x 2");
    atomic_store(&two.asked, 0);
    T_STATUS(er_kernel_solve(&matrix, ridge, 1, two.a, &o, x, &report, pool, NULL, &err), ER_OK, "blocks");
    const int64_t half = (int64_t)N * (N + 64) / 2; /* squares of 64 on the diagonal are read whole */
    T_OK(report.iterations <= 5 && two.asked <= half * report.iterations + 2 * N,
         "%d passes of half the matrix, its diagonal and a column", (int)report.iterations);
    for (int i = 0; i < N; i++) {
        on_a += two.a[i] * x[i];
        on_b += two.b[i] * x[i];
    }
    for (int i = 0; i < N; i++)
        T_CLOSE(two.a[i] * on_a + two.b[i] * on_b + 3 * x[i], two.a[i], 1e-10, "solves");
    two.flawed = true;
    T_STATUS(er_kernel_solve(&matrix, ridge, 1, two.a, &o, x, &report, pool, NULL, &err), ER_E_NONFINITE,
             "what can't be read");
    T_STATUS(er_kernel_largest(&matrix, 1e-12, &largest, pool, NULL, &err), ER_E_NONFINITE,
             "what can't be read");
    er_free(two.a);
    er_free(two.b - N);
    er_free(x);
}

/* Duplicates without a ridge: r is raised by its rule, and said. */
static void check_raised_ridge(void)
{
    enum { N = 4 };
    static const double k[N * N] = {4, 2, 2, 1, 2, 4, 4, 1, 2, 4, 4, 1, 1, 1, 1, 4};
    const double y[N] = {1, 2, 2, -1};
    double alpha[N], mean[N];
    struct er_posterior *p = NULL;
    T_STATUS(er_posterior_new(N, k, no_ridge, pool, NULL, &p, &err), ER_OK, "duplicates");
    const struct er_posterior_report *report = er_posterior_reported(p);
    T_OK(report->ridge == 0 && report->raised >= 1, "raised %d times", (int)report->raised);
    T_CLOSE(report->added, 4e-14 * pow(10, (double)(report->raised - 1)),
            1e-26 * pow(10, (double)report->raised), "from 1e-14 of the diagonal, times 10");
    T_OK(report->condition > 1e12, "ill-conditioned: %g", report->condition);
    er_posterior_weights(p, 1, y, alpha);
    T_STATUS(er_predict_mean(N, N, k, 1, alpha, NULL, mean, pool, NULL, &err), ER_OK, "mean");
    for (int i = 0; i < N; i++) T_CLOSE(mean[i], y[i], 0.02, "consistent duplicates are fitted");
    double variance[N] = {4, 4, 4, 4};
    int64_t clipped = -1;
    T_STATUS(er_posterior_variances(p, N, k, variance, &clipped, pool, NULL, &err), ER_OK, "variances");
    for (int i = 0; i < N; i++) T_OK(variance[i] >= 0 && variance[i] < 0.1, "variance %g", variance[i]);
    T_OK(clipped >= 0 && clipped <= N, "clipped are counted: %d", (int)clipped);
    er_posterior_free(p);
    static const double indefinite[] = {1, 3, 3, 1};
    T_STATUS(er_posterior_new(2, indefinite, no_ridge, pool, NULL, &p, &err), ER_E_NONFINITE, "indefinite");
    T_STATUS(er_posterior_new(2, indefinite, (struct er_ridge){-1, true}, pool, NULL, &p, &err), ER_E_USAGE,
             "ridge below 0");
}

/* Everything on `threads` threads, one array. */
static double *all_of(int threads, const double *k, const double *test, const double *y, int64_t *size)
{
    enum { N = 150, M = 150, K = 2 };
    struct er_pool *other = needed_pool(threads);
    const struct er_kernel_matrix matrix = {.n = N, .entries = k};
    const struct er_ridge ridge = {1e-3, false};
    struct er_descent_options o = er_descent_defaults();
    struct er_posterior *p = NULL;
    struct er_flow *flow = NULL;
    double *out = needed(6 * (int64_t)N * N, sizeof *out), *at = out, alpha[N * K];
    o.time = 30;
    T_STATUS(er_posterior_new(N, k, ridge, other, NULL, &p, &err), ER_OK, "posterior");
    T_STATUS(er_flow_new(N, K, k, &flow, &err), ER_OK, "flow");
    er_posterior_weights(p, K, y, alpha);
    T_STATUS(er_predict_mean(M, N, test, K, alpha, NULL, at, other, NULL, &err), ER_OK, "mean");
    at += M * K;
    T_STATUS(er_posterior_covariance(p, M, test, at, other, NULL, &err), ER_OK, "covariance");
    at += M * M;
    T_STATUS(er_posterior_ensemble_covariance(p, M, test, test, k, at, other, NULL, &err), ER_OK, "ensemble");
    at += M * M;
    T_STATUS(er_flow_covariance(flow, &o, M, test, test, k, at, other, NULL, &err), ER_OK, "flow");
    at += M * M;
    T_STATUS(er_flow_variances(flow, &o, M, test, test, k, at, NULL, other, NULL, &err), ER_OK, "variances");
    at += M;
    T_STATUS(er_flow_train_covariance(flow, &o, k, at, other, NULL, &err), ER_OK, "train");
    at += N * N;
    struct er_kernel_solver_options solver = er_kernel_solver_defaults();
    solver.rank = 10;
    T_STATUS(er_kernel_solve(&matrix, ridge, K, y, &solver, at, NULL, other, NULL, &err), ER_OK, "solver");
    at += N * K;
    double squares[N * K];
    const double times[] = {5};
    const struct er_logit_flow_options logits = er_logit_flow_defaults();
    for (int i = 0; i < N * K; i++) squares[i] = y[i] * y[i];
    T_STATUS(er_logit_flow(N, K, k, squares, NULL, &logits, 1, times, at, NULL, NULL, other, NULL, &err),
             ER_OK, "logits");
    at += N * K;
    er_posterior_free(p);
    er_flow_free(flow);
    er_pool_free(other);
    *size = at - out;
    return out;
}

static void check_bits(void)
{
    enum { N = 150 };
    int64_t size;
    double *k = gaussian_kernel(0, N, N), *test = gaussian_kernel(50, N, N), *y = targets((int64_t)N * 2);
    double *one = all_of(1, k, test, y, &size);
    for (int threads = 2; threads <= 3; threads++) {
        double *many = all_of(threads, k, test, y, &size);
        T_OK(memcmp(one, many, (size_t)size * sizeof *one) == 0, "%d threads give the bits of one", threads);
        er_free(many);
    }
    er_free(one);
    er_free(k);
    er_free(test);
    er_free(y);
}

/* Mean and variance at the test examples of the toy; training and test examples in an order. */
static void flow_in_order(const int *order, const int *test_order, double *mean, double *variance)
{
    enum { N = TOY_TRAIN, M = TOY_TEST };
    const struct toy_kernels toy = toy_kernels(1.5, 0.1);
    double theta[N * N], k[N * N], theta_test[M * N], k_test[M * N], y[N], alpha[N];
    struct er_descent_options o = er_descent_defaults();
    struct er_flow *flow = NULL;
    o.time = 2;
    o.ridge = (struct er_ridge){0.1, true};
    for (int i = 0; i < N; i++) {
        y[i] = toy_targets[order[i]];
        for (int j = 0; j < N; j++) {
            theta[i * N + j] = toy.theta[order[i]][order[j]];
            k[i * N + j] = toy.k[order[i]][order[j]];
        }
        for (int t = 0; t < M; t++) {
            const int row = N + test_order[t];
            theta_test[t * N + i] = toy.theta[row][order[i]];
            k_test[t * N + i] = toy.k[row][order[i]];
            variance[t] = toy.k[row][row];
        }
    }
    T_STATUS(er_flow_new(N, 1, theta, &flow, &err), ER_OK, "flow");
    T_STATUS(er_flow_weights(flow, &o, y, NULL, alpha, &err), ER_OK, "weights");
    T_STATUS(er_predict_mean(M, N, theta_test, 1, alpha, NULL, mean, pool, NULL, &err), ER_OK, "mean");
    T_STATUS(er_flow_variances(flow, &o, M, theta_test, k_test, k, variance, NULL, pool, NULL, &err), ER_OK,
             "variances");
    er_flow_free(flow);
}

static void check_order(void)
{
    double mean[TOY_TEST], variance[TOY_TEST], moved[TOY_TEST], moved_variance[TOY_TEST];
    flow_in_order((const int[]){0, 1, 2}, (const int[]){0, 1}, mean, variance);
    flow_in_order((const int[]){2, 0, 1}, (const int[]){1, 0}, moved, moved_variance);
    for (int t = 0; t < TOY_TEST; t++) {
        T_CLOSE(moved[t], mean[TOY_TEST - 1 - t], 1e-14, "examples in another order: means move along");
        T_CLOSE(moved_variance[t], variance[TOY_TEST - 1 - t], 1e-14, "variances do");
    }
}

static void check_allocations(void)
{
    struct toy_kernels toy = toy_kernels(1.5, 0.1);
    const struct er_kernel_matrix matrix = {.n = TOY_TRAIN, .entries = toy.k_train};
    struct er_posterior *p = NULL;
    struct er_flow *flow = NULL;
    const struct er_kernel_solver_options solver = er_kernel_solver_defaults();
    const struct er_logit_flow_options logits = er_logit_flow_defaults();
    const struct er_descent_options end = er_descent_defaults();
    const double y[2 * TOY_TRAIN] = {1, 0, 0, 1, 1, 0}, times[] = {0};
    double out[2 * TOY_TRAIN], whole[TOY * TOY];
    T_ALLOCATIONS(er_posterior_new(TOY_TRAIN, toy.k_train, no_ridge, pool, NULL, &p, &err),
                  er_posterior_free(p), "posterior");
    /* LAPACKE's own workspace is not ours to fail */
    T_ALLOCATIONS(er_flow_new(TOY_TRAIN, 1, toy.theta_train, &flow, &err), er_flow_free(flow), "flow");
    T_ALLOCATIONS(er_kernel_solve(&matrix, no_ridge, 1, y, &solver, out, NULL, pool, NULL, &err), (void)0,
                  "solver");
    T_ALLOCATIONS(er_logit_flow(TOY_TRAIN, 2, toy.k_train, y, NULL, &logits, 1, times, out, NULL, NULL, pool,
                                NULL, &err),
                  (void)0, "logits");
    T_STATUS(er_posterior_new(TOY_TRAIN, toy.theta_train, no_ridge, pool, NULL, &p, &err), ER_OK,
             "posterior");
    T_STATUS(er_flow_new(TOY_TRAIN, 1, toy.theta_train, &flow, &err), ER_OK, "flow");
    T_ALLOCATIONS(er_flow_weights(flow, &end, y, NULL, out, &err), (void)0, "weights");
    T_ALLOCATIONS(er_flow_train_covariance(flow, &end, toy.k_train, whole, pool, NULL, &err), (void)0,
                  "train");
    T_ALLOCATIONS(er_flow_covariance(flow, &end, TOY_TEST, toy.theta_test, toy.k_test, toy.k_train, whole,
                                     pool, NULL, &err),
                  (void)0, "covariance");
    T_ALLOCATIONS(er_posterior_covariance(p, TOY_TEST, toy.k_test, whole, pool, NULL, &err), (void)0,
                  "posterior covariance");
    T_ALLOCATIONS(er_posterior_ensemble_variances(p, TOY_TEST, toy.theta_test, toy.k_test, toy.k_train, whole,
                                                  NULL, pool, NULL, &err),
                  (void)0, "ensemble");
    er_posterior_free(p);
    er_flow_free(flow);
}

int main(void)
{
    pool = needed_pool(2);
    check_solver();
    check_low_rank();
    check_blocks();
    check_raised_ridge();
    check_bits();
    check_order();
    check_allocations();
    er_pool_free(pool);
    return t_done();
}
