/* list.c - the experiments of experiments.def. */
#include "experiments/experiment.h"

#include <string.h>

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

bool er_experiment_uses(const struct er_experiment *a, const struct er_experiment *b)
{
    const size_t n = strlen(b->name);
    for (const char *word = a->uses; word && *word; word += strcspn(word, " "), word += strspn(word, " "))
        if (strcspn(word, " ") == n && strncmp(word, b->name, n) == 0) return true;
    return false;
}
