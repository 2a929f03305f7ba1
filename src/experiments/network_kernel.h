/* network_kernel.h - kernels of fully connected ReLU networks of infinite width without biases, unnormalised.
 *
 *     S_1 = x . x'     S_l+1 = sqrt(S(x,x) S(x',x')) (sin t + (pi - t) cos t) / (2 pi)     cos t = S_l / sqrt(S(x,x) S(x',x'))
 *     K = S_layers     Theta = sum over l = fixed + 1 .. layers of S_l times the product of (pi - t) / (2 pi) of layers l and above
 *
 * Source: Arora et al., ICLR 2020, section 4, and the code of its experiments: variances of 1 / fan-in, and inner products of
 * the inputs where the kernels of <ermine/limit.h> have their means.
 */
#ifndef ERMINE_EXPERIMENTS_NETWORK_KERNEL_H
#define ERMINE_EXPERIMENTS_NETWORK_KERNEL_H

#include <ermine/pool.h>
#include <ermine/progress.h>

enum { ER_NETWORK_UNTRAINED = -1 };

/* k (n x n) = Theta of `layers` layers with weights whose first `fixed` are not trained, or K with ER_NETWORK_UNTRAINED, of
 * points x (n x d). layers 1..32. Errors of er_limit_kernel(). */
enum er_status er_network_kernel(int64_t layers, int64_t fixed, int64_t n, int64_t d, const double *x,
                                 double *k, struct er_pool *pool, const struct er_progress *progress,
                                 struct er_error *err);

#endif
