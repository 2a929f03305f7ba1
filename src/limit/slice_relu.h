/* slice_relu.h - the hot loop: the sums of a filter along x, the affine map, and half lines (relu, leaky relu, the modulus) in
 * one pass, where the machine has AVX-512. The same operations in the same order as one after the other: the same bits.
 */
#ifndef ERMINE_LIMIT_SLICE_RELU_H
#define ERMINE_LIMIT_SLICE_RELU_H

#include "math/dual_abrelu.h"

enum { ER_SLICE_TAPS = 3 };

/* K = f k + b, Theta = f t + (g k + c); the two outer taps apply where their bits are set, vector by vector. */
struct er_slice_relu {
    double f, b, g, c;
    struct er_half_lines half;
    const void *left, *right;
};

/* Whether this machine can. */
bool er_slice_relu_runs(void);

/* line_k, line_t: sums along y, n of them, readable from -1 on and to the end of the vector behind. t NULL: K alone. All
 * arrays are readable, k and t writable, in whole vectors of 64 bytes. */
void er_slice_relu64(const struct er_slice_relu *m, int64_t n, const double *line_k, const double *line_t,
                     const double *q1, const double *q2, double *k, double *t);
void er_slice_relu32(const struct er_slice_relu *m, int64_t n, const float *line_k, const float *line_t,
                     const float *q1, const float *q2, float *k, float *t);

#endif
