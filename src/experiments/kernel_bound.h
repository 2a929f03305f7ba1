/* kernel_bound.h - what the norm of a kernel fit guarantees of its error on new examples.
 *
 *     error <= share of training examples of margin <= rho + c Rhat / rho + 3 sqrt(ln(2 / delta_i) / (2 m))
 *     Rhat = (B_i / m) sqrt(tr K),  B_i = 2^i the least power of 2, i = 0, 1, ..., that the norm does not exceed
 *     delta_i = delta / ((i + 1) (i + 2)),   rho = 0.9,   c = 2 for two classes, 4 K for K of them
 *
 * The margin of an example is y f(x) for signs, and the output of its class less the largest of the others for one-hot
 * vectors, 1 where f interpolates. The norm is known only after the fit, so the bound for balls (<ermine/bounds.h>,
 * er_bound_margin(), er_bound_margin_classes()) is taken for all radii 2^i at once, each with its share of delta =
 * ER_MEASURE_DELTA: the shares sum to it. The kernel is taken to be fixed before the examples were drawn, independently.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_BOUND_H
#define ERMINE_EXPERIMENTS_KERNEL_BOUND_H

#include <ermine/data.h>

/* f: outputs on the training set, n x er_targets_of(classes); norm >= 0 of f, all targets together. May be above 1. */
double er_kernel_norm_bound(const struct er_dataset *train, const double *f, double norm, double trace);

#endif
