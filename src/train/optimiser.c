/* optimiser.c - the table of optimisers. */
#include "train/optimiser.h"

#include <string.h>

#define OPTIMISER(name) extern const struct er_optimiser_ops er_optimiser_##name;
#include "train/optimisers/optimisers.def"
#undef OPTIMISER

static const struct er_optimiser_ops *const table[] = {
#define OPTIMISER(name) &er_optimiser_##name,
#include "train/optimisers/optimisers.def"
#undef OPTIMISER
};

enum { N_OPTIMISERS = sizeof table / sizeof table[0] };

const struct er_optimiser_ops *er_optimiser_find(const char *name)
{
    for (int i = 0; i < N_OPTIMISERS; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}

bool er_optimiser_describe(int64_t i, struct er_optimiser_info *out)
{
    if (i < 0 || i >= N_OPTIMISERS) return false;
    *out = (struct er_optimiser_info){.name = table[i]->name, .help = table[i]->help};
    return true;
}
