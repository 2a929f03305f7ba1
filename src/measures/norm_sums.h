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

/* The product of all v_i^2, or the logarithm of it, and d times its d-th root; with `margin` over gamma^2, the margin of the 10th
 * percentile. Errors of er_jiang_ln_product() and er_measured_ln_margin(). */
enum er_status er_jiang_ln_product_over(struct er_measured_run *run, enum er_layer_norm which, bool margin,
                                        double *out, double *d, struct er_error *err);
enum er_status er_jiang_product(struct er_measured_run *run, enum er_layer_norm which, bool margin,
                                bool logarithm, double *out, struct er_error *err);
enum er_status er_jiang_mean(struct er_measured_run *run, enum er_layer_norm which, bool margin, double *out,
                             struct er_error *err);

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

/* The entry of a norm measure, computed by compute_NAME(): what is the same of all of them, and what each has of its own. A
 * product is LOGARITHMIC, better seen on a log axis; what is not is its logarithm. */
#define ER_JIANG_NORM(NAME, TITLE, HELP, SOURCE, LOGARITHMIC, INVARIANT, NEEDS, COST)                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = "Jiang et al., ICLR 2020, eq. " SOURCE,                                                    \
        .logarithmic = (LOGARITHMIC),                                                                        \
        .direction = 1,                                                                                      \
        .scale = (LOGARITHMIC) ? ER_RANK_NUMERATOR : ER_RANK_LOG_NUMERATOR,                                  \
        .family = "norms",                                                                                   \
        .invariant = ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM | (INVARIANT),                       \
        .needs = ER_NEEDS_WEIGHTS | (NEEDS),                                                                 \
        .cost = (COST),                                                                                      \
        .compute = compute_##NAME,                                                                           \
    }

#endif
