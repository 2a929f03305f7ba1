/* member.c - a request as a member of an ensemble: without its test set, which is looked at once, at the end. */
#include "minima/sampler.h"

struct er_member er_minimum_member(const struct er_minimum_request *request)
{
    return (struct er_member){.net = request->net,
                              .train = request->train,
                              .spec = request->spec,
                              .augment = request->augment,
                              .seed_initialise = request->seed_initialise,
                              .seed_batches = request->seed_batches};
}
