/* sgd.c - the sampler `sgd`: training from random initial weights, as in any run of `train` with these settings and
 * seeds, to the bit. (With the optimiser that the specification says: the name is the field's.)
 */
#include "minima/trained.h"

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_minima_train(sampling, NULL, err);
}

const struct er_sampler er_sampler_sgd = {
    .info = {.name = "sgd",
             .help = "training from random initial weights, until the study's rule stops it",
             .source = "",
             .trains = true},
    .find = find,
};
