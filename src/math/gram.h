/* gram.h - kernel matrices of whole data sets, tile by tile on the threads of a pool.
 *
 * Tiles are ER_GRAM_TILE points wide whatever the number of threads, and no sum is cut: the same bits on any
 * number of them. Only a matrix that is asked for is ever held; products with one that is not hold a tile a
 * thread.
 */
#ifndef ERMINE_MATH_GRAM_H
#define ERMINE_MATH_GRAM_H

#include "math/kernel.h"

#include <ermine/pool.h>
#include <ermine/progress.h>

enum { ER_GRAM_TILE = 256 };

/* Bytes that the two functions below take besides their arguments. */
double er_gram_scratch_bytes(int64_t d, int threads);

/* The Gram matrix K_ij = k(x_i, x_j) of n points of d values: K is n x n, row-major, symmetric to the bit. Costs
 * n^2 d flops, which it reports as it goes. ER_E_NOMEM; ER_E_STOPPED, with K half done. */
enum er_status er_gram(const struct er_kernel *kernel, int64_t n, int64_t d, const float *x, double *K,
                       struct er_pool *pool, const struct er_progress *progress, struct er_error *err);

/* f(z_i) = sum_j k(z_i, x_j) c_j: f (m x k) of points z (m x d), x (n x d) and coefficients c (n x k), all
 * row-major. Costs 2 m n d flops, which it reports. ER_E_NOMEM; ER_E_STOPPED, with f half done. */
enum er_status er_gram_apply(const struct er_kernel *kernel, int64_t m, const float *z, int64_t n,
                             const float *x, int64_t d, int64_t k, const double *c, double *f,
                             struct er_pool *pool, const struct er_progress *progress, struct er_error *err);

#endif
