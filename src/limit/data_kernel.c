/* data_kernel.c - products of a tile's points. BLAS packs both sides of every product, which is a quarter of its time here; on
 * AVX-512 the points of the columns alone are turned, and those of the rows are read where they are.
 *
 * The sum over d is cut into equal blocks of at most DEPTH. Of a block the columns lie in panels of 16, in the second cache;
 * 8 rows, in the nearest, meet one panel after the other in 16 registers of sums. Each sum ascends through its block, fused,
 * and the blocks are added in order: a question of d, not of the tile.
 */
#include "limit/data_kernel.h"

#include <cblas.h>

static void by_blas(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y, double *k)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)columns, (blasint)d,
                1 / (double)d, x, (blasint)d, y, (blasint)d, 0, k, ER_DATA_KERNEL_MOST);
}

#if ERMINE_AVX2 && defined __x86_64__

#include <immintrin.h>
#include <stdbool.h>

#define AVX512 __attribute__((target("avx512f,fma")))

enum { MOST = ER_DATA_KERNEL_MOST, DEPTH = ER_DATA_KERNEL_SCRATCH / MOST, LANES = 8, PANEL = 16, GROUP = 8 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Eight rows of eight as eight columns. */
AVX512 static inline void turn_square(const __m512d r[LANES], __m512d c[LANES])
{
    __m512d p[LANES], q[LANES];
    for (int i = 0; i < LANES; i += 2) {
        p[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        p[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
    for (int i = 0; i < LANES; i += 4)
        for (int l = 0; l < 2; l++) {
            q[i + l] = _mm512_shuffle_f64x2(p[i + l], p[i + l + 2], 0x88);
            q[i + l + 2] = _mm512_shuffle_f64x2(p[i + l], p[i + l + 2], 0xdd);
        }
    for (int i = 0; i < 4; i++) {
        c[i] = _mm512_shuffle_f64x2(q[i], q[i + 4], 0x88);
        c[i + 4] = _mm512_shuffle_f64x2(q[i], q[i + 4], 0xdd);
    }
}

/* Values 0..depth of eight points, beginning with the first of those that are left, or zeros. */
AVX512 static void turn_points(int64_t left, int64_t depth, int64_t d, const double *y, double *panel)
{
    for (int64_t at = 0; at < depth; at += LANES) {
        const int64_t n = least(LANES, depth - at);
        const __mmask8 some = (__mmask8)((1u << n) - 1);
        __m512d r[LANES], c[LANES];
        for (int i = 0; i < LANES; i++)
            r[i] = i < left ? _mm512_maskz_loadu_pd(some, y + i * d + at) : _mm512_setzero_pd();
        turn_square(r, c);
        for (int i = 0; i < LANES; i++)
            if (i < n) _mm512_store_pd(panel + (at + i) * PANEL, c[i]);
    }
}

AVX512 static void turn_columns(int64_t columns, int64_t depth, int64_t d, const double *y, double *panels)
{
    for (int64_t j = 0; j < columns; j += LANES)
        turn_points(columns - j, depth, d, y + j * d, panels + j / PANEL * PANEL * depth + j % PANEL);
}

/* What becomes of a block's sums: added to those before it, the last ones scaled. */
struct ends {
    bool first;
    double scale;
};

/* `next`: a row of the next group, asked for early. */
AVX512 static void multiply(int64_t depth, const double *const row[GROUP], const double *next,
                            const double *panel, struct ends ends, double *k)
{
    __m512d left[GROUP], right[GROUP];
#pragma GCC unroll 8
    for (int i = 0; i < GROUP; i++) left[i] = right[i] = _mm512_setzero_pd();
    for (int64_t at = 0; at < depth; at += LANES) _mm_prefetch((const char *)(next + at), _MM_HINT_T0);
    for (int64_t at = 0; at < depth; at++, panel += PANEL) {
        const __m512d l = _mm512_load_pd(panel), r = _mm512_load_pd(panel + LANES);
#pragma GCC unroll 8
        for (int i = 0; i < GROUP; i++) {
            const __m512d x = _mm512_set1_pd(row[i][at]);
            left[i] = _mm512_fmadd_pd(x, l, left[i]);
            right[i] = _mm512_fmadd_pd(x, r, right[i]);
        }
    }
    const __m512d scale = _mm512_set1_pd(ends.scale);
#pragma GCC unroll 8
    for (int i = 0; i < GROUP; i++) {
        if (!ends.first) {
            left[i] = _mm512_add_pd(left[i], _mm512_load_pd(k + i * MOST));
            right[i] = _mm512_add_pd(right[i], _mm512_load_pd(k + i * MOST + LANES));
        }
        _mm512_store_pd(k + i * MOST, _mm512_mul_pd(left[i], scale));
        _mm512_store_pd(k + i * MOST + LANES, _mm512_mul_pd(right[i], scale));
    }
}

/* The last group of rows, and the last panel, are filled up with what is there. */
AVX512 static void by_panels(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y,
                             double *k, double *panels)
{
    const int64_t blocks = (d + DEPTH - 1) / DEPTH, most = (d + blocks - 1) / blocks;
    for (int64_t from = 0; from < d; from += most) {
        const int64_t depth = least(most, d - from);
        const struct ends ends = {from == 0, from + depth == d ? 1 / (double)d : 1};
        turn_columns(columns, depth, d, y + from, panels);
        for (int64_t i = 0; i < rows; i += GROUP) {
            const double *row[GROUP];
            for (int64_t r = 0; r < GROUP; r++) row[r] = x + least(i + r, rows - 1) * d + from;
            for (int64_t j = 0; j < columns; j += PANEL)
                multiply(depth, row, x + least(i + GROUP + j / PANEL, rows - 1) * d + from,
                         panels + j * depth, ends, k + i * MOST + j);
        }
    }
}

void er_data_kernel(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y, double *k,
                    double *scratch)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"))
        by_panels(rows, columns, d, x, y, k, scratch);
    else
        by_blas(rows, columns, d, x, y, k);
}

#else

void er_data_kernel(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y, double *k,
                    double *scratch)
{
    (void)scratch;
    by_blas(rows, columns, d, x, y, k);
}

#endif
