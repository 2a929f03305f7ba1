/* minima_request.c - a point's minima as requests to their samplers. */
#include "experiments/minima_request.h"

#include "experiments/data_keys.h"
#include "experiments/minima_keys.h"
#include "experiments/train_keys.h"

/* A seed of `train`, held where the seed of a run is not to change it. */
static uint64_t seed_of(const struct er_point *point, const char *path, enum er_varies what)
{
    const bool held = !er_minima_keys_varies(point, what) && !er_point_get(point, path);
    return held ? 0 : er_train_keys_seed(point, path);
}

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
        .others = split->others.n > 0 ? &split->others : NULL,
        .spec = er_train_keys_spec(point),
        .augment = er_data_keys_augment(point),
        .seed_initialise = seed_of(point, "train.seed.initialise", ER_VARIES_INITIALISE) + further,
        .seed_batches = seed_of(point, "train.seed.batches", ER_VARIES_BATCHES) + further,
        .settings = er_minima_keys_settings(point)};
}
