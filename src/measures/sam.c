/* sam.c - how much the training loss rises at most within a ball around the weights.
 *
 *     sam_sharpness            max_{|u| <= rho} L(w + u) - L(w)                    rho = 0.05
 *     sam_sharpness_one_step   L(w + rho g / |g|) - L(w), g the gradient           rho = 0.05
 *     asam_sharpness           max_{|u / |w|| <= rho} L(w + u) - L(w)              rho = 0.5, u / |w| element by element
 *
 * Over all training examples and all parameters, biases and batch norm's among them; the loss alone, without
 * weight decay; the network as it is evaluated. The maximum is the largest loss met in STEPS steps of ascent
 * (measures/climb.h): a lower bound. To first order it is rho |g|, at a minimum rho^2 lambda_max / 2. The step
 * of the second has no direction where g = 0: refused. Weights of 0 do not move in the third, which scales
 * with the weights and so does not change when a factor moves from one unit's incoming weights to its outgoing
 * ones. Departure: ASAM adds 0.01 to |w|, which would take that from it.
 *
 * Cost: STEPS + 1 gradients of all examples, for the second two; the first gives the second.
 * Source: Foret, Kleiner, Mobahi and Neyshabur, ICLR 2021, section 2; Kwon, Kim, Park and Choi, ICML 2021,
 * section 3.
 */
#include "derivatives/derivatives.h"
#include "measures/climb.h"
#include "measures/measured.h"

#include <ermine/memory.h>
#include <ermine/random.h>

static const double RHO = 0.05, RHO_ADAPTIVE = 0.5;
enum { STEPS = 10 };

static enum er_status gradient(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    const struct er_derivatives *trained = ctx;
    struct er_network network = *trained->network;
    network.w = w;
    struct er_derivatives at = er_derivatives_at(trained, &network);
    return er_derivatives_gradient(&at, g, loss, NULL, err);
}

static enum er_status climb(struct er_measured_run *run, bool adaptive, int steps, struct er_climbed *out,
                            struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    const struct er_climb how = {.rho = adaptive ? RHO_ADAPTIVE : RHO,
                                 .adaptive = adaptive,
                                 .steps = steps,
                                 .seed = run->is.seed,
                                 .stream = er_stream(ER_PURPOSE_ASCENT, 0)};
    struct er_derivatives *derivatives;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    float *room = er_alloc(2 * P, sizeof *room);
    if (!room) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld weights", (long long)P);
    status = er_climb(&(struct er_hill){P, derivatives, gradient}, &how, run->is.w, room, out, err);
    er_free(room);
    return status;
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    return climb(run, false, which, part, err);
}

/* By all steps, and by the first. */
static const struct er_part climbed = {"a climb", sizeof(struct er_climbed), make, NULL, STEPS},
                            stepped = {"a step", sizeof(struct er_climbed), make, NULL, 1};

static enum er_status sam(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *part;
    const enum er_status status = er_measured_part(run, &climbed, &part, err);
    if (status != ER_OK) return status;
    const struct er_climbed *is = part;
    *out = is->most - is->start;
    return ER_OK;
}

static enum er_status one_step(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *part;
    const bool known = er_measured_made(run, &climbed);
    const enum er_status status = er_measured_part(run, known ? &climbed : &stepped, &part, err);
    if (status != ER_OK) return status;
    const struct er_climbed *is = part;
    if (is->stationary)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "sam_sharpness_one_step: the gradient of the training loss is 0");
    *out = is->first - is->start;
    return ER_OK;
}

static enum er_status adaptive(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_climbed is = {0};
    const enum er_status status = climb(run, true, STEPS, &is, err);
    if (status == ER_OK) *out = is.most - is.start;
    return status;
}

extern const struct er_measure er_measure_sam_sharpness, er_measure_sam_sharpness_one_step,
    er_measure_asam_sharpness;
const struct er_measure er_measure_sam_sharpness = {
    .name = "sam_sharpness",
    .title = "sharpness in a ball",
    .unit = "",
    .help = "largest training loss within |u| <= 0.05 of the weights - loss, by 10 steps of ascent",
    .source = "Foret et al., ICLR 2021, section 2; ten steps in place of one",
    .direction = 1,
    .family = "sharpness",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = sam,
};
const struct er_measure er_measure_sam_sharpness_one_step = {
    .name = "sam_sharpness_one_step",
    .title = "sharpness by one step",
    .unit = "",
    .help = "L(w + 0.05 g / |g|) - L(w), L the training loss, g its gradient",
    .source = "Foret et al., ICLR 2021, eq. 2",
    .direction = 1,
    .family = "sharpness",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_PASS,
    .compute = one_step,
};
const struct er_measure er_measure_asam_sharpness = {
    .name = "asam_sharpness",
    .title = "adaptive sharpness",
    .unit = "",
    .help = "largest training loss within |u / |w|| <= 0.5 of the weights - loss, by 10 steps of ascent",
    .source = "Kwon et al., ICML 2021, eq. 3; ten steps in place of one, nothing added to |w|",
    .direction = 1,
    .family = "sharpness",
    .invariant = ER_INVARIANT_ALL,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = adaptive,
};
