/* slice_loops.h - the loops over entries. Compiled for REAL, with names NAME(...), by slice_chunk.h. */
#include "core/vector.h"

ER_VECTOR static void NAME(add_3)(int64_t n, const REAL *a, const REAL *b, const REAL *c, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = a[i] + b[i] + c[i];
}

ER_VECTOR static void NAME(add_2)(int64_t n, const REAL *a, const REAL *b, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = a[i] + b[i];
}

ER_VECTOR static void NAME(add_to)(int64_t n, const REAL *a, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += a[i];
}

ER_VECTOR static void NAME(add_masked)(int64_t n, const REAL *a, const REAL *mask, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += mask[i] > 0 ? a[i] : 0;
}

/* out = f in, in place. */
ER_VECTOR static void NAME(multiply)(int64_t n, REAL f, REAL *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] *= f;
}

/* k, t from the sums k, t of taps: K = f k + b; Theta = f t + (g k + c). */
ER_VECTOR static void NAME(affine)(int64_t n, const struct NAME(affine_map) * map, REAL *restrict k,
                                   REAL *restrict t)
{
    const REAL f = map->f, b = map->b, g = map->g, c = map->c;
    if (!t) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) k[i] = f * k[i] + b;
        return;
    }
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        t[i] = f * t[i] + (g * k[i] + c);
        k[i] = f * k[i] + b;
    }
}

/* Three taps, side by side, of which the outer ones are cut. What a mask hides may be anything, so it is not multiplied. */
ER_VECTOR static void NAME(three)(int64_t n, const REAL *a, const REAL *left, const REAL *right,
                                  REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        out[i] = (left[i] > 0 ? a[i - 1] : 0) + a[i] + (right[i] > 0 ? a[i + 1] : 0);
}

/* k = sum over channels of one two, / channels. */
ER_VECTOR static void NAME(product)(int64_t n, REAL f, const REAL *one, const REAL *two, bool first,
                                    REAL *restrict k)
{
    if (first) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) k[i] = f * (one[i] * two[i]);
        return;
    }
#pragma omp simd
    for (int64_t i = 0; i < n; i++) k[i] += f * (one[i] * two[i]);
}

/* K <- K K', Theta <- Theta K' + K Theta'. */
ER_VECTOR static void NAME(multiply_branch)(int64_t n, const REAL *other_k, const REAL *other_t,
                                            REAL *restrict k, REAL *restrict t)
{
    if (t) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++) t[i] = t[i] * other_k[i] + k[i] * other_t[i];
    }
#pragma omp simd
    for (int64_t i = 0; i < n; i++) k[i] *= other_k[i];
}

/* out += f in */
ER_VECTOR static void NAME(add_scaled)(int64_t n, REAL f, const REAL *in, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] += f * in[i];
}

/* out <- out one two */
ER_VECTOR static void NAME(multiply_both)(int64_t n, const REAL *one, const REAL *two, REAL *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] *= one[i] * two[i];
}

/* lane[x] += f in[x], in float64 */
ER_VECTOR static void NAME(add_lane)(int64_t n, double f, const REAL *in, double *restrict lane)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) lane[i] += f * (double)in[i];
}

/* The sum of all entries, each times its row's and its column's weight. */
static double NAME(weighted_sum)(int64_t rows, int64_t columns, const double *row, const double *column,
                                 const REAL *in, double *lane)
{
    for (int64_t j = 0; j < columns; j++) lane[j] = 0;
    for (int64_t i = 0; i < rows; i++) NAME(add_lane)(columns, row[i], in + i * columns, lane);
    double sum = 0;
    for (int64_t j = 0; j < columns; j++) sum += column[j] * lane[j];
    return sum;
}
