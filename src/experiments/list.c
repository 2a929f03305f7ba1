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

const struct er_experiment *const *er_experiment_list(int64_t *n)
{
    *n = (int64_t)(sizeof list / sizeof *list);
    return list;
}
