/* norm_sums.h - the sums that norm measures of Jiang et al. (ICLR 2020, table 4) are made of.
 *
 *     s_i = |W_i|_2    f_i = |W_i|_F    t_i = |W_i - W_i^0|_F    r_i = |W_i - W_i^0|_2         d weight matrices
 *
 * of measures/layer_norms.h: weights alone, batch norm folded at the end and at the start. All norms enter squared,
 * products as sums of logarithms. gamma is the 10th percentile of all training margins, of rank max(1, floor(m/10)).
 */
#ifndef ERMINE_MEASURES_NORM_SUMS_H
#define ERMINE_MEASURES_NORM_SUMS_H

#include "measures/layer_norms.h"
#include "measures/measured.h"

/* Which spectral norm of a convolution: measures/layer_norms.h. */
enum er_convention { ER_AS_MAP, ER_RESHAPED };

/* *out = sum_i ln v_i^2 of a norm of each layer, and *d of these. ER_E_UNSUPPORTED where one is 0. */
enum er_status er_jiang_ln_product(struct er_measured_run *run, enum er_layer_norm which, double *out,
                                   double *d, struct er_error *err);

/* *out = sum_i v_i^2. */
enum er_status er_jiang_sum_of_squares(struct er_measured_run *run, enum er_layer_norm which, double *out,
                                       struct er_error *err);

/* *out = sum_i v_i^2 / s_i^2. ER_E_UNSUPPORTED where an s_i is 0. */
enum er_status er_jiang_ratio(struct er_measured_run *run, enum er_layer_norm which,
                              enum er_convention convention, double *out, struct er_error *err);

/* s_i. */
static inline enum er_layer_norm er_jiang_spectral(enum er_convention convention)
{
    return convention == ER_AS_MAP ? ER_LAYER_SPECTRAL : ER_LAYER_SPECTRAL_RESHAPED;
}

/* n, the longer side of the input image; 1 of a vector. */
double er_jiang_side(const struct er_net *net);

#endif
