/* transpose.c - out (n x m) = in (m x n) transposed, in tiles of 32 x 32: as many lines of memory on
 * either side, each read and written once. A machine with AVX2 turns 8 x 4 in registers. */
#include "math/gemm.h"

enum { TILE = 32 };

typedef void turn(int64_t rows, int64_t columns, const float *in, int64_t ld_in, float *out, int64_t ld_out);

static void turn_plain(int64_t rows, int64_t columns, const float *in, int64_t ld_in, float *out,
                       int64_t ld_out)
{
    for (int64_t j = 0; j < columns; j++)
        for (int64_t i = 0; i < rows; i++) out[j * ld_out + i] = in[i * ld_in + j];
}

#if ERMINE_AVX2 && defined __x86_64__

#include <immintrin.h>

enum { LANES = 8 };

#define AVX2_INLINE static inline __attribute__((target("avx2"), always_inline))

/* Two halves of rows side by side: what ends in one row's lower half beside what ends in its upper half. */
AVX2_INLINE __m256 halves(const float *low, const float *high)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}

/* 4 columns of 8 rows become 4 rows of 8. */
AVX2_INLINE void turn_4_columns(const float *in, int64_t ld_in, float *out, int64_t ld_out)
{
    const __m256 r0 = halves(in, in + 4 * ld_in), r1 = halves(in + ld_in, in + 5 * ld_in),
                 r2 = halves(in + 2 * ld_in, in + 6 * ld_in), r3 = halves(in + 3 * ld_in, in + 7 * ld_in);
    const __m256 a = _mm256_unpacklo_ps(r0, r1), b = _mm256_unpackhi_ps(r0, r1),
                 c = _mm256_unpacklo_ps(r2, r3), d = _mm256_unpackhi_ps(r2, r3);
    _mm256_storeu_ps(out, _mm256_shuffle_ps(a, c, 0x44));
    _mm256_storeu_ps(out + ld_out, _mm256_shuffle_ps(a, c, 0xEE));
    _mm256_storeu_ps(out + 2 * ld_out, _mm256_shuffle_ps(b, d, 0x44));
    _mm256_storeu_ps(out + 3 * ld_out, _mm256_shuffle_ps(b, d, 0xEE));
}

AVX2_INLINE int64_t at_most(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

/* What no 8 x 4 fits into any more is turned by one that ends with the matrix, over what is done. */
AVX2_INLINE void turn_any(int64_t rows, int64_t columns, const float *in, int64_t ld_in, float *out,
                          int64_t ld_out)
{
    if (rows < LANES || columns < 4) {
        turn_plain(rows, columns, in, ld_in, out, ld_out);
        return;
    }
    for (int64_t next_j = 0; next_j < columns; next_j += 4) {
        const int64_t j = at_most(next_j, columns - 4);
        for (int64_t next_i = 0; next_i < rows; next_i += LANES) {
            const int64_t i = at_most(next_i, rows - LANES);
            turn_4_columns(in + i * ld_in + j, ld_in, out + j * ld_out + i, ld_out);
        }
    }
}

__attribute__((target("avx2"))) static void turn_avx2(int64_t rows, int64_t columns, const float *in,
                                                      int64_t ld_in, float *out, int64_t ld_out)
{
    /* Loops of known length: a third faster */
    if (rows == TILE && columns == TILE)
        turn_any(TILE, TILE, in, ld_in, out, ld_out);
    else if (rows == TILE)
        turn_any(TILE, columns, in, ld_in, out, ld_out);
    else if (columns == TILE)
        turn_any(rows, TILE, in, ld_in, out, ld_out);
    else
        turn_any(rows, columns, in, ld_in, out, ld_out);
}

static turn *best_turn(void)
{
    return __builtin_cpu_supports("avx2") ? turn_avx2 : turn_plain;
}

#else

static turn *best_turn(void)
{
    return turn_plain;
}

#endif

void er_transpose_strided(int64_t m, int64_t n, const float *in, int64_t ld_in, float *out, int64_t ld_out)
{
    turn *const turn_tile = best_turn();
    for (int64_t j = 0; j < n; j += TILE)
        for (int64_t i = 0; i < m; i += TILE)
            turn_tile(i + TILE < m ? TILE : m - i, j + TILE < n ? TILE : n - j, in + i * ld_in + j, ld_in,
                      out + j * ld_out + i, ld_out);
}
