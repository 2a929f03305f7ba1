/* kernel.h - kernel functions of two points, in float64: what kernel regression puts in place of inner
 * products.
 *
 *     gaussian     k(x, z) = exp(-rate |x - z|^2)
 *     laplace      k(x, z) = exp(-rate |x - z|)
 *     linear       k(x, z) = x . z
 *     polynomial   k(x, z) = (scale x . z + offset)^degree
 *
 * All are positive semidefinite for rate > 0, scale > 0, offset >= 0 and degree >= 1. Source: Schoelkopf and
 * Smola, "Learning with Kernels", 2002, chapter 2.
 *
 * Distances come from inner products, |x|^2 + |z|^2 - 2 x . z, since these are matrix products. That cancels where
 * points are close, so pairs with |x - z|^2 <= 1e-6 (|x|^2 + |z|^2) are computed again from the differences:
 * every distance is right to a relative 1e-9 or so, and that of equal points is exactly 0.
 */
#ifndef ERMINE_MATH_KERNEL_H
#define ERMINE_MATH_KERNEL_H

#include <stdint.h>

enum er_kernel_kind { ER_KERNEL_GAUSSIAN, ER_KERNEL_LAPLACE, ER_KERNEL_LINEAR, ER_KERNEL_POLYNOMIAL };

struct er_kernel {
    enum er_kernel_kind kind;
    double rate;          /* gaussian, laplace */
    double scale, offset; /* polynomial */
    int64_t degree;       /* polynomial */
};

/* A block of points in float64. */
struct er_kernel_block {
    int64_t n, d;
    double *x;      /* n x d */
    double *square; /* n values |x_i|^2 */
};

/* Fills a block, whose arrays are large enough, with n points of d float32 values each. */
void er_kernel_block_fill(struct er_kernel_block *block, int64_t n, int64_t d, const float *x);

/* out[i ld + j] = k(x_i, z_j), i < x->n, j < z->n. The bits depend on the two blocks alone. Any thread. */
void er_kernel_between(const struct er_kernel *kernel, const struct er_kernel_block *x,
                       const struct er_kernel_block *z, double *out, int64_t ld);

#endif
