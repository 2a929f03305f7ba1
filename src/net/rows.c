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

/* Rows that are narrower than a vector are taken GROUP at a time, as one long row. */
enum { GROUP = 16, NARROW = 16 };

ER_VECTOR
static void add_row(int64_t rows, int64_t columns, float factor, const float *restrict b, float *restrict y)
{
    for (int64_t r = 0; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) y[c] += factor * b[c];
    }
}

void er_rows_add(int64_t rows, int64_t columns, float factor, const float *b, float *y)
{
    float group[GROUP * NARROW] = {0};
    const int64_t groups = columns < NARROW ? rows / GROUP : 0, in_groups = groups * GROUP;
    if (groups > 0) {
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
    for (int64_t r = 0; r < rows; r++, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) sum[c] += factor * y[c];
    }
}

void er_rows_sum(int64_t rows, int64_t columns, float factor, const float *y, float *sum)
{
    float group[GROUP * NARROW] = {0};
    const int64_t groups = columns < NARROW ? rows / GROUP : 0, in_groups = groups * GROUP;
    if (groups > 0) {
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
