/* gemm.c - matrix products at the shapes of dense and convolutional layers, as fractions of the machine's
 * peak.
 *
 * Each row is first compared with the portable loops; then the best of many short stretches on one thread, so
 * that a busy machine spoils few of them, operands in cache as far as they fit. One JSON object a line: id,
 * variant, seconds a product, GFLOP/s, of_peak (one thread's float32 FMA peak, measured in the same run).
 *
 * Dense, B rows, I inputs, O outputs: forward X W, weights X^T dY, data dY W^T in two ways (W is transposed;
 * or dY and then the result are, from dX^T = W dY^T). "-by-16" and so on: in so many calls of as many rows of
 * the result. Convolution 3 x 3 of 28 x 28 x C images, border included, to D maps: one row of the output, and
 * what an image adds to the gradient of the weights of one row of the kernel.
 *
 *     bench_gemm [VARIANT]        libxsmm, avx2 or portable; else the best one here
 */
#include "math/gemm.h"
#include "core/clock.h"
#include "math/peak.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

static const double STRETCH_SECONDS = 2e-4, ROW_SECONDS = 0.1;

/* Which operand is transposed on the way, TURN_A_AND_C also the result. */
enum turned { NOTHING, TURN_B, TURN_A_AND_C };

/* A product as it is timed: calls with pointers moved on by steps, transposes before and after. */
struct row {
    struct er_gemm g;
    int64_t calls, step_a, step_c; /* C of one call is step_c behind that of the one before */
    enum turned turned;
    const float *a, *b;
    float *c, *scratch[2];
};

static void run(const struct row *t)
{
    const struct er_gemm *g = &t->g;
    if (t->turned == TURN_B) { /* B comes as n x k */
        er_transpose(g->n, g->k, t->b, t->scratch[0]);
        er_gemm_run(g, t->a, t->scratch[0], t->c);
    } else if (t->turned ==
               TURN_A_AND_C) { /* B comes as n x k, C goes as n x m: what is planned is B A' = C' */
        er_transpose(g->n, g->k, t->b, t->scratch[0]);
        er_gemm_run(g, t->a, t->scratch[0], t->scratch[1]);
        er_transpose(g->m, g->n, t->scratch[1], t->c);
    } else {
        for (int64_t i = 0; i < t->calls; i++)
            er_gemm_run(g, t->a + i * t->step_a, t->b, t->c + i * t->step_c);
    }
}

static double seconds_of(const struct row *t)
{
    const double start = er_clock_s();
    run(t);
    const double once = er_clock_s() - start;
    const int times = 1 + (int)(STRETCH_SECONDS / once);
    double best = once;
    for (double now = er_clock_s(); now - start < ROW_SECONDS;) {
        for (int i = 0; i < times; i++) run(t);
        const double end = er_clock_s();
        best = fmin(best, (end - now) / times);
        now = end;
    }
    return best;
}

static struct {
    double peak;
    const char *variant; /* NULL: the best */
    bool right;
} bench;

static float *draw(int64_t n, uint64_t index)
{
    float *v = er_alloc(n, sizeof *v);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, index));
    for (int64_t i = 0; v && i < n; i++) v[i] = (float)er_random_normal(&r);
    return v;
}

/* Whether two results differ by no more than rounding may do to sums of `terms` products of size 1. */
static bool agree(int64_t n, int64_t terms, const float *got, const float *want)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, fabs((double)got[i] - (double)want[i]));
    return most < (double)terms * 4 * (double)FLT_EPSILON;
}

/* n_a, n_b: elements of the operands as they come. */
static void measure(const char *id, struct row t, int64_t n_a, int64_t n_b)
{
    if (t.calls == 0) t.calls = 1;
    const int64_t n_c = t.calls * t.g.m * t.g.n, n_turned = n_a > n_b ? n_a : n_b;
    const int64_t n_scratch = n_turned > n_c ? n_turned : n_c;
    struct row slow = t;
    float *a = draw(n_a, 0), *b = draw(n_b, 1);
    float *c = er_alloc(n_c, sizeof *c), *want = er_alloc(n_c, sizeof *want);
    float *scratch[2] = {er_alloc(n_scratch, sizeof(float)), er_alloc(n_scratch, sizeof(float))};
    bool right = a && b && c && want && scratch[0] && scratch[1] &&
                 (bench.variant ? er_gemm_plan_variant(&t.g, bench.variant, NULL)
                                : er_gemm_plan(&t.g, NULL)) == ER_OK &&
                 er_gemm_plan_variant(&slow.g, "portable", NULL) == ER_OK;
    if (right) {
        t.a = slow.a = a, t.b = slow.b = b, t.c = c, slow.c = want;
        for (int i = 0; i < 2; i++) t.scratch[i] = slow.scratch[i] = scratch[i];
        for (int64_t i = 0; i < n_c; i++) c[i] = want[i] = 0;
        run(&t);
        run(&slow);
        right = agree(n_c, t.g.reduce * t.g.k, c, want);
    }
    if (right) {
        const double seconds = seconds_of(&t);
        const double gflops = 2e-9 * (double)n_c * (double)t.g.k * (double)t.g.reduce / seconds;
        printf(
            "{\"id\": \"%s\", \"variant\": \"%s\", \"seconds\": %.4g, \"gflops\": %.4g, \"of_peak\": %.3f}\n",
            id, bench.variant ? bench.variant : er_gemm_isa(), seconds, gflops, gflops / bench.peak);
    } else {
        fprintf(stderr, "%s: the product is wrong, has no kernel, or memory is out\n", id);
        bench.right = false;
    }
    er_free(a);
    er_free(b);
    er_free(c);
    er_free(want);
    er_free(scratch[0]);
    er_free(scratch[1]);
}

static void dense(int64_t B, int64_t I, int64_t O)
{
    char id[80], shape[48];
    snprintf(shape, sizeof shape, "%lldx%lldx%lld", (long long)B, (long long)I, (long long)O);
    snprintf(id, sizeof id, "forward-%s", shape);
    measure(id, (struct row){.g = {.m = B, .n = O, .k = I, .lda = I, .ldb = O, .ldc = O}}, B * I, I * O);
    snprintf(id, sizeof id, "weights-%s", shape);
    measure(id,
            (struct row){.g = {.m = I, .n = O, .k = B, .lda = I, .ldb = O, .ldc = O, .a_transposed = true}},
            B * I, B * O);
    snprintf(id, sizeof id, "data-turning-w-%s", shape);
    measure(id, (struct row){.g = {.m = B, .n = I, .k = O, .lda = O, .ldb = I, .ldc = I}, .turned = TURN_B},
            B * O, I * O);
    snprintf(id, sizeof id, "data-turning-dy-dx-%s", shape);
    measure(id,
            (struct row){.g = {.m = I, .n = B, .k = O, .lda = O, .ldb = B, .ldc = B}, .turned = TURN_A_AND_C},
            I * O, B * O);
}

static void dense_in_blocks(int64_t B, int64_t I, int64_t O)
{
    char id[80];
    for (int64_t rows = 16; rows <= 112; rows = rows == 64 ? 112 : 2 * rows) {
        snprintf(id, sizeof id, "forward-%lldx%lldx%lld-by-%lld", (long long)B, (long long)I, (long long)O,
                 (long long)rows);
        if (B % rows == 0 && B > rows)
            measure(id,
                    (struct row){.g = {.m = rows, .n = O, .k = I, .lda = I, .ldb = O, .ldc = O},
                                 .calls = B / rows,
                                 .step_a = rows * I,
                                 .step_c = rows * O},
                    B * I, I * O);
        snprintf(id, sizeof id, "weights-%lldx%lldx%lld-by-%lld", (long long)B, (long long)I, (long long)O,
                 (long long)rows);
        if (I % rows == 0 && I > rows)
            measure(id,
                    (struct row){
                        .g = {.m = rows, .n = O, .k = B, .lda = I, .ldb = O, .ldc = O, .a_transposed = true},
                        .calls = I / rows,
                        .step_a = rows,
                        .step_c = rows * O},
                    B * I, B * O);
    }
}

static void convolution(int64_t C, int64_t D)
{
    enum { SIDE = 28, KERNEL = 3, PADDED = SIDE + KERNEL - 1 };
    char id[80];
    const int64_t row = PADDED * C, n_image = PADDED * row;
    snprintf(id, sizeof id, "conv-row-%lldto%lld", (long long)C, (long long)D);
    measure(id,
            (struct row){.g = {.m = SIDE,
                               .n = D,
                               .k = KERNEL * C,
                               .lda = C,
                               .ldb = D,
                               .ldc = D,
                               .reduce = KERNEL,
                               .stride_a = row,
                               .stride_b = KERNEL * C * D}},
            n_image, KERNEL * KERNEL * C * D);
    snprintf(id, sizeof id, "conv-weights-%lldto%lld", (long long)C, (long long)D);
    measure(id,
            (struct row){.g = {.m = KERNEL * C,
                               .n = D,
                               .k = SIDE,
                               .lda = C,
                               .ldb = D,
                               .ldc = D,
                               .a_transposed = true,
                               .reduce = SIDE,
                               .stride_a = row,
                               .stride_b = SIDE * D}},
            n_image, SIDE * SIDE * D);
}

int main(int argc, char **argv)
{
    static const int64_t layer[][2] = {{784, 512}, {512, 512}, {784, 64}, {512, 64},
                                       {64, 64},   {512, 10},  {64, 10}};
    static const int64_t maps[][2] = {{1, 16},  {1, 32},  {3, 32},  {16, 16},
                                      {16, 32}, {32, 32}, {32, 64}, {64, 64}};
    struct er_pool *pool = NULL;
    const char *isa;
    if (er_pool_new(1, &pool, NULL) != ER_OK) return 1;
    bench.peak = er_peak_gflops(pool, 1, &isa);
    bench.variant = argc > 1 ? argv[1] : NULL;
    bench.right = true;
    er_pool_free(pool);
    printf("{\"id\": \"peak-1-thread\", \"isa\": \"%s\", \"gflops\": %.4g}\n", isa, bench.peak);
    er_gemm_hold();
    for (size_t i = 0; i < sizeof layer / sizeof layer[0]; i++)
        for (int64_t B = 16; B <= 128; B *= 2) dense(B, layer[i][0], layer[i][1]);
    for (size_t i = 0; i < sizeof layer / sizeof layer[0]; i++)
        dense_in_blocks(128, layer[i][0], layer[i][1]);
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) convolution(maps[i][0], maps[i][1]);
    er_gemm_release();
    return bench.right ? 0 : 1;
}
