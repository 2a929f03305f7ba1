/* gradient_gram.h - inner products of the gradients of single examples' losses. */
#ifndef ERMINE_MEASURES_GRADIENT_GRAM_H
#define ERMINE_MEASURES_GRADIENT_GRAM_H

#include <ermine/derivatives.h>

/* gram (n x n) = <g_i, g_j> of the n examples of a set: symmetric, the same bits for any number of threads. Cost and memory: see
 * stiffness.c. Errors of er_derivatives_examples(). */
enum er_status er_gradient_gram(const struct er_net *net, const struct er_network *network,
                                const struct er_dataset *set, struct er_pool *pool, double *gram,
                                struct er_error *err);

/* Mean cosine and mean sign over the pairs i < j whose gradients are not 0, of which there are *pairs. */
void er_stiffness_of(int64_t n, const double *gram, double *cosine, double *sign, int64_t *pairs);

#endif
