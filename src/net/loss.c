/* loss.c - the table of losses. */
#include "net/loss.h"

#include "core/number.h"

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

const struct er_loss_ops *er_loss_find(const char *name)
{
    for (int i = 0; i < N_LOSSES; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}

const char *er_loss_nearest(const char *word)
{
    const char *names[N_LOSSES];
    for (int i = 0; i < N_LOSSES; i++) names[i] = table[i]->name;
    return er_nearest(word, names, N_LOSSES);
}

bool er_loss_describe(int64_t i, struct er_loss_info *out)
{
    if (i < 0 || i >= N_LOSSES) return false;
    *out = (struct er_loss_info){.name = table[i]->name, .help = table[i]->help};
    return true;
}
