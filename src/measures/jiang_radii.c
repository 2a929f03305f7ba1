/* jiang_radii.c - measures of Jiang et al. that are made of radii: flatness by random perturbations, and sharpness by the worst
 * one in a box.
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
 *     sharpness_flatness        1 / alpha^2
 *     sharpness_init, _orig     |w - w0|^2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10,  |w|^2 in place of |w - w0|^2
 *
 *     sharpness_mag_flatness    1 / alpha'^2
 *     sharpness_mag_init        1/4 sum_i ln((eps^2 + (alpha'^2 + 4 ln(2 omega / delta)) |w - w0|^2 / omega)
 *                                            / (eps^2 + alpha'^2 (w - w0)_i^2)) + ln(m / sigma) + 10
 *     sharpness_mag_orig_ref    the same with |w|^2 in place of |w - w0|^2
 *     sharpness_mag_orig_abs    and w_i^2 in place of (w - w0)_i^2
 *
 * alpha and alpha' are the half-widths of a box, of one size or in parts of each weight, in which the largest training error
 * found by climbing is 0.1 higher; sigma that of pacbayes_flatness (perturbed.h); delta = 0.05. The largest error found is a
 * lower bound on the largest there is, so that alpha is rather too large.
 *
 * Sources: Jiang et al., ICLR 2020, eqs. 48, 49, 51 to 54, 56, 57, 59 to 62, whose box search they take from Keskar et al., ICLR
 * 2017; Dziugaite et al., NeurIPS 2020, published code (constants, which weights count, the search).
 * Departure: steps by the sign of the gradient (perturbed.h).
 * Cost: a search for sigma takes about 15 forward passes over 1,000 examples, or over the training set where that has fewer; one
 * for alpha about 15 climbs of 10 gradients of 64 examples, and as many forward passes over some of the training set.
 */
#include "measures/jiang_forms.h"
#include "measures/perturbed.h"

/* Which radius; |w - w0|^2 in place of |w|^2; (w - w0)_i^2 in place of w_i^2. */
struct form {
    enum er_perturbation radius;
    bool moved, moved_elements;
};

/* What a form takes. */
struct entering {
    struct er_jiang_weights w, moved;
    double radius, sigma, omega, m;
};

/* The sigma of its logarithm is the radius itself, or beside a box that of plain noise. */
static enum er_status enter(struct er_measured_run *run, enum er_perturbation which, struct entering *out,
                            struct er_error *err)
{
    const bool box = which == ER_PERTURBATION_ALPHA || which == ER_PERTURBATION_ALPHA_MAGNITUDE;
    struct er_perturbed_weights weights;
    struct er_radius sigma, radius;
    enum er_status status = er_measured_normless(run, &weights, err);
    if (status == ER_OK) status = er_measured_radius(run, box ? ER_PERTURBATION_SIGMA : which, &sigma, err);
    if (status == ER_OK) status = er_measured_radius(run, which, &radius, err);
    if (status != ER_OK) return status;
    out->w = out->moved = (struct er_jiang_weights){
        .n = er_net_parameters(weights.normless->net), .chosen = weights.normless->weights, .w = weights.w};
    out->moved.minus = weights.initial;
    out->radius = radius.radius;
    out->sigma = sigma.radius;
    out->omega = (double)weights.normless->n_weights;
    out->m = (double)run->is.train->n;
    return ER_OK;
}

static enum er_status compute(struct er_measured_run *run, struct form form, double *out,
                              struct er_error *err)
{
    struct entering is;
    const enum er_status status = enter(run, form.radius, &is, err);
    if (status != ER_OK) return status;
    const struct er_jiang_weights *elements = form.moved_elements ? &is.moved : &is.w;
    const double square = er_jiang_square(form.moved ? &is.moved : &is.w);
    if (form.radius == ER_PERTURBATION_SIGMA)
        *out = er_jiang_plain(square, is.radius, is.m);
    else if (form.radius == ER_PERTURBATION_SIGMA_MAGNITUDE)
        *out = er_jiang_relative_pacbayes(elements, square, is.omega, is.radius, is.m);
    else if (form.radius == ER_PERTURBATION_ALPHA)
        *out = er_jiang_sharpness(square, is.radius, is.sigma, is.omega, is.m);
    else
        *out = er_jiang_relative_sharpness(elements, square, is.omega, is.radius, is.sigma, is.m);
    return ER_OK;
}

#define RADIUS_MEASURE(NAME, FAMILY, TITLE, LOGARITHMIC, NEEDS, HELP, SOURCE, ...)                           \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return __VA_ARGS__;                                                                                  \
    }                                                                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = SOURCE,                                                                                    \
        .logarithmic = (LOGARITHMIC),                                                                        \
        .direction = 1,                                                                                      \
        .scale = ER_RANK_NUMERATOR,                                                                          \
        .family = FAMILY,                                                                                    \
        .invariant = ER_INVARIANT_BATCH_NORM,                                                                \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED | (NEEDS),                           \
        .cost = ER_COST_TRAINING,                                                                            \
        .compute = compute_##NAME,                                                                           \
    }

/* The form's value, and 1 / radius^2. */
#define FORM(...)   compute(run, (struct form){__VA_ARGS__}, out, err)
#define FLAT(WHICH) er_measured_flatness(run, WHICH, out, err)

#define JIANG(EQUATION) "Jiang et al., ICLR 2020, eq. " EQUATION "; Dziugaite et al., NeurIPS 2020, code"
#define BOX(EQUATION)   "Jiang et al., ICLR 2020, eq. " EQUATION "; climbs by sign-gradient steps"

RADIUS_MEASURE(
    pacbayes_init, "pacbayes", "PAC-Bayes, from initial weights", true, ER_NEEDS_INITIAL,
    "|w - w0|^2 / (4 sigma^2) + ln(m / sigma) + 10, sigma: noise on all weights that costs 0.1 of accuracy",
    JIANG("48"), FORM(ER_PERTURBATION_SIGMA, true, false));
RADIUS_MEASURE(
    pacbayes_orig, "pacbayes", "PAC-Bayes, from the origin", true, 0,
    "|w|^2 / (4 sigma^2) + ln(m / sigma) + 10, sigma: noise on all weights that costs 0.1 of accuracy",
    JIANG("49"), FORM(ER_PERTURBATION_SIGMA, false, false));
RADIUS_MEASURE(
    pacbayes_flatness, "pacbayes", "flatness under noise", true, 0,
    "1 / sigma^2, sigma: standard deviation of noise on all weights that costs 0.1 of training accuracy",
    JIANG("53"), FLAT(ER_PERTURBATION_SIGMA));
RADIUS_MEASURE(pacbayes_flatness_rgm, "pacbayes", "flatness under noise, as coded", true, 0,
               "1 / s^2 with noise of standard deviation s^2: published code took a variance for a deviation",
               "Dziugaite et al., NeurIPS 2020, published code", FLAT(ER_PERTURBATION_SIGMA_RGM));
RADIUS_MEASURE(
    pacbayes_mag_init, "pacbayes", "PAC-Bayes, relative, from initial", false, ER_NEEDS_INITIAL,
    "1/4 sum ln((eps^2 + (s^2 + 1) |d|^2 / omega) / (eps^2 + s^2 d_i^2)) + ln(m / s) + 10, d = w - w0, "
    "s: noise "
    "in parts of each weight",
    JIANG("56"), FORM(ER_PERTURBATION_SIGMA_MAGNITUDE, true, true));
RADIUS_MEASURE(
    pacbayes_mag_orig_ref, "pacbayes", "PAC-Bayes, relative, as coded", false, ER_NEEDS_INITIAL,
    "pacbayes_mag_init with |w|^2 in place of |w - w0|^2 above, and (w - w0)_i^2 below as published "
    "code has it",
    JIANG("57"), FORM(ER_PERTURBATION_SIGMA_MAGNITUDE, false, true));
RADIUS_MEASURE(pacbayes_mag_orig_abs, "pacbayes", "PAC-Bayes, relative, from the origin", false, 0,
               "pacbayes_mag_init with w in place of w - w0 above and below, which the derivation needs",
               JIANG("57"), FORM(ER_PERTURBATION_SIGMA_MAGNITUDE, false, false));
RADIUS_MEASURE(pacbayes_mag_flatness, "pacbayes", "flatness under relative noise", true, 0,
               "1 / s^2, s: noise in parts of each weight that costs 0.1 of training accuracy", JIANG("61"),
               FLAT(ER_PERTURBATION_SIGMA_MAGNITUDE));
RADIUS_MEASURE(
    sharpness_init, "sharpness", "sharpness, from initial weights", true, ER_NEEDS_INITIAL,
    "|w - w0|^2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10, alpha: half-width of a box whose worst "
    "weights cost "
    "0.1 of accuracy",
    BOX("51"), FORM(ER_PERTURBATION_ALPHA, true, false));
RADIUS_MEASURE(sharpness_orig, "sharpness", "sharpness, from the origin", true, 0,
               "|w|^2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10, alpha as in sharpness_flatness",
               BOX("52"), FORM(ER_PERTURBATION_ALPHA, false, false));
RADIUS_MEASURE(
    sharpness_flatness, "sharpness", "sharpness of the worst weights", true, 0,
    "1 / alpha^2, alpha: half-width of a box around the weights, the worst of which cost 0.1 of accuracy",
    BOX("54"), FLAT(ER_PERTURBATION_ALPHA));
RADIUS_MEASURE(
    sharpness_mag_init, "sharpness", "sharpness, relative, from initial", false, ER_NEEDS_INITIAL,
    "1/4 sum ln((eps^2 + (a^2 + 4 ln(2 omega / 0.05)) |d|^2 / omega) / (eps^2 + a^2 d_i^2)) + ln(m / "
    "sigma) + 10, "
    "d = w - w0, a: box in parts of each weight",
    BOX("59"), FORM(ER_PERTURBATION_ALPHA_MAGNITUDE, true, true));
RADIUS_MEASURE(sharpness_mag_orig_ref, "sharpness", "sharpness, relative, as coded", false, ER_NEEDS_INITIAL,
               "sharpness_mag_init with |w|^2 in place of |w - w0|^2 above, and (w - w0)_i^2 below",
               BOX("60"), FORM(ER_PERTURBATION_ALPHA_MAGNITUDE, false, true));
RADIUS_MEASURE(sharpness_mag_orig_abs, "sharpness", "sharpness, relative, from the origin", false, 0,
               "sharpness_mag_init with w in place of w - w0 above and below, which the derivation needs",
               BOX("60"), FORM(ER_PERTURBATION_ALPHA_MAGNITUDE, false, false));
RADIUS_MEASURE(sharpness_mag_flatness, "sharpness", "sharpness of the worst, relative", true, 0,
               "1 / a^2, a: box in parts of each weight, the worst of which cost 0.1 of training accuracy",
               BOX("62"), FLAT(ER_PERTURBATION_ALPHA_MAGNITUDE));
