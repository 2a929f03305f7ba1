/* path_norms.h - sums over the paths of a network, by one forward pass in float64.
 *
 *     sum_k f(1; |w|^p)_k      every weight and bias replaced by the p-th power of its size, an input of ones
 *
 * Batch norm is folded; biases are further paths, that begin at a 1 (as in the code of Dziugaite et al., NeurIPS 2020).
 * relu and its kin see values of 0 and more, and pass them on; max pooling passes the largest on, which not all paths go
 * through; means stay means; a fixed factor counts as weights of that size. Values are kept beside a logarithm, so that no
 * depth overflows.
 */
#ifndef ERMINE_MEASURES_PATH_NORMS_H
#define ERMINE_MEASURES_PATH_NORMS_H

#include "measures/folded.h"

/* *out = ln of that sum, for p > 0. ER_E_UNSUPPORTED: a layer that is not linear on what is 0 or more, such as tanh, layer
 * norm and a product of branches; no path (the sum is 0). ER_E_NONFINITE, ER_E_NOMEM. Cost: one forward pass of one input. */
enum er_status er_path_norm_ln(const struct er_folded *folded, double p, double *out, struct er_error *err);

#endif
