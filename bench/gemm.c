/* gemm.c - matrix products at the shapes of the layers of `ermine bench`, as fractions of the machine's peak.
 *
 * Each product is first compared with the portable loops; then the best of several rounds of about a tenth of
 * a second on one thread, operands in cache as far as they fit. One JSON object a line: id, seconds a
 * product, GFLOP/s, of_peak (one thread's float32 FMA peak, measured in the same run).
 */
#include "math/gemm.h"
#include "core/clock.h"
#include "math/peak.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

static const double ROUND_SECONDS = 0.1;
enum { ROUNDS = 5 };

struct shape {
    const char *id;
    int64_t m, n, k;
    bool a_transposed;
};

/* Forward and weight-gradient products of dense layers: rows of a batch, inputs, outputs. */
static const struct shape shape[] = {
    {"forward-128x784x512", 128, 512, 784, false}, {"gradient-128x784x512", 784, 512, 128, true},
    {"forward-128x512x512", 128, 512, 512, false}, {"gradient-128x512x512", 512, 512, 128, true},
    {"forward-128x784x64", 128, 64, 784, false},   {"gradient-128x784x64", 784, 64, 128, true},
    {"forward-32x64x64", 32, 64, 64, false},       {"gradient-32x64x64", 64, 64, 32, true},
    {"forward-32x64x10", 32, 10, 64, false},       {"gradient-32x64x10", 64, 10, 32, true},
};

static float *draw(int64_t n, uint64_t index)
{
    float *v = er_alloc(n, sizeof *v);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, index));
    for (int64_t i = 0; v && i < n; i++) v[i] = (float)er_random_normal(&r);
    return v;
}

/* The largest difference between two results, in units of what rounding may do to sums of k terms of size 1.
 */
static double worst(int64_t n, int64_t k, const float *got, const float *want)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, fabs((double)got[i] - (double)want[i]));
    return most / ((double)k * 4 * (double)FLT_EPSILON);
}

static double seconds_of(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    double best = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = er_clock_s();
        double now = start;
        int64_t times = 0;
        for (; now - start < ROUND_SECONDS; now = er_clock_s())
            for (int i = 0; i < 8; i++, times++) er_gemm_run(g, a, b, c);
        best = fmin(best, (now - start) / (double)times);
    }
    return best;
}

static bool measure(const struct shape *s, double peak)
{
    struct er_gemm fast = {
        .m = s->m, .n = s->n, .k = s->k, .ldb = s->n, .ldc = s->n, .a_transposed = s->a_transposed};
    fast.lda = s->a_transposed ? s->m : s->k;
    struct er_gemm slow = fast;
    float *a = draw(s->m * s->k, 0), *b = draw(s->k * s->n, 1);
    float *c = er_alloc(s->m * s->n, sizeof *c), *want = er_alloc(s->m * s->n, sizeof *want);
    bool right = a && b && c && want && er_gemm_plan(&fast, NULL) == ER_OK &&
                 er_gemm_plan_portable(&slow, NULL) == ER_OK;
    if (right) {
        er_gemm_run(&fast, a, b, c);
        er_gemm_run(&slow, a, b, want);
        right = worst(s->m * s->n, s->k, c, want) < 1;
    }
    if (right) {
        const double seconds = seconds_of(&fast, a, b, c);
        const double gflops = 2e-9 * (double)s->m * (double)s->n * (double)s->k / seconds;
        printf("{\"id\": \"%s\", \"seconds\": %.4g, \"gflops\": %.4g, \"of_peak\": %.3f}\n", s->id, seconds,
               gflops, gflops / peak);
    } else {
        fprintf(stderr, "%s: the product is wrong, or memory is out\n", s->id);
    }
    er_free(a);
    er_free(b);
    er_free(c);
    er_free(want);
    return right;
}

int main(void)
{
    struct er_pool *pool = NULL;
    const char *isa;
    if (er_pool_new(1, &pool, NULL) != ER_OK) return 1;
    const double peak = er_peak_gflops(pool, 1, &isa);
    er_pool_free(pool);
    printf("{\"id\": \"peak-1-thread\", \"isa\": \"%s\", \"gflops\": %.4g}\n", isa, peak);
    bool right = true;
    for (size_t i = 0; i < sizeof shape / sizeof shape[0]; i++) right = measure(&shape[i], peak) && right;
    return right ? 0 : 1;
}
