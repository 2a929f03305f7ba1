/* preset.c - the table of presets. */
#include "net/preset.h"

#include "core/number.h"
#include "net/layer.h"
#include "net/weights.h"

#include <math.h>
#include <string.h>

#define PRESET(name) extern const struct er_preset er_preset_##name;
#include "net/presets/presets.def"
#undef PRESET

static const struct er_preset *const table[] = {
#define PRESET(name) &er_preset_##name,
#include "net/presets/presets.def"
#undef PRESET
};

enum { N_PRESETS = sizeof table / sizeof table[0] };

const char er_preset_activations[] = "relu leaky_relu tanh erf gelu sin softplus identity";
const char er_preset_inits[] = ER_WEIGHTS_INITS;

void er_preset_init(struct er_buffer *text, double init)
{
    er_buffer_text(text, " init=");
    er_argument_choice(text, er_preset_inits, init);
}

void er_preset_activation(struct er_buffer *text, bool batch_norm, double activation)
{
    er_buffer_text(text, batch_norm ? ", batch_norm, " : ", ");
    er_argument_choice(text, er_preset_activations, activation);
}

int64_t er_preset_width(double factor, int64_t n)
{
    const int64_t width = (int64_t)round(factor * (double)n);
    return width > 1 ? width : 1;
}

const struct er_preset *er_preset_find(const char *name)
{
    for (int i = 0; i < N_PRESETS; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}

const char *er_preset_nearest(const char *word)
{
    const char *names[N_PRESETS + 1] = {er_layer_nearest(word)};
    int n = names[0] ? 1 : 0;
    for (int i = 0; i < N_PRESETS; i++) names[n++] = table[i]->name;
    return er_nearest(word, names, n);
}

bool er_preset_describe(int64_t i, struct er_layer_info *out)
{
    if (i < 0 || i >= N_PRESETS) return false;
    *out = (struct er_layer_info){.name = table[i]->name, .help = table[i]->help};
    er_arguments_describe(table[i]->argument, out);
    return true;
}
