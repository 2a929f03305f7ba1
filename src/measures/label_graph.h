/* label_graph.h - graphs of examples whose representations are near, and how much labels vary along their edges.
 *
 * n examples, K classes; matrices row by row. All is in float64, sums in a fixed order.
 */
#ifndef ERMINE_MEASURES_LABEL_GRAPH_H
#define ERMINE_MEASURES_LABEL_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

/* Each row of x (n x d) over its length; a row of zeros stays. */
void er_graph_normalise(int64_t n, int64_t d, float *x);

/**
 * The graph of k nearest neighbours, by similarities s (n x n): 1 <= k < n.
 *
 *     a[i, j] = 1 if j is not i and s[i, j] >= the k-th largest of s[i, .] without s[i, i], else 0
 *
 * With `both`, a[i, j] is 1 where that holds for (i, j) or for (j, i). Ties at the k-th place are all neighbours.
 *
 * @param a     n x n, overwritten.
 * @param room  n numbers.
 * Cost: n^2 k at most.
 */
void er_graph_nearest(int64_t n, int64_t k, const double *s, bool both, double *a, double *room);

/**
 * tr(Y' L Y), L = I - D^{-1/2} A D^{-1/2}, or L = D - A with `plain`; D the sums of the rows of A, which need not be symmetric.
 *
 * @param y     n x K: the labels, one-hot or shares.
 * @param room  n numbers.
 */
double er_graph_variation(int64_t n, int64_t K, const double *a, const double *y, bool plain, double *room);

#endif
