/* layer.c - the table of layers and what all of them share. */
#include "net/layer.h"

#include "core/number.h"

#include <string.h>

#define LAYER(name) extern const struct er_layer_ops er_layer_##name;
#include "net/layers/layers.def"
#undef LAYER

static const struct er_layer_ops *const table[] = {
#define LAYER(name) &er_layer_##name,
#include "net/layers/layers.def"
#undef LAYER
};

enum { N_LAYERS = sizeof table / sizeof table[0] };

const struct er_layer_ops *er_layer_find(const char *name)
{
    for (int i = 0; i < N_LAYERS; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}

const char *er_layer_nearest(const char *word)
{
    const char *names[N_LAYERS];
    for (int i = 0; i < N_LAYERS; i++) names[i] = table[i]->name;
    return er_nearest(word, names, N_LAYERS);
}

void er_layer_size(struct er_layer *layer)
{
    layer->n_in = er_shape_size(layer->in);
    layer->n_out = er_shape_size(layer->out);
}

enum er_status er_layer_bind_elementwise(struct er_layer *layer, struct er_error *err)
{
    (void)err;
    layer->out = layer->in;
    er_layer_size(layer);
    return ER_OK;
}

bool er_layer_describe(int64_t i, struct er_layer_info *out)
{
    if (i < 0 || i >= N_LAYERS) return false;
    *out = (struct er_layer_info){.name = table[i]->name, .help = table[i]->help};
    for (const struct er_layer_argument *a = table[i]->argument; a && a->name; a++) {
        const int n = out->n_arguments++;
        out->argument[n].name = a->name;
        out->argument[n].type = a->kind == ER_ARGUMENT_CHOICE    ? a->choices
                                : a->kind == ER_ARGUMENT_INTEGER ? "integer"
                                                                 : "number";
        out->argument[n].fallback = a->fallback;
        out->argument[n].help = a->help;
        out->argument[n].positional = a->positional;
    }
    return true;
}
