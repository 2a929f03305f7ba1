/* rows.c - the passes of rows.h. */
#include "net/rows.h"

#include "core/vector.h"

ER_VECTOR
void er_rows_scale(int64_t n, float factor, float *v)
{
    if (factor == 1.0f) return;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) v[i] *= factor;
}

ER_VECTOR
void er_rows_add(int64_t rows, int64_t columns, float factor, const float *restrict b, float *restrict y)
{
    for (int64_t r = 0; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) y[c] += factor * b[c];
    }
}

ER_VECTOR
void er_rows_outer(int64_t rows, int64_t columns, float factor, const float *restrict a,
                   const float *restrict b, float *restrict y)
{
    for (int64_t r = 0; r < rows; r++, y += columns) {
        const float ar = factor * a[r];
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) y[c] = ar * b[c];
    }
}

ER_VECTOR
void er_rows_sum(int64_t rows, int64_t columns, float factor, const float *restrict y, float *restrict sum)
{
    for (int64_t r = 0; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) sum[c] += factor * y[c];
    }
}

ER_VECTOR
void er_rows_accumulate(int64_t n, const float *restrict from, float *restrict to)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] += from[i];
}
