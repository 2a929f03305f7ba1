/* lazy_kernel.h - the tangent kernel of a network of two layers, and what is said of kernels.
 *
 *     K(x, x') = (1/M) sum_k [max(w_k . x, 0) max(w_k . x', 0) + a_k^2 1(w_k . x > 0) 1(w_k . x' > 0) x . x']
 *
 * the sum over parameters of df(x) df(x') / alpha^2: at alpha = 1 the kernel of f, and for any alpha the one by which
 * outputs move under a step of rate / alpha^2. For w, a ~ N(0, 1) and M to infinity, with u = cos(x, x'),
 *
 *     K(x, x') = |x| |x'| / 2 (kappa_1(u) + u kappa_0(u))     kappa_0 = (pi - arccos u) / pi
 *                                                             kappa_1 = (u (pi - arccos u) + sqrt(1 - u^2)) / pi
 *
 * Sources: Jacot, Gabriel and Hongler, "Neural tangent kernel", NeurIPS 2018; Cho and Saul, "Kernel methods for deep
 * learning", NeurIPS 2009 (arc-cosine kernels); alignment: Cristianini et al., "On kernel-target alignment", NIPS 2001,
 * centred: Cortes, Mohri and Rostamizadeh, "Algorithms for learning kernels based on centered alignment", JMLR 2012.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_KERNEL_H
#define ERMINE_EXPERIMENTS_LAZY_KERNEL_H

#include "experiments/lazy_network.h"

/* Examples with what the kernel takes of them: `hidden` of er_lazy_network_outputs(), and room for 2 n M numbers. */
struct er_lazy_examples {
    int64_t n;
    const double *x, *hidden;
    double *room;
};

/* inner (p->n x q->n, row-major): x . x' of two lots of examples of d numbers. */
void er_lazy_inner(int64_t d, const struct er_lazy_examples *p, const struct er_lazy_examples *q,
                   double *inner);

/* K (p->n x q->n, row-major) between two lots of examples, which may be one, with the products of their inputs. */
void er_lazy_kernel(const struct er_lazy_network *network, const struct er_lazy_examples *p,
                    const struct er_lazy_examples *q, const double *inner, double *K);

/* The kernel of infinite width of n examples of d numbers: n x n. */
void er_lazy_kernel_infinite(int64_t n, int64_t d, const double *x, double *K);

/* |A - B|_F / |B|_F, and 1 - <A, B> / (|A| |B|); A, B n x n. */
double er_lazy_kernel_distance(int64_t n, const double *A, const double *B);
double er_lazy_kernel_angle(int64_t n, const double *A, const double *B);

/* y'Ky / (|K|_F |y|^2), and the same of HKH and Hy, H = I - 11'/n. K symmetric. A y, or Hy, of 0 gives NaN. */
double er_lazy_alignment(int64_t n, const double *K, const double *y);
double er_lazy_alignment_centred(int64_t n, const double *K, const double *y, double *room /* 2 n */);

#endif
