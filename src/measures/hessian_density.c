/* hessian_density.c - numbers of the density of the Hessian's eigenvalues where training ended.
 *
 *     hessian_negative_mass   sum_{lambda < 0} |lambda| / sum |lambda|
 *     hessian_tail_mass       the share of eigenvalues above TAIL = 0.1
 *
 * Estimated by stochastic Lanczos quadrature (er_spectral_density()): PROBES vectors of random signs, STEPS
 * products each, whose nodes theta with weights tau stand for the eigenvalues. Masses are of the nodes
 * themselves, not smoothed by a Gaussian. Negative eigenvalues are weighted by their size: most eigenvalues of
 * a network are 0 but for rounding, which would make a count of those below 0 a matter of chance. For TAIL the
 * unit is that of the loss per squared weight: a count relative to the largest would not tell a sharp minimum
 * from a flat one. A tail of r eigenvalues in P has a relative standard error of about sqrt(2 / (PROBES r)).
 * Conventions are those of sharpness.c.
 *
 * Cost: PROBES * STEPS products with the Hessian, once for both. Memory: STEPS + 1 copies of the weights.
 * Source: Ghorbani, Krishnan and Xiao, "An investigation into neural net optimization via Hessian eigenvalue
 * density", ICML 2019, the quadrature, and the share of negative eigenvalues as there, from memory.
 */
#include "measures/measured.h"

#include <ermine/memory.h>
#include <math.h>

static const double TAIL = 0.1;
enum { PROBES = 4, STEPS = 20 };

struct density {
    double negative_mass, tail_mass;
};

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct er_derivatives *derivatives;
    struct er_density_options options = er_density_options_default();
    double node[PROBES * STEPS], weight[PROBES * STEPS], size = 0, negative = 0, tail = 0;
    (void)which;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    options.probes = PROBES;
    options.steps = STEPS;
    options.seed = run->is.seed;
    const struct er_operator hessian = er_derivatives_operator(derivatives, ER_CURVATURE_HESSIAN);
    status = er_spectral_density(&hessian, &options, node, weight, err);
    if (status != ER_OK) return status;
    for (int i = 0; i < PROBES * STEPS; i++) {
        size += weight[i] * fabs(node[i]);
        negative += node[i] < 0 ? weight[i] * -node[i] : 0;
        tail += node[i] > TAIL ? weight[i] / PROBES : 0;
    }
    if (size == 0) return er_fail(err, ER_E_UNSUPPORTED, "measures: the Hessian of the training loss is 0");
    *(struct density *)part = (struct density){negative / size, tail};
    return ER_OK;
}

static const struct er_part density = {"the Hessian's density", sizeof(struct density), make, NULL, 0};

static enum er_status negative_mass(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &density, &is, err);
    if (status == ER_OK) *out = ((const struct density *)is)->negative_mass;
    return status;
}

static enum er_status tail_mass(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &density, &is, err);
    if (status == ER_OK) *out = ((const struct density *)is)->tail_mass;
    return status;
}

extern const struct er_measure er_measure_hessian_negative_mass, er_measure_hessian_tail_mass;
const struct er_measure er_measure_hessian_negative_mass = {
    .name = "hessian_negative_mass",
    .title = "negative part of the Hessian",
    .unit = "",
    .help = "sum of |lambda| over the Hessian's negative eigenvalues over that of all, by Lanczos quadrature",
    .source = "Ghorbani, Krishnan and Xiao, ICML 2019",
    .direction = 1,
    .family = "curvature",
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = negative_mass,
};
const struct er_measure er_measure_hessian_tail_mass = {
    .name = "hessian_tail_mass",
    .title = "tail of the Hessian's spectrum",
    .unit = "",
    .help = "the share of the Hessian's eigenvalues that are above 0.1, by Lanczos quadrature",
    .source = "Ghorbani, Krishnan and Xiao, ICML 2019, section 2; a threshold in place of a figure",
    .direction = 1,
    .family = "curvature",
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = tail_mass,
};
