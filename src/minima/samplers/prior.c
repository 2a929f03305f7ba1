/* prior.c - the sampler `prior`: weights drawn by the laws of the net's own initialisation until they fit.
 *
 *     w ~ p(w)     kept when every example of S is predicted:  w ~ p(w | S), the Bayesian posterior of the prior p
 *                  under the 0-1 likelihood, exactly
 *
 * With the initialisation of SGD as its prior, what is found differs from what SGD finds by the optimiser alone.
 */
#include "minima/drawn.h"

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_drawn_find(sampling, ER_PRIOR_OWN, err);
}

const struct er_sampler er_sampler_prior = {
    .info = {.name = "prior",
             .help = "the Bayesian posterior, exactly: initial weights drawn until they fit",
             .source =
                 "C. Mingard, G. Valle-Perez, J. Skalse and A. A. Louis, \"Is SGD a Bayesian sampler? Well, "
                 "almost\", JMLR 2021"},
    .check = er_drawn_check,
    .find = find,
};
