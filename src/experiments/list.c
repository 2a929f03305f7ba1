/* list.c - the experiments of experiments.def. */
#include "experiments/experiment.h"

#define EXPERIMENT(name) extern const struct er_experiment er_experiment_##name;
#include "experiments/experiments.def"
#undef EXPERIMENT

static const struct er_experiment *const list[] = {
#define EXPERIMENT(name) &er_experiment_##name,
#include "experiments/experiments.def"
#undef EXPERIMENT
};

enum { N_EXPERIMENTS = sizeof list / sizeof list[0] };

const struct er_experiment *const *er_experiment_list(int64_t *n)
{
    *n = N_EXPERIMENTS;
    return list;
}
