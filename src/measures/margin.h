/* margin.h - what bounds by margins share: the margin that they take, the inputs extended by biases' 1.
 */
#ifndef ERMINE_MEASURES_MARGIN_H
#define ERMINE_MEASURES_MARGIN_H

#include "measures/chain.h"
#include "measures/measured.h"

/* The 10th percentile of the margins of what is predicted rightly: rank max(1, floor(r/10)) of r, rising. It is
 * above 0. ER_E_UNSUPPORTED where nothing is predicted rightly. */
enum er_status er_margin_tenth(const struct er_margins *margins, double *out, struct er_error *err);

/* *out = ln gamma, the 10th percentile of the margins of all training examples: rank max(1, floor(m/10)) of m, rising, as
 * Jiang et al. have it (the rank: code of Dziugaite et al., NeurIPS 2020; it does not interpolate). ER_E_UNSUPPORTED where
 * it is 0 or less, which an absolute value would hide: more than a tenth is predicted wrongly. */
enum er_status er_measured_ln_margin(struct er_measured_run *run, double *out, struct er_error *err);

/* The share of all examples whose margin is at most gamma. */
double er_margin_share(const struct er_margins *margins, double gamma);

/* Norms of the inputs, and *D of their coordinates; of (x, 1) where the chain has biases. */
enum er_status er_measured_extended_inputs(struct er_measured_run *run, const struct er_chain *chain,
                                           struct er_input_norms *out, double *D, struct er_error *err);

#endif
