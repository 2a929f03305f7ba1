/* limit_dense.c - what the kernels of an infinite fully connected net cost: K and Theta of 10,000 points of 784 values with
 * themselves, three hidden layers of relu, on one thread and on all.
 *
 * Verified first: some entries against the recursion written out. Then the whole matrix once per number of threads. Beside it
 * the bound that its parts give by themselves, each at the speed that it has on this machine out of the nearest cache: the
 * product of the data (of a tile), the duals of three layers, and two matrices written twice, entry and mirror image.
 * One JSON object a line: id, threads, seconds, ns an entry and core (of the N (N - 1) / 2), of_bound; cpu_ns, the same of the
 * time that the processors gave, which a busy machine changes little.
 */
#include "core/clock.h"
#include "limit/data_kernel.h"
#include "limit/program.h"
#include "math/duals.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { N = 10000, D = 784, HIDDEN = 3, TILE = ER_DATA_KERNEL_MOST, SEEN = 40, ROUNDS = 7 };

static const char model_text[] = "[dense 512, relu, dense 512, relu, dense 512, relu, dense 1]";
static const double W = 2, B = 0.01;

struct bench {
    struct er_model *model;
    struct er_limit *limit;
    double *x, *k, *theta;
    struct er_error err;
};

static bool open_bench(struct bench *b)
{
    struct er_limit_options options = er_limit_defaults();
    options.weight_std = sqrt(W);
    options.bias_std = sqrt(B);
    options.parameterisation = ER_PARAMETERISATION_NTK;
    *b = (struct bench){.x = er_alloc((int64_t)N * D, sizeof(double)),
                        .k = er_alloc((int64_t)N * N, sizeof(double)),
                        .theta = er_alloc((int64_t)N * N, sizeof(double))};
    if (!b->x || !b->k || !b->theta) return false;
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < (int64_t)N * D; i++) b->x[i] = er_random_normal(&r);
    return er_model_parse(model_text, &b->model, &b->err) == ER_OK &&
           er_limit_new(b->model, (struct er_shape){1, 1, D}, &options, &b->limit, &b->err) == ER_OK;
}

static void close_bench(struct bench *b)
{
    er_limit_free(b->limit);
    er_model_free(b->model);
    er_free(b->x);
    er_free(b->k);
    er_free(b->theta);
}

/* K and Theta of different points from the formulas; sine and angle as they come. */
static void slow(const double *x, const double *y, double *k, double *theta)
{
    double q1 = 0, q2 = 0, c = 0, t = 0;
    for (int i = 0; i < D; i++) {
        q1 += x[i] * x[i] / D;
        q2 += y[i] * y[i] / D;
        c += x[i] * y[i] / D;
    }
    for (int l = 0; l <= HIDDEN; l++) {
        t = W * t + W * c + B;
        c = W * c + B;
        if (l == HIDDEN) break;
        q1 = W * q1 + B;
        q2 = W * q2 + B;
        const double angle = acos(c / sqrt(q1 * q2));
        t *= (M_PI - angle) / (2 * M_PI);
        c = sqrt(q1 * q2) * (sin(angle) + (M_PI - angle) * cos(angle)) / (2 * M_PI);
        q1 /= 2;
        q2 /= 2;
    }
    *k = c;
    *theta = t;
}

static enum er_status compute(const struct bench *b, int64_t n, int threads, double *seconds,
                              struct er_error *err)
{
    struct er_pool *pool = NULL;
    struct er_limit_points *points = NULL;
    enum er_status status = er_pool_new(threads, &pool, err);
    const double began = er_clock_s();
    if (status == ER_OK) status = er_limit_points_new(b->limit, n, b->x, false, pool, NULL, &points, err);
    if (status == ER_OK) status = er_limit_kernel(points, NULL, b->k, b->theta, pool, NULL, err);
    *seconds = er_clock_s() - began;
    er_limit_points_free(points);
    er_pool_free(pool);
    return status;
}

static bool verify(struct bench *b)
{
    double seconds;
    if (compute(b, SEEN, 1, &seconds, &b->err) != ER_OK) return false;
    for (int64_t i = 0; i < SEEN; i++)
        for (int64_t j = 0; j < i; j++) {
            double k, theta;
            slow(b->x + i * D, b->x + j * D, &k, &theta);
            if (fabs(b->k[i * SEEN + j] - k) <= 1e-12 && fabs(b->theta[i * SEEN + j] - theta) <= 1e-11)
                continue;
            fprintf(stderr, "entry %" PRId64 ", %" PRId64 " is %.17g, %.17g, should be %.17g, %.17g\n", i, j,
                    b->k[i * SEEN + j], b->theta[i * SEEN + j], k, theta);
            return false;
        }
    return true;
}

/* The best of some rounds, in ns an entry; the matrices serve as tile and scratch. */
static double product_ns(struct bench *b)
{
    double best = (double)INFINITY;
    for (int r = 0; r < ROUNDS; r++) {
        const double began = er_clock_s();
        er_data_kernel(TILE, TILE, D, b->x, b->x + TILE * D, b->k, b->theta);
        best = fmin(best, er_clock_s() - began);
    }
    return best * 1e9 / (TILE * TILE);
}

static double duals_ns(void)
{
    enum { REPEATS = 1000 };
    double q[TILE], k[TILE], theta[TILE], best = (double)INFINITY;
    const double p[ER_DUAL_PARAMETERS] = {0, 1};
    for (int i = 0; i < TILE; i++) q[i] = 1 + 1.0 / (i + 1);
    for (int r = 0; r < ROUNDS; r++) {
        const struct er_dual_side one = {q, NULL, 0}, two = {q, NULL, 1};
        const double began = er_clock_s();
        for (int n = 0; n < REPEATS; n++) {
            for (int i = 0; i < TILE; i++) k[i] = theta[i] = 0.1 * i / TILE;
            er_dual_abrelu.pair(p, TILE, &one, &two, k, theta);
        }
        best = fmin(best, er_clock_s() - began);
    }
    return HIDDEN * best * 1e9 / (REPEATS * TILE);
}

/* What a core writes to memory, for 32 bytes of each pair. Afterwards the matrices have their pages. */
static double written_ns(struct bench *b)
{
    double best = (double)INFINITY;
    for (int r = 0; r < 4; r++) {
        const double began = er_clock_s();
        memset(r % 2 ? b->theta : b->k, r, (size_t)N * N * sizeof *b->k);
        best = fmin(best, er_clock_s() - began);
    }
    return 4 * best * 1e9 / ((double)N * N);
}

static enum er_status measure(struct bench *b, int threads, double bound)
{
    double seconds;
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &b->err);
    if (status != ER_OK) return status;
    const int used = er_pool_threads(pool);
    er_pool_free(pool);
    const clock_t began = clock();
    status = compute(b, N, threads, &seconds, &b->err);
    if (status != ER_OK) return status;
    const double entries = 0.5 * N * (N - 1), ns = seconds * 1e9 * used / entries;
    const double cpu_ns = (double)(clock() - began) / CLOCKS_PER_SEC * 1e9 / entries;
    printf("{\"id\": \"limit-dense-%d\", \"threads\": %d, \"seconds\": %.3f, \"ns\": %.1f, \"of_bound\": "
           "%.2f, \"cpu_ns\": %.1f}\n",
           (int)N, used, seconds, ns, bound / ns, cpu_ns);
    fflush(stdout);
    return ER_OK;
}

int main(void)
{
    struct bench b;
    bool done = open_bench(&b) && verify(&b);
    if (done) {
        const double product = product_ns(&b), duals = duals_ns(), written = written_ns(&b);
        printf("{\"id\": \"limit-dense-bound\", \"product_ns\": %.1f, \"duals_ns\": %.1f, \"written_ns\": "
               "%.1f}\n",
               product, duals, written);
        done = measure(&b, 1, product + duals + written) == ER_OK &&
               measure(&b, 0, product + duals + written) == ER_OK;
    }
    if (!done)
        fprintf(stderr, "bench_limit_dense: %s\n", b.err.msg[0] ? b.err.msg : "out of memory, or wrong");
    close_bench(&b);
    return done ? 0 : 1;
}
