/* gaussian.h - whether a program's formulas hold: they are moments of zero-mean Gaussians, and of independent branches.
 *
 * Gaussian: the output of a layer with weights; of a sum, mean, multiple, layer norm of Gaussians. Not Gaussian: the data,
 * activations, products, channels side by side, what dropout leaves. An activation or layer norm takes Gaussians only.
 *
 * Two branches of a sum are uncorrelated when one of them ends in layers with weights that the other does not use (means,
 * multiples and sums behind these change nothing): x + x is not 2 K. The factors of a product are independent when the
 * nearest layers with weights of one, activations passed by, are not used by the other.
 *
 * Kernels are means over channels. Layers with weights make channels that are all alike; the data's differ, and so do channels
 * side by side. Factors of a product may differ so but for one, and what groups of a convolution see may not.
 */
#ifndef ERMINE_LIMIT_GAUSSIAN_H
#define ERMINE_LIMIT_GAUSSIAN_H

#include "limit/program.h"

/* ER_E_UNSUPPORTED names the layer and what is wrong with its input. ER_E_NOMEM. */
enum er_status er_limit_check_gaussian(const struct er_limit *limit, struct er_error *err);

#endif
