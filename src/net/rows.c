/* rows.c - the passes of rows.h. */
#include "net/rows.h"

#include "core/vector.h"

#include <string.h>

ER_VECTOR
void er_rows_scale(int64_t n, float factor, float *v)
{
    if (factor == 1.0f) return;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) v[i] *= factor;
}

void er_rows_fill(int64_t rows, int64_t columns, float factor, const float *b, float *y)
{
    const int64_t all = rows * columns;
    for (int64_t c = 0; c < columns; c++) y[c] = factor * b[c];
    for (int64_t n = columns; n < all; n *= 2)
        memcpy(y + n, y, (size_t)(2 * n < all ? n : all - n) * sizeof *y);
}

/* Rows that are narrower than a vector are taken GROUP at a time, as one long row. */
enum { GROUP = 8, NARROW = 16 };

ER_VECTOR
static void add_row(int64_t rows, int64_t columns, float factor, const float *restrict b, float *restrict y)
{
    int64_t r = 0;
    for (; r + 4 <= rows; r += 4, y += 4 * columns) { /* four at a time: rows may be short */
        float *y1 = y + columns, *y2 = y1 + columns, *y3 = y2 + columns;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const float add = factor * b[c];
            y[c] += add;
            y1[c] += add;
            y2[c] += add;
            y3[c] += add;
        }
    }
    for (; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) y[c] += factor * b[c];
    }
}

void er_rows_add(int64_t rows, int64_t columns, float factor, const float *b, float *y)
{
    const int64_t groups = columns < NARROW ? rows / GROUP : 0, in_groups = groups * GROUP;
    if (groups > 0) {
        float group[GROUP * NARROW] = {0};
        for (int64_t i = 0; i < columns; i++) group[i] = b[i];
        for (int64_t n = columns; n < GROUP * columns; n *= 2)
            memcpy(group + n, group, (size_t)n * sizeof *b);
        add_row(groups, GROUP * columns, factor, group, y);
    }
    add_row(rows - in_groups, columns, factor, b, y + in_groups * columns);
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
static void sum_rows(int64_t rows, int64_t columns, float factor, const float *restrict y,
                     float *restrict sum)
{
    int64_t r = 0;
    for (; r + 4 <= rows;
         r += 4, y += 4 * columns) { /* four at a time: the sum waits less often for itself */
        const float *y1 = y + columns, *y2 = y1 + columns, *y3 = y2 + columns;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) sum[c] += factor * ((y[c] + y1[c]) + (y2[c] + y3[c]));
    }
    for (; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) sum[c] += factor * y[c];
    }
}

void er_rows_sum(int64_t rows, int64_t columns, float factor, const float *y, float *sum)
{
    const int64_t groups = columns < NARROW ? rows / GROUP : 0, in_groups = groups * GROUP;
    if (groups > 0) {
        float group[GROUP * NARROW] = {0};
        sum_rows(groups, GROUP * columns, factor, y, group);
        for (int64_t n = GROUP / 2 * columns; n >= columns; n /= 2) er_rows_accumulate(n, group + n, group);
        er_rows_accumulate(columns, group, sum);
    }
    sum_rows(rows - in_groups, columns, factor, y + in_groups * columns, sum);
}

ER_VECTOR
void er_rows_accumulate(int64_t n, const float *restrict from, float *restrict to)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] += from[i];
}
