/* row_block.h - 32 rows of a matrix turned, so that loops over rows are vector loops.
 *
 *     float t[n][ER_BLOCK_ROWS];     t[k][r] = f[r, k]
 *
 * What is computed in lane r depends on row r alone, and rows that are not there are computed as zeros: a
 * row's result has the same bits wherever in a batch it stands.
 */
#ifndef ERMINE_NET_ROW_BLOCK_H
#define ERMINE_NET_ROW_BLOCK_H

#include "math/elementary.h"
#include "math/gemm.h"

enum { ER_BLOCK_ROWS = 32 };

/* Columns k < n of `rows` <= 32 rows of f, each `stride` long. */
ER_INLINE void er_block_read(int64_t rows, int64_t n, int64_t stride, const float *restrict f,
                             float (*restrict t)[ER_BLOCK_ROWS])
{
    if (rows < ER_BLOCK_ROWS) memset(t, 0, (size_t)n * sizeof *t);
    er_transpose_strided(rows, n, f, stride, t[0], ER_BLOCK_ROWS);
}

/* And back. */
ER_INLINE void er_block_write(int64_t rows, int64_t n, int64_t stride, float (*restrict t)[ER_BLOCK_ROWS],
                              float *restrict f)
{
    er_transpose_strided(n, rows, t[0], ER_BLOCK_ROWS, f, stride);
}

/* behind[r] += how many of n columns f[r, label] is not above, itself among them if it is there: over all
 * columns 1 where the label is predicted, more with ties and NaN (er_row_predicts()). */
ER_INLINE void er_block_behind(int64_t n, float (*t)[ER_BLOCK_ROWS], const float *chosen, int32_t *behind)
{
    for (int64_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < ER_BLOCK_ROWS; r++) behind[r] += !(chosen[r] > t[k][r]);
}

/* The length of the block that begins at `at` of n. */
ER_INLINE int64_t er_block_length(int64_t at, int64_t n, int64_t block)
{
    return n - at < block ? n - at : block;
}

#endif
