/* <ermine/attention.h> - attention and graph layers at infinite width: maps of token kernels.
 *
 * Experimental: no layer of a model has these maps; they are for kernels of tokens that the caller has.
 *
 * A pair of sequences (x, x') of S and S' tokens has a kernel of tokens K (S x S'), and so has each sequence with itself. A
 * layer that mixes tokens makes of them the same matrices of its output. Per channel, as in <ermine/limit.h>; K and Theta are
 * row-major and replaced in place.
 *
 * Source: Hron, Bahri, Sohl-Dickstein and Novak, "Infinite attention: NNGP and NTK for deep attention networks", ICML 2020.
 * Threads: yes. Errors: ER_E_NOMEM; ER_E_NONFINITE (a result is).
 */
#ifndef ERMINE_ATTENTION_H
#define ERMINE_ATTENTION_H

#include <ermine/status.h>
#include <stdint.h>

/* Products of standard deviations, of the query's and the key's weights and of the value's and the output's; and that of the
 * bias. All >= 0. */
struct er_attention {
    double query_key, value_output, bias_std;
};

/* One sequence: tokens, and a matrix of its own (size x size, row-major, borrowed). */
struct er_tokens {
    int64_t size;
    const double *matrix;
};

/**
 * g (S x S) = softmax over the keys j of query_key K_xx[i,j]: the weights of attention scaled by 1/d with tied queries and
 * keys, which are deterministic in the limit. The largest logit of a row is subtracted first. Cost: S^2 exponentials.
 */
ER_API void er_attention_softmax(const struct er_attention *attention, int64_t size, const double *k,
                                 double *g);

/**
 * Attention scaled by 1/d, query and key weights tied, with the weights G of each sequence (one->matrix, two->matrix):
 *
 *     K <- v^2 G K G'^T + b^2
 *     Theta <- v^2 G Theta G'^T + 2 v^2 G K G'^T + b^2          v = value_output, b = bias_std
 *
 * The 2 counts the matrices of values and outputs; queries and keys have no gradient in this limit. theta may be NULL.
 * Tangent parameterisation. Cost: 2 S^3 multiplications each.
 */
ER_API enum er_status er_attention_tied(const struct er_attention *attention, const struct er_tokens *one,
                                        const struct er_tokens *two, double *k, double *theta,
                                        struct er_error *err);

/**
 * Attention scaled by 1/sqrt(d), queries and keys independent, without softmax: with s = query_key value_output and <A, B> =
 * sum_ij A_ij B_ij,
 *
 *     K <- s^2 <K, K> K + b^2
 *     Theta <- s^2 (2 <K, Theta> K + <K, K> (Theta + 4 K)) + b^2
 *
 * The 4 counts queries, keys, values and outputs. n = S S' entries; theta may be NULL. Tangent parameterisation.
 */
ER_API enum er_status er_attention_linear(const struct er_attention *attention, int64_t n, double *k,
                                          double *theta, struct er_error *err);

/**
 * A fixed linear map of tokens, h_out[j] = sum_i M[i,j] h[i], of each sequence its own M (an adjacency matrix, weights
 * allowed): K <- M^T K M', and Theta likewise. theta may be NULL. Cost: 2 S^3 multiplications each.
 */
ER_API enum er_status er_aggregate(const struct er_tokens *one, const struct er_tokens *two, double *k,
                                   double *theta, struct er_error *err);

#endif
