/* predictors.c - bounds by spectral norms without their constants, as they are used to rank networks.
 *
 *     bartlett_predictor             ln(m) ln(P) (prod s_i / gamma) (sum_i (b_i / s_i)^(2/3))^(3/2) / sqrt(m)
 *     pac_bayes_spectral_predictor   d (prod s_i / gamma) sqrt(sum_i h_i t_i^2 / s_i^2) / sqrt(m)
 *
 * s_i, t_i, gamma, d: measures/norm_sums.h; b_i = |W_i - W_i^0|_{2,1}, of a convolution that of its weights as a matrix; h_i the
 * outputs (channels) of layer i; P the parameters of these layers, biases included and batch norm folded. Inputs are taken to be of
 * one size. No guarantee: bartlett_bound is one. Each in both conventions of measures/layer_norms.h; the code has the
 * reshaped one.
 *
 * Source: Bartlett, Foster and Telgarsky, NeurIPS 2017; Neyshabur, Bhojanapalli and Srebro, ICLR 2018; in the form of the
 * code of Neyshabur et al., ICLR 2019 ("generalization-bounds").
 */
#include "measures/margin.h"
#include "measures/norm_sums.h"

#include <ermine/bounds.h>
#include <math.h>

/* ln of prod s / (gamma sqrt(m)). */
static enum er_status ln_common(struct er_measured_run *run, enum er_convention convention, double *out,
                                double *d, struct er_error *err)
{
    double ln, ln_gamma;
    enum er_status status = er_jiang_ln_product(run, er_jiang_spectral(convention), &ln, d, err);
    if (status == ER_OK) status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status == ER_OK) *out = ln / 2 - ln_gamma - .5 * log((double)run->is.train->n);
    return status;
}

static double parameters(const struct er_folded *f)
{
    double P = 0;
    for (int64_t i = 0; i < f->n; i++) {
        const struct er_affine *map = &f->map[i];
        P += (double)map->outputs * (double)(map->fan_in + (map->biased ? 1 : 0));
    }
    return P;
}

static enum er_status bartlett(struct er_measured_run *run, enum er_convention convention, double *out,
                               struct er_error *err)
{
    const struct er_folded *f;
    const double *b, *s;
    double ln, d;
    int64_t n;
    enum er_status status = ln_common(run, convention, &ln, &d, err);
    if (status == ER_OK) status = er_measured_folded(run, &f, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, ER_LAYER_MOVED_TWO_ONE, &b, &n, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, er_jiang_spectral(convention), &s, &n, err);
    if (status != ER_OK) return status;
    double ln_product = 0;
    for (int64_t i = 0; i < n; i++) ln_product += log(s[i]);
    const double ln_ratios = er_spectral_complexity_ln(s, b, n) - ln_product;
    *out = log((double)run->is.train->n) * log(parameters(f)) * exp(ln + ln_ratios);
    return ER_OK;
}

static enum er_status pac_bayes(struct er_measured_run *run, enum er_convention convention, double *out,
                                struct er_error *err)
{
    const struct er_folded *f;
    const double *t, *s;
    double ln, d, sum = 0;
    int64_t n;
    enum er_status status = ln_common(run, convention, &ln, &d, err);
    if (status == ER_OK) status = er_measured_folded(run, &f, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, ER_LAYER_MOVED_FROBENIUS, &t, &n, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, er_jiang_spectral(convention), &s, &n, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) sum += (double)f->map[i].outputs * (t[i] / s[i]) * (t[i] / s[i]);
    *out = d * exp(ln + .5 * log(sum));
    return ER_OK;
}

#define PREDICTOR(NAME, CALL, CONVENTION, TITLE, HELP, SOURCE)                                               \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return CALL(run, CONVENTION, out, err);                                                              \
    }                                                                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .logarithmic = true,                                                                                 \
        .direction = 1,                                                                                      \
        .family = "norms",                                                                                   \
        .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,          \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,                    \
        .cost = ER_COST_PASS,                                                                                \
        .compute = compute_##NAME,                                                                           \
    }

#define BARTLETT_HELP                                                                                        \
    "ln(m) ln(parameters) prod s (sum (b / s)^(2/3))^(3/2) / (margin sqrt(m)), b the (2,1)-distance moved"
#define PAC_BAYES_HELP "d prod s sqrt(sum h t^2 / s^2) / (margin sqrt(m)), h the width, t the distance moved"
#define RESHAPED       "; s of kernels as matrices"

PREDICTOR(bartlett_predictor, bartlett, ER_AS_MAP, "spectral predictor, Bartlett", BARTLETT_HELP,
          "Bartlett et al., NeurIPS 2017, without constants");
PREDICTOR(bartlett_predictor_reshaped, bartlett, ER_RESHAPED, "spectral predictor, reshaped",
          BARTLETT_HELP RESHAPED, "Bartlett et al., NeurIPS 2017; code of Neyshabur et al., ICLR 2019");
PREDICTOR(pac_bayes_spectral_predictor, pac_bayes, ER_AS_MAP, "spectral predictor, PAC-Bayes", PAC_BAYES_HELP,
          "Neyshabur et al., ICLR 2018, without constants");
PREDICTOR(pac_bayes_spectral_predictor_reshaped, pac_bayes, ER_RESHAPED, "PAC-Bayes predictor, reshaped",
          PAC_BAYES_HELP RESHAPED, "Neyshabur et al., ICLR 2018; code of Neyshabur et al., ICLR 2019");
