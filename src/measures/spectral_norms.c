/* spectral_norms.c - spectral measures of Jiang et al.: products and means of squared spectral norms of the layers, over the
 * squared margin or not, and the main terms of the PAC-Bayes bound by them.
 *
 *     S = prod_i s_i^2     T = sum_i t_i^2 / s_i^2     F = sum_i f_i^2 / s_i^2     measures/norm_sums.h
 *
 *     prod_of_spec    S                 prod_of_spec_over_margin   S / gamma^2
 *     sum_of_spec     d S^(1/d)         sum_of_spec_over_margin    d (S / gamma^2)^(1/d)
 *     fro_over_spec   F, the sum of stable ranks
 *     spec_init_main  S T / gamma^2     spec_orig_main             S F / gamma^2
 *     spec_init       (K S T + ln(m/delta)) / gamma^2              spec_orig: with F
 *                     K = (84 B sum_i k_i sqrt(c_i) + sqrt(ln(4 n^2 d)))^2
 *     dist_spec_init  sum_i r_i^2
 *
 * B is the length of the longest training input, k_i the side of a kernel (the root of its area; 1 of a dense layer), c_i
 * its output channels, n the longer side of the input image (1 of a vector), delta = ER_MEASURE_DELTA. A "sum" is d times
 * a geometric mean: the least that sum_i s_i^2 can be when layers are rescaled and the product stays. log_NAME is the
 * natural logarithm of NAME, which is there where NAME leaves float64.
 *
 * Every one comes in both conventions of measures/layer_norms.h. As a map, f_i stays that of the weights: then a
 * convolution's part of F is no stable rank, and may be below 1.
 *
 * Source: Jiang, Neyshabur, Mobahi, Krishnan and Bengio, "Fantastic generalization measures and where to find them", ICLR
 * 2020, equations 25, 26, 29 to 35 and 41 (25 and 26 from memory); Neyshabur, Bhojanapalli and Srebro, ICLR 2018.
 */
#include "measures/margin.h"
#include "measures/norm_sums.h"
#include "net/conv_map.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

/* ln of S T / gamma^2 or S F / gamma^2; -infinity where no weight has moved. */
static enum er_status ln_main(struct er_measured_run *run, enum er_convention convention,
                              enum er_layer_norm which, double *out, struct er_error *err)
{
    double ln, d, ratio;
    enum er_status status = er_jiang_ln_product_over(run, er_jiang_spectral(convention), true, &ln, &d, err);
    if (status == ER_OK) status = er_jiang_ratio(run, which, convention, &ratio, err);
    if (status == ER_OK) *out = ln + log(ratio);
    return status;
}

static enum er_status main_term(struct er_measured_run *run, enum er_convention convention,
                                enum er_layer_norm which, bool logarithm, double *out, struct er_error *err)
{
    double ln;
    const enum er_status status = ln_main(run, convention, which, &ln, err);
    if (status != ER_OK) return status;
    if (logarithm && ln == -(double)INFINITY)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "the weights are the initial ones: their distance has no logarithm");
    *out = logarithm ? ln : exp(ln);
    return ER_OK;
}

/* sum_i k_i sqrt(c_i) */
static double kernels(const struct er_folded *f)
{
    double sum = 0;
    for (int64_t i = 0; i < f->n; i++) {
        const struct er_layer *l = &f->net->node[f->map[i].node].layer;
        double area = 1;
        if (strcmp(l->ops->name, "conv") == 0) {
            const struct er_convolution c = er_conv_map(l);
            area = (double)(c.rows.size * c.columns.size);
        }
        sum += sqrt(area * (double)f->map[i].outputs);
    }
    return sum;
}

static enum er_status whole(struct er_measured_run *run, enum er_convention convention,
                            enum er_layer_norm which, double *out, struct er_error *err)
{
    const struct er_folded *f;
    struct er_input_norms inputs;
    double ln, ln_gamma;
    enum er_status status = ln_main(run, convention, which, &ln, err);
    if (status == ER_OK) status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status == ER_OK) status = er_measured_folded(run, &f, err);
    if (status == ER_OK) status = er_measured_inputs(run, &inputs, err);
    if (status != ER_OK) return status;
    const double m = (double)run->is.train->n, d = (double)f->n;
    const double n = er_jiang_side(run->is.net);
    const double root = 84 * inputs.largest * kernels(f) + sqrt(log(4 * n * n * d));
    *out = root * root * exp(ln) + log(m / ER_MEASURE_DELTA) * exp(-2 * ln_gamma);
    return ER_OK;
}

/* In both conventions: CALL computes it of `run` in `convention`, into `out`. */
#define SPECTRAL(NAME, CALL, TITLE, HELP, SOURCE, LOGARITHMIC, INVARIANT, NEEDS, COST)                       \
    static enum er_status of_##NAME(struct er_measured_run *run, enum er_convention convention, double *out, \
                                    struct er_error *err)                                                    \
    {                                                                                                        \
        return CALL;                                                                                         \
    }                                                                                                        \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return of_##NAME(run, ER_AS_MAP, out, err);                                                          \
    }                                                                                                        \
    static enum er_status compute_##NAME##_reshaped(struct er_measured_run *run, double *out,                \
                                                    struct er_error *err)                                    \
    {                                                                                                        \
        return of_##NAME(run, ER_RESHAPED, out, err);                                                        \
    }                                                                                                        \
    ER_JIANG_NORM(NAME, TITLE, HELP, SOURCE, LOGARITHMIC, INVARIANT, NEEDS, COST);                           \
    ER_JIANG_NORM(NAME##_reshaped, TITLE ", reshaped", HELP "; s of kernels as matrices", SOURCE,            \
                  LOGARITHMIC, INVARIANT, NEEDS, COST)

#define LAYERS ER_INVARIANT_LAYER_SCALE
#define MARGIN (ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS)

SPECTRAL(prod_of_spec, er_jiang_product(run, er_jiang_spectral(convention), false, false, out, err),
         "product of spectral norms", "product over layers of squared spectral norms: prod s^2", "32", true,
         LAYERS, 0, ER_COST_WEIGHTS);
SPECTRAL(log_prod_of_spec, er_jiang_product(run, er_jiang_spectral(convention), false, true, out, err),
         "ln product of spectral norms", "natural logarithm of prod_of_spec", "32", false, LAYERS, 0,
         ER_COST_WEIGHTS);
SPECTRAL(prod_of_spec_over_margin,
         er_jiang_product(run, er_jiang_spectral(convention), true, false, out, err),
         "spectral norms / margin", "prod s^2 / margin^2, the margin of the 10th percentile", "31", true,
         LAYERS, MARGIN, ER_COST_PASS);
SPECTRAL(log_prod_of_spec_over_margin,
         er_jiang_product(run, er_jiang_spectral(convention), true, true, out, err),
         "ln spectral norms / margin", "natural logarithm of prod_of_spec_over_margin", "31", false, LAYERS,
         MARGIN, ER_COST_PASS);
SPECTRAL(sum_of_spec, er_jiang_mean(run, er_jiang_spectral(convention), false, out, err),
         "mean of spectral norms", "d (prod s^2)^(1/d), d layers: not a sum, the geometric mean times d",
         "35", true, LAYERS, 0, ER_COST_WEIGHTS);
SPECTRAL(sum_of_spec_over_margin, er_jiang_mean(run, er_jiang_spectral(convention), true, out, err),
         "mean spectral norm / margin", "d (prod s^2 / margin^2)^(1/d)", "34", true, LAYERS, MARGIN,
         ER_COST_PASS);
SPECTRAL(fro_over_spec, er_jiang_ratio(run, ER_LAYER_FROBENIUS, convention, out, err), "sum of stable ranks",
         "sum over layers of (Frobenius norm / spectral norm)^2", "33", true, LAYERS, 0, ER_COST_WEIGHTS);
SPECTRAL(spec_init_main, main_term(run, convention, ER_LAYER_MOVED_FROBENIUS, false, out, err),
         "spectral, main, from start",
         "prod s^2 (sum t^2 / s^2) / margin^2, t the Frobenius distance from the initial weights", "29", true,
         LAYERS, ER_NEEDS_INITIAL | MARGIN, ER_COST_PASS);
SPECTRAL(log_spec_init_main, main_term(run, convention, ER_LAYER_MOVED_FROBENIUS, true, out, err),
         "ln spectral, main, from start", "natural logarithm of spec_init_main", "29", false, LAYERS,
         ER_NEEDS_INITIAL | MARGIN, ER_COST_PASS);
SPECTRAL(spec_orig_main, main_term(run, convention, ER_LAYER_FROBENIUS, false, out, err),
         "spectral, main, from 0", "prod s^2 (sum f^2 / s^2) / margin^2, f the Frobenius norm", "30", true,
         LAYERS, MARGIN, ER_COST_PASS);
SPECTRAL(log_spec_orig_main, main_term(run, convention, ER_LAYER_FROBENIUS, true, out, err),
         "ln spectral, main, from 0", "natural logarithm of spec_orig_main", "30", false, LAYERS, MARGIN,
         ER_COST_PASS);
SPECTRAL(spec_init, whole(run, convention, ER_LAYER_MOVED_FROBENIUS, out, err), "spectral, whole, from start",
         "the capacity term whose main part is spec_init_main, with its constants", "25 (from memory)", true,
         LAYERS, ER_NEEDS_INITIAL | MARGIN, ER_COST_PASS);
SPECTRAL(spec_orig, whole(run, convention, ER_LAYER_FROBENIUS, out, err), "spectral, whole, from 0",
         "the capacity term whose main part is spec_orig_main, with its constants", "26 (from memory)", true,
         LAYERS, MARGIN, ER_COST_PASS);
SPECTRAL(dist_spec_init,
         er_jiang_sum_of_squares(run,
                                 convention == ER_AS_MAP ? ER_LAYER_MOVED_SPECTRAL
                                                         : ER_LAYER_MOVED_SPECTRAL_RESHAPED,
                                 out, err),
         "spectral distance from start",
         "sum over layers of the squared spectral norm of the distance from the initial weights", "41", true,
         0, ER_NEEDS_INITIAL, ER_COST_WEIGHTS);
