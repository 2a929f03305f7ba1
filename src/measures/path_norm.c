/* path_norm.c - the sum over all paths from an input to an output of the product of the squared weights on them.
 *
 *     path_norm     sum_k f(1; w^2)_k     one forward pass of an input of ones, every weight squared: path_norms.h
 *     path_norm_l1  the same of |w|
 *
 * gamma: the 10th percentile of all training margins (measures/margin.h). log_NAME is the natural logarithm of NAME.
 * Rescaling a relu unit by c in and 1/c out changes nothing. Others take the root of it.
 *
 * Source: Neyshabur, Salakhutdinov and Srebro, "Path-SGD", NeurIPS 2015; Jiang et al., ICLR 2020, equations 43 and 44.
 */
#include "measures/margin.h"
#include "measures/path_norms.h"

#include <math.h>

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_folded *f;
    const enum er_status status = er_measured_folded(run, &f, err);
    return status == ER_OK ? er_path_norm_ln(f, which, part, err) : status;
}

/* ln of the sum of squares. */
static const struct er_part squares = {"path norm", sizeof(double), make, NULL, 2};

static enum er_status norm(struct er_measured_run *run, bool margin, bool logarithm, double *out,
                           struct er_error *err)
{
    void *is;
    double ln_gamma = 0;
    enum er_status status = er_measured_part(run, &squares, &is, err);
    if (status == ER_OK && margin) status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status != ER_OK) return status;
    const double ln = *(const double *)is - 2 * ln_gamma;
    *out = logarithm ? ln : exp(ln);
    return ER_OK;
}

static enum er_status of_sizes(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_folded *f;
    double ln;
    enum er_status status = er_measured_folded(run, &f, err);
    if (status == ER_OK) status = er_path_norm_ln(f, 1, &ln, err);
    if (status == ER_OK) *out = exp(ln);
    return status;
}

#define PATHS(NAME, CALL, TITLE, HELP, SOURCE, LOGARITHMIC, NEEDS, COST)                                     \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return CALL;                                                                                         \
    }                                                                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .logarithmic = (LOGARITHMIC),                                                                        \
        .direction = 1,                                                                                      \
        .scale = (LOGARITHMIC) ? ER_RANK_NUMERATOR : ER_RANK_LOG_NUMERATOR,                                  \
        .family = "norms",                                                                                   \
        .invariant = ER_INVARIANT_ALL,                                                                       \
        .needs = ER_NEEDS_WEIGHTS | (NEEDS),                                                                 \
        .cost = (COST),                                                                                      \
        .compute = compute_##NAME,                                                                           \
    }

#define MARGIN (ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS)

PATHS(path_norm, norm(run, false, false, out, err), "path norm",
      "sum over paths of the product of squared weights: outputs of squared weights for inputs of 1",
      "Jiang et al., ICLR 2020, eq. 44", true, 0, ER_COST_WEIGHTS);
PATHS(log_path_norm, norm(run, false, true, out, err), "ln path norm", "natural logarithm of path_norm",
      "Jiang et al., ICLR 2020, eq. 44", false, 0, ER_COST_WEIGHTS);
PATHS(path_norm_over_margin, norm(run, true, false, out, err), "path norm / margin",
      "path_norm / margin^2, the margin of the 10th percentile", "Jiang et al., ICLR 2020, eq. 43", true,
      MARGIN, ER_COST_PASS);
PATHS(log_path_norm_over_margin, norm(run, true, true, out, err), "ln path norm / margin",
      "natural logarithm of path_norm_over_margin", "Jiang et al., ICLR 2020, eq. 43", false, MARGIN,
      ER_COST_PASS);
PATHS(path_norm_l1, of_sizes(run, out, err), "path norm of sizes",
      "sum over paths of the product of the weights' sizes |w|", "Neyshabur et al., COLT 2015, section 4",
      true, 0, ER_COST_WEIGHTS);
