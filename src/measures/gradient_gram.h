/* gradient_gram.h - inner products of the gradients of single examples. */
#ifndef ERMINE_MEASURES_GRADIENT_GRAM_H
#define ERMINE_MEASURES_GRADIENT_GRAM_H

#include <ermine/derivatives.h>

/* Whose gradients: of the examples' losses, or with df (n x O) of sum_o df_io f_o(x_i). */
struct er_gradients_of {
    const struct er_net *net;
    const struct er_network *network; /* in evaluation */
    const struct er_dataset *set;
    const float *df; /* or NULL */
};

/**
 * gram (n x n) = <g_i, g_j> of the n examples: symmetric, the same bits for any number of threads; the pool
 * may be NULL. Products are of float32 gradients, exact, their sums in float64: so it is positive semidefinite
 * to 1e-15 of its size.
 *
 * Cost: n gradients of single examples, n^2 P operations. Memory: n P floats, but no more than 2^26 (or 128 P): where that is
 * less, some examples at a time against some others, whose gradients are formed again. Errors of er_derivatives_new()
 * and er_derivatives_examples().
 */
enum er_status er_gradient_gram(const struct er_gradients_of *what, struct er_pool *pool, double *gram,
                                struct er_error *err);

/* Bytes that it takes, er_derivatives_new() aside, and the matrix with it. */
size_t er_gradient_gram_bytes(const struct er_net *net, int64_t n);

/* Mean cosine and mean sign over the pairs i < j whose gradients are not 0, of which there are *pairs
 * (stiffness.c). */
void er_stiffness_of(int64_t n, const double *gram, double *cosine, double *sign, int64_t *pairs);

#endif
