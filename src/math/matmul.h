/* matmul.h - matrix products of any size, in float64 and float32, split over a team.
 *
 *     C = A B      or, with a_transposed, C = A^T B, A being stored k x m
 *
 * C is m x n, row-major with row strides in elements, and may not overlap the others. The work is OpenBLAS's, tile by
 * tile of C: tiles are a rule of the shapes, and a sum is never split, so the bits are the same for any number of
 * threads. There is no A B^T: OpenBLAS does it at four fifths of the speed when matrices are small; turn B round first.
 *
 * Measured on one Zen 4 core (peak 59 and 118 GF/s): 57 and 113 GF/s at 100 x 100 x 100, 45 and 95 at 943.
 */
#ifndef ERMINE_MATH_MATMUL_H
#define ERMINE_MATH_MATMUL_H

#include "core/team.h"

#include <stdbool.h>

/* The team may be NULL: the caller's thread alone. Sides 1 .. 2^31 - 1. */
void er_matmul64(struct er_team *team, bool a_transposed, int64_t m, int64_t n, int64_t k, const double *a,
                 int64_t lda, const double *b, int64_t ldb, double *c, int64_t ldc);
void er_matmul32(struct er_team *team, bool a_transposed, int64_t m, int64_t n, int64_t k, const float *a,
                 int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc);

#endif
