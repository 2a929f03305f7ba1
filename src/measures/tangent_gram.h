/* tangent_gram.h - the tangent kernel of a network on some examples, mean over outputs. */
#ifndef ERMINE_MEASURES_TANGENT_GRAM_H
#define ERMINE_MEASURES_TANGENT_GRAM_H

#include <ermine/net.h>
#include <ermine/pool.h>

/**
 * k (n x n) = (1/O) sum_o <d f_o(x_i) / d w, d f_o(x_j) / d w> of the n examples of a set, in evaluation.
 *
 * Of networks whose weights are all in dense layers in float64, without gradients of single examples
 * (<ermine/empirical.h>, of 2^26 bytes). Of others, where that is many times slower, by er_gradient_gram(),
 * output by output: the gradients have errors of float32, 1e-7 to 1e-6 of their length, the kernel of these
 * gradients is exact, and so positive semidefinite. Errors of those two. Cost: O of them.
 */
enum er_status er_tangent_gram(const struct er_net *net, const struct er_network *network,
                               const struct er_dataset *set, struct er_pool *pool, double *k,
                               struct er_error *err);

/* Bytes that it takes for n examples, and the matrix with it. */
size_t er_tangent_gram_bytes(const struct er_net *net, int64_t n);

#endif
