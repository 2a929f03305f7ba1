/* gemm_xsmm.c - matrix products by libxsmm 1.17, which makes code for each shape when it is planned.
 *
 * libxsmm is column-major; a row-major C = A B is its C' = B' A' with the roles of A and B swapped, so that A
 * transposed becomes its "B transposed", which it can do, while B transposed would become its "A transposed",
 * which it cannot: hence er_transpose().
 *
 * Sums of products are its batch-reduce with constant strides, given in bytes at dispatch, the count by
 * pointer at the call; measured to be right with B transposed, with counts of 100,000 and strides of 400 MB.
 * (Its form with lists of addresses writes to the lists.) It refuses rows of A that overlap; such products
 * are cut into pieces of lda columns, added to C one after the other, or, transposed, of lda rows of C.
 */
#include "math/gemm_variant.h"

#if ERMINE_XSMM

#include <libxsmm.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MUCH = 1 << 15 }; /* products: at most 300 MB of code */

static int64_t least(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static void call(const struct er_gemm *g, int which, const float *a, const float *b, float *c)
{
    const unsigned long long count = (unsigned long long)g->reduce;
    if (count == 1)
        g->jit[which].one(b, a, c);
    else
        g->jit[which].many(b, a, c, &count);
}

static void run_one(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    g->jit[0].one(b, a, c);
}

static void run_many(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    call(g, 0, a, b, c);
}

/* Piece q of A starts q columns (of A as stored) further; it meets the rows q of B, or gives the rows q of C.
 */
static void run_pieces(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    const int64_t length = g->a_transposed ? g->m : g->k;
    for (int64_t q = 0; q < length; q += g->piece) {
        const int which = q + g->piece > length ? 2 : q > 0;
        if (g->a_transposed)
            call(g, which, a + q, b, c + q * g->ldc);
        else
            call(g, which, a + q, b + q * g->ldb, c);
    }
}

/* The made code reaches its operands by 32-bit byte offsets and breaks beyond them. A question of shapes
 * alone, so that key and shape still tell the bits. */
static bool within_reach(const struct er_gemm *g)
{
    const int64_t reach = INT32_MAX / (int64_t)sizeof(float), rows_a = g->a_transposed ? g->k : g->m;
    return rows_a <= reach / g->lda && g->k <= reach / g->ldb && g->m <= reach / g->ldc &&
           (g->reduce == 1 || (g->stride_a <= reach && g->stride_b <= reach));
}

static bool dispatch(struct er_gemm *g, int which, int64_t m, int64_t k, bool accumulate)
{
    const int lda = (int)g->ldb, ldb = (int)g->lda, ldc = (int)g->ldc, size = (int)sizeof(float);
    const float one = 1, beta = accumulate ? 1 : 0;
    const int flags = g->a_transposed ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
    if (g->reduce == 1) {
        g->jit[which].one =
            libxsmm_smmdispatch((int)g->n, (int)m, (int)k, &lda, &ldb, &ldc, &one, &beta, &flags, NULL);
        return g->jit[which].one != NULL;
    }
    g->jit[which].many = libxsmm_smmdispatch_reducebatch_strd(
        (int)g->n, (int)m, (int)k, (int)g->stride_b * size, (int)g->stride_a * size, &lda, &ldb, &ldc, &one,
        &beta, &flags, NULL);
    return g->jit[which].many != NULL;
}

static bool make(struct er_gemm *g)
{
    const int64_t m = g->m, k = g->k, length = g->a_transposed ? m : k;
    g->piece = least(g->lda, length);
    const int64_t rest = length % g->piece;
    const bool cut = g->piece < length, adds = g->accumulate || !g->a_transposed;
    g->kernel = cut ? run_pieces : g->reduce > 1 ? run_many : run_one;
    if (!cut) return dispatch(g, 0, m, k, g->accumulate);
    if (g->a_transposed)
        return dispatch(g, 0, g->piece, k, adds) && dispatch(g, 1, g->piece, k, adds) &&
               (rest == 0 || dispatch(g, 2, rest, k, adds));
    return dispatch(g, 0, m, g->piece, g->accumulate) && dispatch(g, 1, m, g->piece, adds) &&
           (rest == 0 || dispatch(g, 2, m, rest, adds));
}

/* libxsmm keeps what it made for good, 9 kB each, and has room for some 130,000 products. So that neither
 * grows without end, all is freed when nobody holds any and MUCH was asked for. */
static atomic_int_fast64_t asked_for;

static bool is_full(void)
{
    libxsmm_registry_info info;
    return libxsmm_get_registry_info(&info) == EXIT_SUCCESS &&
           info.size >= info.capacity - info.capacity / 16;
}

static enum er_gemm_planned plan(struct er_gemm *g)
{
    if (!within_reach(g)) return ER_GEMM_NO_CODE;
    atomic_fetch_add_explicit(&asked_for, 1, memory_order_relaxed);
    return make(g) ? ER_GEMM_PLANNED : is_full() ? ER_GEMM_FULL : ER_GEMM_NO_CODE;
}

static void drop(void)
{
    if (atomic_load(&asked_for) <= MUCH) return;
    libxsmm_finalize();
    libxsmm_init();
    atomic_store(&asked_for, 0);
}

static const char *isa(void)
{
    const int id = libxsmm_get_target_archid();
    if (id >= LIBXSMM_X86_AVX512) return "avx512";
    if (id >= LIBXSMM_X86_AVX2) return "avx2";
    if (id >= LIBXSMM_X86_AVX) return "avx";
    return id >= LIBXSMM_X86_SSE3 ? "sse" : NULL;
}

#else

static enum er_gemm_planned plan(struct er_gemm *g)
{
    (void)g;
    return ER_GEMM_NO_CODE;
}

static void drop(void)
{
}

static const char *isa(void)
{
    return NULL;
}

#endif

const struct er_gemm_variant er_gemm_xsmm = {"libxsmm", isa, plan, drop};
