/* Systems beyond a factorisation: conjugate gradients against Cholesky, kernels of low rank, matrices that are nowhere whole. */
#include <ermine/kernel_solver.h>

#include "support/gaussian_kernel.h"
#include "t.h"
#include <stdatomic.h>

static struct er_pool *pool;
static struct er_error err;

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
    T_CLOSE(report.added, ridge.value, 0, "the ridge");
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
    if (m->flawed && row == 1280 && column == 1024) out[-1] = (double)NAN;
}

static void take_flops(void *ctx, const struct er_progress_report *r)
{
    *(double *)ctx = r->done;
}

static void check_blocks(void)
{
    double flops = 0;
    const struct er_progress progress = {.report = take_flops, .ctx = &flops};
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
    T_STATUS(er_kernel_solve(&matrix, ridge, 1, two.a, &o, x, &report, pool, &progress, &err), ER_OK,
             "blocks");
    T_CLOSE(flops, 2.0 * N * N * (double)report.iterations, 0.5, "2 n^2 k flops a pass");
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

int main(void)
{
    pool = needed_pool(2);
    check_solver();
    check_low_rank();
    check_blocks();
    er_pool_free(pool);
    return t_done();
}
