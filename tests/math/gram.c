/* Kernel matrices by tiles: each kernel against its formula in plain loops, close and equal points, products with
 * matrices that are never held, the same bits for 1, 2 and 3 threads. */
#include "math/gram.h"

#include "support/needed.h"
#include "t.h"
#include <ermine/random.h>
#include <float.h>

enum { N = 530, M = 300, D = 7, K = 3 }; /* more than two tiles, the last one short */

static const struct er_kernel kernels[] = {
    {.kind = ER_KERNEL_GAUSSIAN, .rate = 0.1},
    {.kind = ER_KERNEL_LAPLACE, .rate = 0.3},
    {.kind = ER_KERNEL_LINEAR},
    {.kind = ER_KERNEL_POLYNOMIAL, .degree = 5, .scale = 0.1, .offset = 1},
};

static double formula(const struct er_kernel *k, const float *x, const float *z)
{
    double inner = 0, distance = 0;
    for (int j = 0; j < D; j++) {
        inner += (double)x[j] * (double)z[j];
        distance += ((double)x[j] - (double)z[j]) * ((double)x[j] - (double)z[j]);
    }
    switch (k->kind) {
    case ER_KERNEL_GAUSSIAN:
        return exp(-k->rate * distance);
    case ER_KERNEL_LAPLACE:
        return exp(-k->rate * sqrt(distance));
    case ER_KERNEL_LINEAR:
        return inner;
    case ER_KERNEL_POLYNOMIAL:
        return pow(k->scale * inner + k->offset, (double)k->degree);
    }
    return (double)NAN;
}

/* Equal to the bit. */
static bool same_bytes(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* Points; 20 and 400 are equal, 21 and 401 nearly so. */
static float *points(int64_t n, uint64_t seed)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 0));
    float *x = needed(n * D, sizeof *x);
    for (int64_t i = 0; i < n * D; i++) x[i] = (float)(er_random_normal(&r) + 1);
    for (int64_t j = 0; n == N && j < D; j++) {
        x[400 * D + j] = x[20 * D + j];
        x[401 * D + j] = x[21 * D + j] * (j == 0 ? 1.00001f : 1);
    }
    return x;
}

static void check_formulas(const struct er_kernel *kernel, const float *x, const float *z, const double *c)
{
    struct er_error err;
    struct er_pool *pool = needed_pool(2);
    double *G = needed(N * N, sizeof *G), *f = needed(M * K, sizeof *f), worst = 0, wrong = 0, size = 0;
    bool symmetric = true;
    T_STATUS(er_gram(kernel, N, D, x, G, pool, NULL, &err), ER_OK, "kernel matrix");
    T_STATUS(er_gram_apply(kernel, M, z, N, x, D, K, c, f, pool, NULL, &err), ER_OK, "products");
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j <= i; j++) {
            const double want = formula(kernel, x + i * D, x + j * D);
            worst = fmax(worst, fabs(G[i * N + j] - want) / (1 + fabs(want)));
            symmetric = symmetric && G[i * N + j] == G[j * N + i];
        }
    for (int64_t i = 0; i < M; i++)
        for (int64_t k = 0; k < K; k++) {
            double sum = 0, terms = 0;
            for (int64_t j = 0; j < N; j++) {
                const double term = formula(kernel, z + i * D, x + j * D) * c[j * K + k];
                sum += term;
                terms += fabs(term);
            }
            wrong = fmax(wrong, fabs(sum - f[i * K + k]));
            size = fmax(size, terms);
        }
    /* |x|^2 and its like are about 15 and up to 60; close pairs are exact. Laplace: the root of a distance that
     * is right to 1e-15 / 1e-6 */
    const double eps = (kernel->kind == ER_KERNEL_LAPLACE ? 1e4 : 400) * DBL_EPSILON;
    T_OK(symmetric, "kernel %d: symmetric to the bit", (int)kernel->kind);
    T_CLOSE(worst, 0, eps, "kernel %d: elements", (int)kernel->kind);
    T_CLOSE(wrong, 0, eps * size, "kernel %d: products", (int)kernel->kind);
    if (kernel->rate > 0) {
        T_OK(G[20 * N + 20] == 1 && G[400 * N + 20] == 1, "kernel %d: equal points", (int)kernel->kind);
        T_CLOSE(1 - G[401 * N + 21], 1 - formula(kernel, x + 401 * D, x + 21 * D),
                fmax(1e-9 * (1 - G[401 * N + 21]), 2 * DBL_EPSILON), "kernel %d: close points",
                (int)kernel->kind);
    }
    er_free(G);
    er_free(f);
    er_pool_free(pool);
}

static void check_bits(const struct er_kernel *kernel, const float *x, const float *z, const double *c)
{
    struct er_error err;
    double *G[4] = {0}, *f[4] = {0};
    for (int threads = 1; threads <= 3; threads++) {
        struct er_pool *pool = needed_pool(threads);
        G[threads] = needed(N * N, sizeof **G);
        f[threads] = needed(M * K, sizeof **f);
        T_STATUS(er_gram(kernel, N, D, x, G[threads], pool, NULL, &err), ER_OK, "%d threads", threads);
        T_STATUS(er_gram_apply(kernel, M, z, N, x, D, K, c, f[threads], pool, NULL, &err), ER_OK,
                 "%d threads", threads);
        T_OK(same_bytes(G[1], G[threads], N * N * sizeof **G) &&
                 same_bytes(f[1], f[threads], M * K * sizeof **f),
             "%d threads give the bits of one", threads);
        er_pool_free(pool);
    }
    for (int threads = 1; threads <= 3; threads++) {
        er_free(G[threads]);
        er_free(f[threads]);
    }
}

static void on_report(void *ctx, const struct er_progress_report *report)
{
    double *last = ctx;
    *last = report->done / report->total;
}

static void check_progress(const float *x, const float *z, const double *c)
{
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    double *G = needed(N * N, sizeof *G), *f = needed(M * K, sizeof *f), share = 0;
    atomic_bool stop = false;
    const struct er_progress progress = {.report = on_report, .ctx = &share, .stop = &stop};
    T_STATUS(er_gram(kernels, N, D, x, G, pool, &progress, &err), ER_OK, "reported");
    T_OK(share == 1, "all flops are counted: %g", share);
    T_STATUS(er_gram_apply(kernels, M, z, N, x, D, K, c, f, pool, &progress, &err), ER_OK, "reported");
    T_OK(share == 1, "all flops are counted: %g", share);
    stop = true;
    T_STATUS(er_gram(kernels, N, D, x, G, pool, &progress, &err), ER_E_STOPPED, "stopped");
    T_STATUS(er_gram_apply(kernels, M, z, N, x, D, K, c, f, pool, &progress, &err), ER_E_STOPPED, "stopped");
    T_ALLOCATIONS(er_gram(kernels, N, D, x, G, pool, NULL, &err), (void)0, "allocations");
    T_ALLOCATIONS(er_gram_apply(kernels, M, z, N, x, D, K, c, f, pool, NULL, &err), (void)0, "allocations");
    T_OK(er_gram_scratch_bytes(D, 2) > 2.0 * 256 * 256 * 8, "the scratch holds a tile a thread");
    er_free(G);
    er_free(f);
    er_pool_free(pool);
}

int main(void)
{
    float *x = points(N, 1), *z = points(M, 2);
    double *c = needed(N * K, sizeof *c);
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < N * K; i++) c[i] = er_random_normal(&r);
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) check_formulas(&kernels[i], x, z, c);
    check_bits(&kernels[0], x, z, c);
    check_progress(x, z, c);
    er_free(x);
    er_free(z);
    er_free(c);
    return t_done();
}
