/* Matrix products against sums in double, at every small shape and at the shapes of real layers. */
#include "t.h"

#include "math/gemm.h"

#include <float.h>

/* Values of a product that a wrong stride or a swapped operand would change. */
static float value(int64_t i, int64_t j)
{
    return (float)((i * 7 + j * 13) % 31 - 15) / 16.0f;
}

static void check(int64_t m, int64_t n, int64_t k, bool transposed, bool portable)
{
    struct er_error err = {0};
    const int64_t pad = 3; /* strides beyond the rows, with guards between them */
    struct er_gemm g = {
        .m = m, .n = n, .k = k, .lda = (transposed ? m : k) + pad, .ldb = n + pad, .ldc = n + pad};
    g.a_transposed = transposed;
    const int64_t rows_a = transposed ? k : m;
    float *a = er_alloc(rows_a * g.lda, sizeof *a), *b = er_alloc(k * g.ldb, sizeof *b);
    float *c = er_alloc(m * g.ldc, sizeof *c);
    if (!a || !b || !c) {
        T_OK(false, "memory");
        goto done;
    }
    for (int64_t i = 0; i < m; i++)
        for (int64_t p = 0; p < k; p++) a[transposed ? p * g.lda + i : i * g.lda + p] = value(i, p);
    for (int64_t p = 0; p < k; p++)
        for (int64_t j = 0; j < n; j++) b[p * g.ldb + j] = value(j, p + 5);
    for (int64_t i = 0; i < m * g.ldc; i++) c[i] = 99;
    T_STATUS(portable ? er_gemm_plan_portable(&g, &err) : er_gemm_plan(&g, &err), ER_OK, "plan");
    er_gemm_run(&g, a, b, c);
    double worst = 0;
    bool guards = true;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t p = 0; p < k; p++) sum += (double)value(i, p) * (double)value(j, p + 5);
            worst = fmax(worst, fabs(sum - (double)c[i * g.ldc + j]));
        }
        for (int64_t j = n; j < g.ldc; j++) guards = guards && c[i * g.ldc + j] == 99.0f;
    }
    /* |terms| <= 1, each partial sum <= k: at most k rounding errors of k * eps / 2 each */
    T_OK(worst <= (double)(k * k) * (double)FLT_EPSILON, "%lld x %lld x %lld%s: worst %g", (long long)m,
         (long long)n, (long long)k, transposed ? " transposed" : "", worst);
    T_OK(guards, "%lld x %lld x %lld: nothing is written beyond the rows", (long long)m, (long long)n,
         (long long)k);
done:
    er_free(a);
    er_free(b);
    er_free(c);
}

int main(void)
{
    struct er_error err = {0};
    for (int portable = 0; portable < 2; portable++)
        for (int transposed = 0; transposed < 2; transposed++) {
            for (int64_t m = 1; m < 20; m += 3)
                for (int64_t n = 1; n < 36; n += 5)
                    for (int64_t k = 1; k < 20; k += 6) check(m, n, k, transposed, portable);
            check(128, 512, 784, transposed, portable);
            check(784, 10, 128, transposed, portable);
            check(33, 10, 512, transposed, portable);
        }
    struct er_gemm bad = {.m = 0, .n = 1, .k = 1, .lda = 1, .ldb = 1, .ldc = 1};
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "an empty product");
    bad = (struct er_gemm){.m = 2, .n = 2, .k = 2, .lda = 1, .ldb = 2, .ldc = 2};
    T_STATUS(er_gemm_plan(&bad, &err), ER_E_SHAPE, "a short stride");

    /* operands beyond the reach of 32-bit byte offsets stay with the portable loops */
    struct er_gemm wide = {.m = 1, .n = 500000, .k = 1200, .lda = 1200, .ldb = 500000, .ldc = 500000},
                   small = {.m = 1, .n = 400000, .k = 1200, .lda = 1200, .ldb = 400000, .ldc = 400000},
                   definition = small;
    T_STATUS(er_gemm_plan(&wide, &err), ER_OK, "a matrix of more than 2^31 bytes");
    T_STATUS(er_gemm_plan(&small, &err), ER_OK, "one of fewer");
    T_STATUS(er_gemm_plan_portable(&definition, &err), ER_OK, "the portable loops");
    T_OK(wide.kernel == definition.kernel, "the large one is left to the portable loops");
    T_OK(strcmp(er_gemm_isa(), "portable") == 0 || small.kernel != definition.kernel, "the other one is not");

    float in[17 * 35], out[17 * 35];
    for (int i = 0; i < 17 * 35; i++) in[i] = (float)i;
    er_transpose(17, 35, in, out);
    bool right = true;
    for (int i = 0; i < 17; i++)
        for (int j = 0; j < 35; j++) right = right && out[j * 17 + i] == in[i * 35 + j];
    T_OK(right, "transpose");
    T_OK(strlen(er_gemm_isa()) > 0, "the instruction set has a name: %s", er_gemm_isa());
    return t_done();
}
