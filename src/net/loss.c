/* loss.c - the table of losses. */
#include "net/loss.h"

#include <string.h>

#define LOSS(name) extern const struct er_loss_ops er_loss_##name;
#include "net/losses/losses.def"
#undef LOSS

static const struct er_loss_ops *const table[] = {
#define LOSS(name) &er_loss_##name,
#include "net/losses/losses.def"
#undef LOSS
};

enum { N_LOSSES = sizeof table / sizeof table[0] };

const struct er_loss_ops *const *er_loss_table(int64_t *n)
{
    *n = N_LOSSES;
    return table;
}

const struct er_loss_ops *er_loss_find(const char *name)
{
    for (int i = 0; i < N_LOSSES; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}

bool er_loss_describe(int64_t i, struct er_loss_info *out)
{
    if (i < 0 || i >= N_LOSSES) return false;
    *out = (struct er_loss_info){.name = table[i]->name, .help = table[i]->help};
    return true;
}
