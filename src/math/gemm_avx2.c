/* gemm_avx2.c - matrix products for AVX2 and FMA, where libxsmm is not.
 *
 *     sum <- fmaf(A_r[i,p], B_r[p,j], sum)          from 0 or C[i,j], r outermost, p ascending
 *
 * Panels as in gemm_portable.c; the tile of 6 x 16 sums takes 12 of the 16 registers, two hold a row of B,
 * one an element of A. Each element is one chain of fused steps, so its bits don't depend on where a tile
 * ends.
 */
#include "math/gemm_variant.h"

#if ERMINE_AVX2 && defined __x86_64__

#include <immintrin.h>

enum { ROWS = 6, LANES = 8, COLUMNS = 2 * LANES, DEPTH = 256, CLOSE = 4096 };

#define AVX2        __attribute__((target("avx2,fma")))
#define AVX2_INLINE static inline __attribute__((target("avx2,fma"), always_inline))

struct panel {
    int64_t depth;
    const float *b;
    int64_t ldb;
    int64_t a_row, a_column; /* steps from A[i,p] to A[i+1,p], A[i,p+1] */
    int64_t ldc;
    bool accumulate;
    __m256i lane[2]; /* which of the panel's columns C has; the last vector may be cut */
};

/* Vector v of a row of C at c. A masked store costs a dozen plain ones on some machines: only where it must
 * be. */
AVX2_INLINE __m256 load(const struct panel *t, const float *c, int v, bool cut)
{
    return cut ? _mm256_maskload_ps(c, t->lane[v]) : _mm256_loadu_ps(c);
}

AVX2_INLINE void store(const struct panel *t, float *c, int v, bool cut, __m256 sum)
{
    if (cut)
        _mm256_maskstore_ps(c, t->lane[v], sum);
    else
        _mm256_storeu_ps(c, sum);
}

/* Rows, vectors (of columns) and whether the last one is cut are constants wherever this is called. */
AVX2_INLINE void tile(const struct panel *t, const int rows, const int vectors, const bool cut,
                      const float *a, float *c)
{
    __m256 sum[ROWS][2];
    for (int i = 0; i < rows; i++)
        for (int v = 0; v < vectors; v++)
            sum[i][v] = t->accumulate ? load(t, c + i * t->ldc + v * LANES, v, cut && v == vectors - 1)
                                      : _mm256_setzero_ps();
    const float *b = t->b;
    for (int64_t p = 0; p < t->depth; p++, b += t->ldb, a += t->a_column) {
        __m256 row[2];
        for (int v = 0; v < vectors; v++) row[v] = _mm256_loadu_ps(b + v * LANES);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            const __m256 factor = _mm256_broadcast_ss(a + i * t->a_row);
            for (int v = 0; v < vectors; v++) sum[i][v] = _mm256_fmadd_ps(factor, row[v], sum[i][v]);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int v = 0; v < vectors; v++)
            store(t, c + i * t->ldc + v * LANES, v, cut && v == vectors - 1, sum[i][v]);
}

AVX2_INLINE void multiply_panel(const struct panel *t, const int vectors, const bool cut, int64_t m,
                                const float *a, float *c)
{
    int64_t i = 0;
    for (; i + ROWS <= m; i += ROWS) tile(t, ROWS, vectors, cut, a + i * t->a_row, c + i * t->ldc);
    a += i * t->a_row;
    c += i * t->ldc;
    switch (m - i) {
    case 5:
        tile(t, 5, vectors, cut, a, c);
        break;
    case 4:
        tile(t, 4, vectors, cut, a, c);
        break;
    case 3:
        tile(t, 3, vectors, cut, a, c);
        break;
    case 2:
        tile(t, 2, vectors, cut, a, c);
        break;
    case 1:
        tile(t, 1, vectors, cut, a, c);
        break;
    default:
        break;
    }
}

/* The first `count` of LANES lanes. */
AVX2_INLINE __m256i first_lanes(int64_t count)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count < 0 ? 0 : count)),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

AVX2_INLINE void pack(const struct panel *t, const float *b, int64_t ldb, float *to)
{
    for (int64_t p = 0; p < t->depth; p++, b += ldb, to += COLUMNS)
        for (int v = 0; v < 2; v++)
            _mm256_store_ps(to + v * LANES, _mm256_maskload_ps(b + v * LANES, t->lane[v]));
}

static int64_t least(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

AVX2 static void run(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    _Alignas(64) float packed[DEPTH * COLUMNS];
    struct panel t = {
        .a_row = g->a_transposed ? 1 : g->lda, .a_column = g->a_transposed ? g->lda : 1, .ldc = g->ldc};
    for (int64_t j = 0; j < g->n; j += COLUMNS) {
        const int64_t columns = least(g->n - j, COLUMNS);
        t.lane[0] = first_lanes(columns);
        t.lane[1] = first_lanes(columns - LANES);
        t.accumulate = g->accumulate;
        const bool narrow = columns < COLUMNS, few = g->m <= 2 * ROWS;
        for (int64_t r = 0; r < g->reduce; r++)
            for (int64_t p = 0; p < g->k; p += DEPTH, t.accumulate = true) {
                const float *from = b + r * g->stride_b + p * g->ldb + j;
                t.depth = least(g->k - p, DEPTH);
                /* packing pays where the panel is met often and its rows would crowd each other out of the
                 * cache */
                const bool packs = narrow || (!few && t.depth * g->ldb > CLOSE);
                t.b = packs ? packed : from;
                t.ldb = packs ? COLUMNS : g->ldb;
                if (packs) pack(&t, from, g->ldb, packed);
                const float *with = a + r * g->stride_a + p * t.a_column;
                if (!narrow)
                    multiply_panel(&t, 2, false, g->m, with, c + j);
                else if (columns > LANES)
                    multiply_panel(&t, 2, true, g->m, with, c + j);
                else
                    multiply_panel(&t, 1, true, g->m, with, c + j);
            }
    }
}

static enum er_gemm_planned plan(struct er_gemm *g)
{
    g->kernel = run;
    return ER_GEMM_PLANNED;
}

static const char *isa(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "avx2-own" : NULL;
}

#else

static enum er_gemm_planned plan(struct er_gemm *g)
{
    (void)g;
    return ER_GEMM_NO_CODE;
}

static const char *isa(void)
{
    return NULL;
}

#endif

const struct er_gemm_variant er_gemm_avx2 = {"avx2", isa, plan, NULL};
