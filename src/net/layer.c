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

enum er_status er_layer_check_branches(const struct er_layer *layer, bool channels, struct er_error *err)
{
    const struct er_shape first = layer->branch[0];
    for (int64_t b = 1; b < layer->n_branches; b++) {
        const struct er_shape s = layer->branch[b];
        if (s.height == first.height && s.width == first.width && (!channels || s.channels == first.channels))
            continue;
        return er_fail(
            err, ER_E_SHAPE, "%s: branch 1 gives %lld x %lld x %lld, branch %lld gives %lld x %lld x %lld",
            layer->ops->name, (long long)first.height, (long long)first.width, (long long)first.channels,
            (long long)b + 1, (long long)s.height, (long long)s.width, (long long)s.channels);
    }
    return ER_OK;
}

void er_share(int64_t n, int64_t grain, int part, int parts, int64_t *from, int64_t *to)
{
    if (parts == 1) { /* spares the divisions */
        *from = 0;
        *to = n;
        return;
    }
    const int64_t grains = (n + grain - 1) / grain;
    const int64_t first = grains * part / parts * grain, last = grains * (part + 1) / parts * grain;
    *from = first < n ? first : n;
    *to = last < n ? last : n;
}

bool er_layer_joins(const char *name)
{
    const struct er_layer_ops *ops = er_layer_find(name);
    return ops && ops->join;
}

bool er_layer_describe(int64_t i, struct er_layer_info *out)
{
    if (i < 0 || i >= N_LAYERS) return false;
    *out = (struct er_layer_info){.name = table[i]->name, .help = table[i]->help, .join = table[i]->join};
    er_arguments_describe(table[i]->argument, out);
    return true;
}
