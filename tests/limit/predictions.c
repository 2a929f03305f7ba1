/* What all predictions have in common: the same bits on any number of threads, a ridge that is raised by its rule alone, and
 * memory that may run out. */
#include <ermine/kernel_solver.h>
#include <ermine/logit_flow.h>
#include <ermine/predict.h>

#include "support/gaussian_kernel.h"
#include "support/toy_kernels.h"
#include "t.h"

static struct er_pool *pool;
static struct er_error err;
static const struct er_ridge no_ridge;

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
    memset(variance, 0, sizeof variance); /* less than what is explained */
    T_STATUS(er_posterior_variances(p, N, k, variance, &clipped, pool, NULL, &err), ER_OK, "variances");
    T_EQ_INT(clipped, N, "all are below 0");
    for (int i = 0; i < N; i++) T_CLOSE(variance[i], 0, 0, "and become 0");
    er_posterior_free(p);
    static const double indefinite[] = {1, 3, 3, 1};
    T_STATUS(er_posterior_new(2, indefinite, (struct er_ridge){0.3, true}, pool, NULL, &p, &err),
             ER_E_NONFINITE, "indefinite");
    T_OK(strstr(err.msg, "a ridge of 0.3 either") != NULL, "the last that was tried: %s", err.msg);
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
    T_ALLOCATIONS(er_kernel_largest(&matrix, 1e-6, out, pool, NULL, &err), (void)0, "largest eigenvalue");
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
    check_raised_ridge();
    check_bits();
    check_order();
    check_allocations();
    er_pool_free(pool);
    return t_done();
}
