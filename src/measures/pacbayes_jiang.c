/* pacbayes_jiang.c - flatness by random perturbations: PAC-Bayes measures of Jiang et al.
 *
 *     pacbayes_flatness        1 / sigma^2
 *     pacbayes_init, _orig     |w - w0|^2 / (4 sigma^2) + ln(m / sigma) + 10,  |w|^2 in place of |w - w0|^2
 *
 *     pacbayes_mag_flatness    1 / sigma'^2
 *     pacbayes_mag_init        1/4 sum_i ln((eps^2 + (sigma'^2 + 1) |w - w0|^2 / omega) / (eps^2 + sigma'^2 (w - w0)_i^2))
 *                              + ln(m / sigma') + 10
 *     pacbayes_mag_orig_ref    the same with |w|^2 in place of |w - w0|^2; as published code has it
 *     pacbayes_mag_orig_abs    and w_i^2 in place of (w - w0)_i^2, which is what the derivation needs
 *
 * sigma and sigma' are the sizes of Gaussian noise on all parameters at which the training error has risen by 0.1
 * (perturbed.h). w and w0: the omega weights, biases left out, at the end and before the first step, batch norm folded in.
 * mu is neither divided by m nor rooted: error <= training error + sqrt(mu / m), up to what the paper leaves out.
 *
 *     pacbayes_flatness_rgm    1 / s^2 with s by the reference's search, whose noise has standard deviation s^2
 *
 * Sources: Jiang et al., ICLR 2020, eqs. 48, 49, 53, 56, 57, 61; Dziugaite et al., NeurIPS 2020, published code (constants,
 * which weights count, the search).
 * Cost: a search takes about 15 forward passes over 1,000 examples, or over the training set where that has fewer.
 */
#include "measures/jiang_forms.h"
#include "measures/perturbed.h"

/* What enters a form: the squared distance from `from` (NULL: from 0), and the radius. */
struct entering {
    struct er_jiang_weights q;
    double square, radius, omega, m;
};

static enum er_status enter(struct er_measured_run *run, enum er_perturbation which, bool initial,
                            struct entering *out, struct er_error *err)
{
    struct er_perturbed_weights weights;
    struct er_radius is;
    enum er_status status = er_measured_normless(run, &weights, err);
    if (status == ER_OK) status = er_measured_radius(run, which, &is, err);
    if (status != ER_OK) return status;
    out->q = (struct er_jiang_weights){.n = er_net_parameters(weights.normless->net),
                                       .chosen = weights.normless->weights,
                                       .w = weights.w,
                                       .minus = initial ? weights.initial : NULL};
    out->square = er_jiang_square(&out->q);
    out->radius = is.radius;
    out->omega = (double)weights.normless->n_weights;
    out->m = (double)run->is.train->n;
    return ER_OK;
}

static enum er_status plain(struct er_measured_run *run, bool initial, double *out, struct er_error *err)
{
    struct entering is;
    const enum er_status status = enter(run, ER_PERTURBATION_SIGMA, initial, &is, err);
    if (status == ER_OK) *out = er_jiang_plain(is.square, is.radius, is.m);
    return status;
}

/* `initial`: |w - w0|^2 is the square; `elements`: and (w - w0)_i^2 those below. */
static enum er_status relative(struct er_measured_run *run, bool initial, bool elements, double *out,
                               struct er_error *err)
{
    struct entering is, of_elements;
    enum er_status status = enter(run, ER_PERTURBATION_SIGMA_MAGNITUDE, initial, &is, err);
    if (status == ER_OK) status = enter(run, ER_PERTURBATION_SIGMA_MAGNITUDE, elements, &of_elements, err);
    if (status == ER_OK)
        *out = er_jiang_relative_pacbayes(&of_elements.q, is.square, is.omega, is.radius, is.m);
    return status;
}

static enum er_status compute_flatness(struct er_measured_run *run, double *out, struct er_error *err)
{
    return er_measured_flatness(run, ER_PERTURBATION_SIGMA, out, err);
}

static enum er_status compute_flatness_rgm(struct er_measured_run *run, double *out, struct er_error *err)
{
    return er_measured_flatness(run, ER_PERTURBATION_SIGMA_RGM, out, err);
}

static enum er_status compute_init(struct er_measured_run *run, double *out, struct er_error *err)
{
    return plain(run, true, out, err);
}

static enum er_status compute_orig(struct er_measured_run *run, double *out, struct er_error *err)
{
    return plain(run, false, out, err);
}

static enum er_status compute_mag_flatness(struct er_measured_run *run, double *out, struct er_error *err)
{
    return er_measured_flatness(run, ER_PERTURBATION_SIGMA_MAGNITUDE, out, err);
}

static enum er_status compute_mag_init(struct er_measured_run *run, double *out, struct er_error *err)
{
    return relative(run, true, true, out, err);
}

static enum er_status compute_mag_orig_ref(struct er_measured_run *run, double *out, struct er_error *err)
{
    return relative(run, false, true, out, err);
}

static enum er_status compute_mag_orig_abs(struct er_measured_run *run, double *out, struct er_error *err)
{
    return relative(run, false, false, out, err);
}

#define PACBAYES(NAME, TITLE, LOGARITHMIC, NEEDS, HELP, SOURCE, COMPUTE)                                     \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .logarithmic = (LOGARITHMIC),                                                                        \
        .direction = 1,                                                                                      \
        .scale = ER_RANK_NUMERATOR,                                                                          \
        .family = "pacbayes",                                                                                \
        .invariant = ER_INVARIANT_BATCH_NORM,                                                                \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED | (NEEDS),                           \
        .cost = ER_COST_TRAINING,                                                                            \
        .compute = (COMPUTE),                                                                                \
    }

#define JIANG(EQUATION) "Jiang et al., ICLR 2020, eq. " EQUATION "; Dziugaite et al., NeurIPS 2020, code"

PACBAYES(
    pacbayes_init, "PAC-Bayes, from initial weights", true, ER_NEEDS_INITIAL,
    "|w - w0|^2 / (4 sigma^2) + ln(m / sigma) + 10, sigma: noise on all weights that costs 0.1 of accuracy",
    JIANG("48"), compute_init);
PACBAYES(pacbayes_orig, "PAC-Bayes, from the origin", true, 0,
         "|w|^2 / (4 sigma^2) + ln(m / sigma) + 10, sigma: noise on all weights that costs 0.1 of accuracy",
         JIANG("49"), compute_orig);
PACBAYES(pacbayes_flatness, "flatness under noise", true, 0,
         "1 / sigma^2, sigma: standard deviation of noise on all weights that costs 0.1 of training accuracy",
         JIANG("53"), compute_flatness);
PACBAYES(pacbayes_flatness_rgm, "flatness under noise, as coded", true, 0,
         "1 / s^2 with noise of standard deviation s^2: published code took a variance for a deviation",
         "Dziugaite et al., NeurIPS 2020, published code", compute_flatness_rgm);
PACBAYES(pacbayes_mag_init, "PAC-Bayes, relative, from initial", false, ER_NEEDS_INITIAL,
         "1/4 sum ln((eps^2 + (s^2 + 1) |d|^2 / omega) / (eps^2 + s^2 d_i^2)) + ln(m / s) + 10, d = w - w0, "
         "s: noise "
         "in parts of each weight",
         JIANG("56"), compute_mag_init);
PACBAYES(pacbayes_mag_orig_ref, "PAC-Bayes, relative, as coded", false, ER_NEEDS_INITIAL,
         "pacbayes_mag_init with |w|^2 in place of |w - w0|^2 above, and (w - w0)_i^2 below as published "
         "code has it",
         JIANG("57"), compute_mag_orig_ref);
PACBAYES(pacbayes_mag_orig_abs, "PAC-Bayes, relative, from the origin", false, 0,
         "pacbayes_mag_init with w in place of w - w0 above and below, which the derivation needs",
         JIANG("57"), compute_mag_orig_abs);
PACBAYES(pacbayes_mag_flatness, "flatness under relative noise", true, 0,
         "1 / s^2, s: noise in parts of each weight that costs 0.1 of training accuracy", JIANG("61"),
         compute_mag_flatness);
