/* minima_request.c - a point's minima as requests to their samplers. */
#include "experiments/minima_request.h"

#include "experiments/data_keys.h"
#include "experiments/train_keys.h"

struct er_minimum_request er_minimum_request_of(const struct er_point *point, const struct er_split *split,
                                                const struct er_net *net, const struct er_sampler *sampler,
                                                int64_t number)
{
    const uint64_t further = (uint64_t)number << 32;
    return (struct er_minimum_request){
        .sampler = sampler,
        .net = net,
        .train = &split->train,
        .test = split->test.n > 0 ? &split->test : NULL,
        .spec = er_train_keys_spec(point),
        .augment = er_data_keys_augment(point),
        .seed_initialise = er_train_keys_seed(point, "train.seed.initialise") + further,
        .seed_batches = er_train_keys_seed(point, "train.seed.batches") + further};
}
