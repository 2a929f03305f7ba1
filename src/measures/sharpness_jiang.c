/* sharpness_jiang.c - sharpness by the worst perturbation in a box: measures of Jiang et al.
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
 * Sources: Jiang et al., ICLR 2020, eqs. 51, 52, 54, 59, 60, 62, whose box search they take from Keskar et al., ICLR 2017.
 * Departure: steps by the sign of the gradient (perturbed.h).
 * Cost: a search takes about 15 climbs of 10 gradients of 64 examples, and as many forward passes over some of the training
 * set.
 */
#include "measures/jiang_forms.h"
#include "measures/perturbed.h"

/* What a form takes. */
struct entering {
    struct er_jiang_weights w, moved; /* w; w - w0, where that is asked for */
    double alpha, sigma, omega, m;
};

static enum er_status enter(struct er_measured_run *run, enum er_perturbation which, struct entering *out,
                            struct er_error *err)
{
    struct er_perturbed_weights weights;
    struct er_radius sigma, alpha;
    enum er_status status = er_measured_normless(run, &weights, err);
    if (status == ER_OK) status = er_measured_radius(run, ER_PERTURBATION_SIGMA, &sigma, err);
    if (status == ER_OK) status = er_measured_radius(run, which, &alpha, err);
    if (status != ER_OK) return status;
    out->w = out->moved = (struct er_jiang_weights){
        .n = er_net_parameters(weights.normless->net), .chosen = weights.normless->weights, .w = weights.w};
    out->moved.minus = weights.initial;
    out->alpha = alpha.radius;
    out->sigma = sigma.radius;
    out->omega = (double)weights.normless->n_weights;
    out->m = (double)run->is.train->n;
    return ER_OK;
}

static enum er_status plain(struct er_measured_run *run, bool initial, double *out, struct er_error *err)
{
    struct entering is;
    const enum er_status status = enter(run, ER_PERTURBATION_ALPHA, &is, err);
    if (status == ER_OK)
        *out = er_jiang_sharpness(er_jiang_square(initial ? &is.moved : &is.w), is.alpha, is.sigma, is.omega,
                                  is.m);
    return status;
}

/* `initial`: |w - w0|^2 is above; `elements`: (w - w0)_i^2 below. */
static enum er_status relative(struct er_measured_run *run, bool initial, bool elements, double *out,
                               struct er_error *err)
{
    struct entering is;
    const enum er_status status = enter(run, ER_PERTURBATION_ALPHA_MAGNITUDE, &is, err);
    if (status == ER_OK)
        *out = er_jiang_relative_sharpness(elements ? &is.moved : &is.w,
                                           er_jiang_square(initial ? &is.moved : &is.w), is.omega, is.alpha,
                                           is.sigma, is.m);
    return status;
}

static enum er_status compute_flatness(struct er_measured_run *run, double *out, struct er_error *err)
{
    return er_measured_flatness(run, ER_PERTURBATION_ALPHA, out, err);
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
    return er_measured_flatness(run, ER_PERTURBATION_ALPHA_MAGNITUDE, out, err);
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

#define SHARPNESS(NAME, TITLE, LOGARITHMIC, NEEDS, HELP, EQUATION, COMPUTE)                                  \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = "Jiang et al., ICLR 2020, eq. " EQUATION "; climbs by sign-gradient steps",                \
        .logarithmic = (LOGARITHMIC),                                                                        \
        .direction = 1,                                                                                      \
        .scale = ER_RANK_NUMERATOR,                                                                          \
        .family = "sharpness",                                                                               \
        .invariant = ER_INVARIANT_BATCH_NORM,                                                                \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED | (NEEDS),                           \
        .cost = ER_COST_TRAINING,                                                                            \
        .compute = (COMPUTE),                                                                                \
    }

SHARPNESS(sharpness_init, "sharpness, from initial weights", true, ER_NEEDS_INITIAL,
          "|w - w0|^2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10, alpha: half-width of a box whose worst "
          "weights cost "
          "0.1 of accuracy",
          "51", compute_init);
SHARPNESS(sharpness_orig, "sharpness, from the origin", true, 0,
          "|w|^2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10, alpha as in sharpness_flatness", "52",
          compute_orig);
SHARPNESS(
    sharpness_flatness, "sharpness of the worst weights", true, 0,
    "1 / alpha^2, alpha: half-width of a box around the weights, the worst of which cost 0.1 of accuracy",
    "54", compute_flatness);
SHARPNESS(sharpness_mag_init, "sharpness, relative, from initial", false, ER_NEEDS_INITIAL,
          "1/4 sum ln((eps^2 + (a^2 + 4 ln(2 omega / 0.05)) |d|^2 / omega) / (eps^2 + a^2 d_i^2)) + ln(m / "
          "sigma) + 10, "
          "d = w - w0, a: box in parts of each weight",
          "59", compute_mag_init);
SHARPNESS(sharpness_mag_orig_ref, "sharpness, relative, as coded", false, ER_NEEDS_INITIAL,
          "sharpness_mag_init with |w|^2 in place of |w - w0|^2 above, and (w - w0)_i^2 below", "60",
          compute_mag_orig_ref);
SHARPNESS(sharpness_mag_orig_abs, "sharpness, relative, from the origin", false, 0,
          "sharpness_mag_init with w in place of w - w0 above and below, which the derivation needs", "60",
          compute_mag_orig_abs);
SHARPNESS(sharpness_mag_flatness, "sharpness of the worst, relative", true, 0,
          "1 / a^2, a: box in parts of each weight, the worst of which cost 0.1 of training accuracy", "62",
          compute_mag_flatness);
