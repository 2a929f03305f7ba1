/* gemm.c - matrix products by libxsmm's kernels, made for each shape when it is planned.
 *
 * libxsmm is column-major; a row-major C = A B is its C' = B' A' with the roles of A and B swapped, so that A
 * transposed becomes its "B transposed", which it can do, while B transposed would become its "A transposed",
 * which it cannot: hence er_transpose().
 */
#include "math/gemm.h"

#include <ermine/version.h>

#if ERMINE_XSMM

#include <libxsmm.h>

static void jitted(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    g->jit(b, a, c);
}

/* The made code reaches its operands by 32-bit byte offsets and breaks beyond them; larger matrices stay with
 * the portable loops. A question of shapes alone, so that key and shape still tell the bits. */
static bool within_reach(const struct er_gemm *g)
{
    const int64_t reach = INT32_MAX / (int64_t)sizeof(float), rows_a = g->a_transposed ? g->k : g->m;
    return rows_a <= reach / g->lda && g->k <= reach / g->ldb && g->m <= reach / g->ldc;
}

enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err)
{
    enum er_status status = er_gemm_plan_portable(g, err);
    if (status != ER_OK) return status;
    if (!within_reach(g)) return ER_OK;
    const int lda = (int)g->ldb, ldb = (int)g->lda, ldc = (int)g->ldc;
    const float one = 1, zero = 0;
    const int flags = g->a_transposed ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
    libxsmm_smmfunction jit =
        libxsmm_smmdispatch((int)g->n, (int)g->m, (int)g->k, &lda, &ldb, &ldc, &one, &zero, &flags, NULL);
    if (jit) { /* NULL: a processor that libxsmm makes no code for; the portable loops stay */
        g->jit = jit;
        g->kernel = jitted;
    }
    return ER_OK;
}

const char *er_gemm_isa(void)
{
    const int id = libxsmm_get_target_archid();
    if (id >= LIBXSMM_X86_AVX512) return "avx512";
    if (id >= LIBXSMM_X86_AVX2) return "avx2";
    if (id >= LIBXSMM_X86_AVX) return "avx";
    return id >= LIBXSMM_X86_SSE3 ? "sse" : "portable";
}

#else

enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err)
{
    return er_gemm_plan_portable(g, err);
}

const char *er_gemm_isa(void)
{
    return "portable";
}

#endif

const char *er_isa(void)
{
    return er_gemm_isa();
}
