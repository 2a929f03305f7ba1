/* list.c - the samplers of samplers.def. */
#include "minima/sampler.h"

#include <string.h>

#define SAMPLER(name) extern const struct er_sampler er_sampler_##name;
#include "minima/samplers.def"
#undef SAMPLER

static const struct er_sampler *const list[] = {
#define SAMPLER(name) &er_sampler_##name,
#include "minima/samplers.def"
#undef SAMPLER
};

enum { N_SAMPLERS = sizeof list / sizeof list[0] };

const struct er_sampler *const *er_sampler_list(int64_t *n)
{
    *n = N_SAMPLERS;
    return list;
}

bool er_sampler_describe(int64_t i, struct er_sampler_info *out)
{
    if (i < 0 || i >= N_SAMPLERS) return false;
    *out = list[i]->info;
    return true;
}

const struct er_sampler *er_sampler_find(const char *name)
{
    for (int i = 0; i < N_SAMPLERS; i++)
        if (strcmp(list[i]->info.name, name) == 0) return list[i];
    return NULL;
}
