/* perturbed.h - the radii of a run: how large perturbations of its weights are where the training error has risen by a tenth.
 *
 *     sigma    u_i ~ N(0, s^2)                     mean error of 10 draws
 *     sigma'   u_i ~ N(0, s^2 w_i^2 + eps^2)       likewise
 *     alpha    |u_i| <= s                          largest error that 3 climbs of the loss come to
 *     alpha'   |u_i| <= s |w_i| + eps              likewise
 *
 * with eps = 1e-3; w all parameters, biases too, of the network without batch norm (normless.h), which is evaluated over the
 * training set. Perturbed networks are made of the pristine weights each time. Random numbers are common: draw k is the same
 * standard normals at every s, climb r begins at the same corner of the box and meets the same examples; so dev(s) is nearly
 * rising. Seed: er_measured.seed.
 *
 * A climb is STEPS steps of projected ascent by the sign of the gradient of the mean loss over 64 examples,
 *
 *     u = r/2 c_i with r uniform in (-1, 1)     u_i <- u_i + (2.5 / STEPS) c_i sign(dL/du_i), brought back into the box
 *
 * c_i the box's half-width. Departures from the papers: steps by the sign, which need no rate that fits all networks (plain
 * gradients: Jiang et al., ICLR 2020, appendix); the error of a climb is that of its end, over the whole set.
 * On small networks for Fashion-MNIST 40 steps of 512 examples, which take thirty times as long, find an alpha that is 3 to 6 %
 * smaller, and an alpha' 11 to 18 %.
 *
 * sigma_rgm is the reference's own (Dziugaite et al., NeurIPS 2020, published code): its search bisects s in [0, 2] and
 * hands s^2 as a standard deviation to the generator, so that its s is the root of the noise's size.
 */
#ifndef ERMINE_MEASURES_PERTURBED_H
#define ERMINE_MEASURES_PERTURBED_H

#include "measures/measured.h"
#include "measures/normless.h"
#include "measures/radius_search.h"

#define ER_PERTURBED_EPSILON 1e-3
enum { ER_PERTURBED_DRAWS = 10, ER_PERTURBED_CLIMBS = 3, ER_PERTURBED_STEPS = 10, ER_PERTURBED_BATCH = 64 };

enum er_perturbation {
    ER_PERTURBATION_SIGMA,
    ER_PERTURBATION_SIGMA_MAGNITUDE,
    ER_PERTURBATION_SIGMA_RGM,
    ER_PERTURBATION_ALPHA,
    ER_PERTURBATION_ALPHA_MAGNITUDE,
    ER_PERTURBATIONS
};

/* The weights and, where the run has them, the initial weights, of the folded net; the run's. */
struct er_perturbed_weights {
    const struct er_normless *normless;
    const float *w, *initial; /* initial: NULL where the run has none */
};
enum er_status er_measured_normless(struct er_measured_run *run, struct er_perturbed_weights *out,
                                    struct er_error *err);

/* A radius, searched for when first asked for. ER_E_UNSUPPORTED (no such radius; a batch norm that can't be folded),
 * ER_E_NONFINITE, ER_E_NOMEM, er_plan_new()'s. */
enum er_status er_measured_radius(struct er_measured_run *run, enum er_perturbation which,
                                  struct er_radius *out, struct er_error *err);

/* *out = 1 / radius^2. */
enum er_status er_measured_flatness(struct er_measured_run *run, enum er_perturbation which, double *out,
                                    struct er_error *err);

/* Bytes that the radii take on `threads` threads, about. ER_E_UNSUPPORTED counts as 0 bytes: nothing is searched then. */
enum er_status er_perturbed_bytes(const struct er_net *net, int64_t examples, int threads, size_t *bytes,
                                  struct er_error *err);

#endif
