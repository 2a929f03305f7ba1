/* box_sharpness.c - how much the training loss rises at most in a small box around the weights, in per cent.
 *
 *     100 (max_{u in C} L(u) - L(w)) / (1 + L(w))      C = {u : |u_i - w_i| <= c_i},  c_i = eps (|w_i| + 1)
 *
 * with eps = 5e-4, over all parameters (A = I in the paper), the network as it is evaluated. The maximum is looked for
 * by T = 20 steps of projected ascent by the sign of the gradient,
 *
 *     u_i <- u_i + (2.5 / T) c_i sign(dL/du_i), brought back into C      from u = w
 *
 * and is the largest loss met: a lower bound on the maximum, exact where L is linear over the box, and where it is convex
 * and no two coordinates act on each other. Departure: Keskar et al. take ten iterations of L-BFGS-B. Steps that could
 * cross the box 2.5 times are those of Madry et al., ICLR 2018. A gradient of 0 stays: such weights have sharpness 0.
 *
 * Source: Keskar, Mudigere, Nocedal, Smelyanskiy and Tang, "On large-batch training for deep learning", ICLR 2017,
 * metric 2.1.
 */
#include "derivatives/derivatives.h"
#include "measures/measured.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static const double EPSILON = 5e-4;
enum { STEPS = 20 };

static void step(int64_t P, const float *w, const float *g, float *u)
{
    for (int64_t i = 0; i < P; i++) {
        const double c = EPSILON * (fabs((double)w[i]) + 1), sign = (g[i] > 0) - (g[i] < 0);
        const double to = (double)u[i] + 2.5 / STEPS * c * sign;
        u[i] = (float)fmin(fmax(to, (double)w[i] - c), (double)w[i] + c);
    }
}

/* The loss at w, and the largest one on the way from it; u and g are scratch of P floats. */
static enum er_status climb(const struct er_measured_run *run, const struct er_derivatives *derivatives,
                            float *u, float *g, double *start, double *most, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    const float *w = run->is.w;
    const struct er_network network = {.w = u, .statistics = run->is.statistics};
    struct er_derivatives at = er_derivatives_at(derivatives, &network);
    enum er_status status = ER_OK;
    memcpy(u, w, (size_t)P * sizeof *u);
    for (int k = 0; status == ER_OK && k <= STEPS; k++) {
        double loss = 0;
        status = k < STEPS ? er_derivatives_gradient(&at, g, &loss, NULL, err)
                           : er_derivatives_loss(&at, &loss, NULL, err);
        if (status != ER_OK) break;
        if (k == 0) *start = *most = loss;
        *most = fmax(*most, loss);
        if (k < STEPS) step(P, w, g, u);
    }
    return status;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    struct er_derivatives *derivatives;
    double start = 0, most = 0;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    float *u = er_alloc(2 * P, sizeof *u);
    if (!u) return er_fail(err, ER_E_NOMEM, "box_sharpness: out of memory for %lld weights", (long long)P);
    status = climb(run, derivatives, u, u + P, &start, &most, err);
    er_free(u);
    if (status == ER_OK) *out = 100 * (most - start) / (1 + start);
    return status;
}

extern const struct er_measure er_measure_box_sharpness;
const struct er_measure er_measure_box_sharpness = {
    .name = "box_sharpness",
    .title = "sharpness in a box",
    .unit = "",
    .help = "100 (largest training loss in a box of 5e-4 (|w| + 1) around the weights - loss) / (1 + loss)",
    .source = "Keskar et al., ICLR 2017, metric 2.1; 20 sign-gradient steps in place of L-BFGS-B",
    .direction = 1,
    .family = "curvature",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = compute,
};
