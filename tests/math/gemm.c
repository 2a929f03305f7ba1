/* Matrix products of every variant that runs here, against sums in double at sampled shapes and layouts; ours
 * also against their own definition, to the bit. */
#include "t.h"

#include "math/gemm.h"

#include <ermine/random.h>
#include <float.h>

enum { SAMPLES = 1500, GUARD = 16 };
static const float UNTOUCHED = 1.0e30f;

static int64_t draw(struct er_random *r, int64_t low, int64_t high)
{
    return low + (int64_t)(er_random_uniform(r) * (double)(high - low + 1));
}

static int64_t element_a(const struct er_gemm *g, int64_t r, int64_t i, int64_t p)
{
    return r * g->stride_a + (g->a_transposed ? p * g->lda + i : i * g->lda + p);
}

/* One element in double with the sum of its terms' magnitudes, and by the two definitions in float. */
struct truth {
    double sum, magnitude;
    float plain, fused;
};

static struct truth truth_of(const struct er_gemm *g, const float *a, const float *b, float c, int64_t i,
                             int64_t j)
{
    const float start = g->accumulate ? c : 0;
    struct truth t = {(double)start, fabs((double)start), start, start};
    for (int64_t r = 0; r < g->reduce; r++)
        for (int64_t p = 0; p < g->k; p++) {
            const float x = a[element_a(g, r, i, p)], y = b[r * g->stride_b + p * g->ldb + j];
            t.sum += (double)x * (double)y;
            t.magnitude += fabs((double)x * (double)y);
            t.plain += x * y;
            t.fused = fmaf(x, y, t.fused);
        }
    return t;
}

/* Whether the product of this shape is right for operands drawn from r, at addresses that nothing aligns. */
static bool holds(struct er_gemm g, const char *variant, struct er_random *r)
{
    struct er_error err = {0};
    if (er_gemm_plan_variant(&g, variant, &err) != ER_OK) {
        T_OK(false, "%s: %s", variant, err.msg);
        return false;
    }
    const int64_t rows_a = g.a_transposed ? g.k : g.m, row_a = g.a_transposed ? g.m : g.k;
    const int64_t n_a = (g.reduce - 1) * g.stride_a + (rows_a - 1) * g.lda + row_a;
    const int64_t n_b = (g.reduce - 1) * g.stride_b + (g.k - 1) * g.ldb + g.n;
    const int64_t n_c = (g.m - 1) * g.ldc + g.n;
    float *a = er_alloc(n_a + 1, sizeof *a), *b = er_alloc(n_b + 1, sizeof *b);
    float *c = er_alloc(n_c + 2 * GUARD + 1, sizeof *c), *before = er_alloc(n_c, sizeof *before);
    bool right = a && b && c && before;
    if (!right) goto done;
    const int64_t shift_a = draw(r, 0, 1), shift_b = draw(r, 0, 1), shift_c = draw(r, 0, 1);
    float *in_a = a + shift_a, *in_b = b + shift_b, *out = c + GUARD + shift_c;
    for (int64_t i = 0; i < n_a; i++) in_a[i] = (float)er_random_normal(r);
    for (int64_t i = 0; i < n_b; i++) in_b[i] = (float)er_random_normal(r);
    for (int64_t i = 0; i < n_c + 2 * GUARD + 1; i++) c[i] = UNTOUCHED;
    for (int64_t i = 0; i < g.m; i++)
        for (int64_t j = 0; j < g.n; j++)
            before[i * g.ldc + j] = out[i * g.ldc + j] = g.accumulate ? (float)er_random_normal(r) : NAN;
    er_gemm_run(&g, in_a, in_b, out);
    for (int64_t i = 0; i < g.m; i++)
        for (int64_t j = 0; j < g.ldc && i * g.ldc + j < n_c; j++) {
            const float got = out[i * g.ldc + j];
            if (j >= g.n) {
                right = right && got == UNTOUCHED;
                continue;
            }
            const struct truth t = truth_of(&g, in_a, in_b, before[i * g.ldc + j], i, j);
            const double bound = (double)(g.reduce * g.k + 2) * (double)FLT_EPSILON * t.magnitude;
            right = right && fabs((double)got - t.sum) <= bound;
            if (strcmp(variant, "portable") == 0) right = right && got == t.plain;
            if (strcmp(variant, "avx2") == 0) right = right && got == t.fused;
        }
    for (int64_t i = 0; i < n_c + 2 * GUARD + 1; i++)
        if (c + i < out || c + i >= out + n_c) right = right && c[i] == UNTOUCHED;
done:
    er_free(a);
    er_free(b);
    er_free(c);
    er_free(before);
    return right;
}

static void describe(const struct er_gemm *g, char *to, size_t size)
{
    snprintf(to, size,
             "%" PRId64 " x %" PRId64 " x %" PRId64 "%s%s, strides %" PRId64 " %" PRId64 " %" PRId64
             ", %" PRId64 " products %" PRId64 " and %" PRId64 " apart",
             g->m, g->n, g->k, g->a_transposed ? " transposed" : "", g->accumulate ? " added" : "", g->lda,
             g->ldb, g->ldc, g->reduce, g->stride_a, g->stride_b);
}

/* Shapes up to 40 in all directions; rows of A that overlap, touch or keep a distance; sums of up to 9. */
static struct er_gemm sample(struct er_random *r)
{
    struct er_gemm g = {.m = draw(r, 1, 40), .n = draw(r, 1, 40), .k = draw(r, 1, 40)};
    g.a_transposed = draw(r, 0, 1);
    g.accumulate = draw(r, 0, 1);
    const int64_t row_a = g.a_transposed ? g.m : g.k;
    g.lda = draw(r, 0, 3) == 0 ? draw(r, 1, row_a) : row_a + draw(r, 0, 9);
    g.ldb = g.n + draw(r, 0, 9);
    g.ldc = g.n + draw(r, 0, 9);
    g.reduce = draw(r, 0, 9);
    g.stride_a = draw(r, 0, 1) ? draw(r, 0, 50) : draw(r, 0, 3000);
    g.stride_b = draw(r, 0, 1) ? draw(r, 0, 50) : draw(r, 0, 3000);
    return g;
}

static const struct er_gemm of_layers[] = {
    {.m = 128, .n = 512, .k = 784, .lda = 784, .ldb = 512, .ldc = 512},
    {.m = 784, .n = 10, .k = 128, .lda = 784, .ldb = 10, .ldc = 10, .a_transposed = true},
    {.m = 33, .n = 10, .k = 512, .lda = 512, .ldb = 10, .ldc = 10},
    /* 3 x 3 patches of 30 x 30 x 32: a row of 28 outputs, and the gradient of the weights over 28 such rows
     */
    {.m = 28,
     .n = 32,
     .k = 96,
     .lda = 32,
     .ldb = 32,
     .ldc = 32,
     .reduce = 3,
     .stride_a = 960,
     .stride_b = 3072},
    {.m = 96,
     .n = 32,
     .k = 28,
     .lda = 32,
     .ldb = 32,
     .ldc = 32,
     .a_transposed = true,
     .accumulate = true,
     .reduce = 28,
     .stride_a = 960,
     .stride_b = 896},
};

static void check_variant(const char *variant)
{
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    struct er_gemm g = {.m = 1, .n = 1, .k = 1, .lda = 1, .ldb = 1, .ldc = 1};
    struct er_error err = {0};
    char text[200];
    if (er_gemm_plan_variant(&g, variant, &err) != ER_OK) {
        printf("# %s: not run, this machine or build lacks it\n", variant);
        return;
    }
    for (int i = 0; i < SAMPLES; i++) {
        g = sample(&r);
        describe(&g, text, sizeof text);
        T_OK(holds(g, variant, &r), "%s: %s", variant, text);
    }
    for (size_t i = 0; i < sizeof of_layers / sizeof of_layers[0]; i++) {
        describe(&of_layers[i], text, sizeof text);
        T_OK(holds(of_layers[i], variant, &r), "%s: %s", variant, text);
    }
}

static void check_refusals(void)
{
    struct er_error err = {0};
    const struct er_gemm good = {.m = 2, .n = 2, .k = 2, .lda = 2, .ldb = 2, .ldc = 2};
    struct er_gemm bad = good;
    T_STATUS(er_gemm_plan(&bad, &err), ER_OK, "a product");
    T_EQ_INT(bad.reduce, 1, "is a sum of one");
    T_STATUS(er_gemm_plan_variant(&bad, "abacus", &err), ER_E_UNSUPPORTED, "by no such means");
    bad.m = 0;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "an empty product");
    bad = good;
    bad.lda = 0;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "rows of A on top of each other");
    bad = good;
    bad.ldb = 1;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "a short stride of B");
    bad = good;
    bad.ldc = 1;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "a short stride of C");
    bad = good;
    bad.reduce = -1;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "fewer products than none");
    bad = good;
    bad.reduce = 2;
    bad.stride_b = (int64_t)1 << 31;
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "products too far apart");
}

/* Operands beyond the reach of 32-bit byte offsets stay with the portable loops. */
static void check_reach(void)
{
    struct er_error err = {0};
    struct er_gemm wide = {.m = 1, .n = 500000, .k = 1200, .lda = 1200, .ldb = 500000, .ldc = 500000},
                   small = {.m = 1, .n = 400000, .k = 1200, .lda = 1200, .ldb = 400000, .ldc = 400000},
                   definition = small;
    if (er_gemm_plan_variant(&definition, "libxsmm", &err) != ER_OK) return;
    T_STATUS(er_gemm_plan_variant(&wide, "libxsmm", &err), ER_E_UNSUPPORTED,
             "a matrix of more than 2^31 bytes");
    T_STATUS(er_gemm_plan_variant(&definition, "portable", &err), ER_OK, "the portable loops");
    T_STATUS(er_gemm_plan(&wide, &err), ER_OK, "the large one");
    T_STATUS(er_gemm_plan(&small, &err), ER_OK, "one of fewer");
    T_OK(wide.kernel == definition.kernel, "the large one is left to the portable loops");
    T_OK(small.kernel != definition.kernel, "the other one is not");
}

static void check_transpose(int64_t m, int64_t n, int64_t shift)
{
    float *in = er_alloc(m * n + 1, sizeof *in), *out = er_alloc(m * n + 2 * GUARD, sizeof *out);
    bool right = in && out;
    if (right) {
        for (int64_t i = 0; i < m * n; i++) in[i + shift] = (float)i;
        for (int64_t i = 0; i < m * n + 2 * GUARD; i++) out[i] = UNTOUCHED;
        er_transpose(m, n, in + shift, out + GUARD - shift);
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < n; j++)
                right = right && out[GUARD - shift + j * m + i] == in[i * n + j + shift];
        for (int64_t i = 0; i < m * n + 2 * GUARD; i++)
            if (i < GUARD - shift || i >= GUARD - shift + m * n) right = right && out[i] == UNTOUCHED;
    }
    T_OK(right, "transpose of %d x %d", (int)m, (int)n);
    er_free(in);
    er_free(out);
}

int main(void)
{
    er_gemm_hold();
    for (int v = 0; er_gemm_variant_name(v); v++) check_variant(er_gemm_variant_name(v));
    check_refusals();
    check_reach();
    er_gemm_release();
    for (int64_t m = 1; m < 52; m += 5)
        for (int64_t n = 1; n < 52; n += 5) check_transpose(m, n, (m + n) % 2);
    check_transpose(64, 64, 0);
    check_transpose(512, 784, 0);
    T_OK(strlen(er_gemm_isa()) > 0, "the instruction set has a name: %s", er_gemm_isa());
    return t_done();
}
