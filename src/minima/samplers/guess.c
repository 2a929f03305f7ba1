/* guess.c - the sampler `guess`: weights drawn at random until they fit.
 *
 *     w ~ U[-scale, scale]^P, weights and biases alike;  kept when every example of S is predicted
 *
 * Nothing is learnt between draws: what is found is a fair sample of the volume of the interpolating minima within the
 * cube. The chance of a draw falls about geometrically with the number of examples, so S has to be tiny.
 */
#include "minima/drawn.h"

static enum er_status check(const struct er_minimum_request *request, struct er_error *err)
{
    if (!(request->settings.scale > 0 && request->settings.scale <= 1e6))
        return er_fail(err, ER_E_USAGE, "guess: scale is %g, and must be above 0, 10^6 at most",
                       request->settings.scale);
    return er_drawn_check(request, err);
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_drawn_find(sampling, ER_PRIOR_UNIFORM, err);
}

const struct er_sampler er_sampler_guess = {
    .info = {.name = "guess",
             .help = "guess and check: weights drawn uniformly until they fit",
             .source = "P. Chiang et al., \"Loss landscapes are all you need\", ICLR 2023"},
    .check = check,
    .find = find,
};
