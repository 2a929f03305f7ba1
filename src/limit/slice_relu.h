/* slice_relu.h - the hot loop: a filter of 3 x 3, its affine map, and half lines (relu, leaky relu, the modulus) behind it, in
 * one pass, where the machine has AVX-512. In float64 the same operations in the same order as one after the other on such a
 * machine: the same bits. In float32 products and sums are fused (CMakeLists.txt): a rounding less.
 */
#ifndef ERMINE_LIMIT_SLICE_RELU_H
#define ERMINE_LIMIT_SLICE_RELU_H

#include "math/dual_abrelu.h"

/* K = f k + b, Theta = f t + (g k + c), k and t sums over taps. A bit for each entry, and two vectors more of zeros, says whether
 * it has a neighbour to its left (one entry before), right, above (`row` entries before) and below. */
struct er_slice_relu {
    double f, b, g, c;
    struct er_half_lines half;
    const void *left, *right, *up, *down;
    int64_t row;
};

/* Whether this machine can. */
bool er_slice_relu_runs(void);

/* n entries; in_t and t NULL: K alone. Arrays are readable, k and t writable, in whole vectors of 64 bytes, and in_k and in_t
 * for a row and two vectors behind; k and t are none of the others. */
void er_slice_relu64(const struct er_slice_relu *m, int64_t n, const double *in_k, const double *in_t,
                     const double *q1, const double *q2, double *k, double *t);
void er_slice_relu32(const struct er_slice_relu *m, int64_t n, const float *in_k, const float *in_t,
                     const float *q1, const float *q2, float *k, float *t);

#endif
