/* units.c - a walk along a net that finds the units behind every axis of its tensors.
 *
 * Between two layers that mix features (dense, conv), numbers belong to units: the channels of `features`. That
 * shape is an image's even when it has been flattened, since all pixels of a channel are one unit's.
 */
#include "landscape/units.h"

#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/paths.h>

enum { LAYER_TENSORS = 8 };

static enum er_status refuse(const struct er_layer *l, const char *why, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s: %s, so that hidden units cannot change places",
                   (long long)l->index + 1, l->ops->name, why);
}

static enum er_status check(const struct er_net *net, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->ops->join) return refuse(l, "its branches tie units together", err);
        if (l->ops->orders_channels) return refuse(l, "it goes by the order of channels", err);
    }
    return ER_OK;
}

static int64_t size_of(struct er_tensor_axes a)
{
    return a.h * a.w * a.c * a.o;
}

/* Whose units the axes of a layer's t-th tensor are; `behind` what it gives, `before` what it takes. */
static void assign(const struct er_layer *l, int t, int64_t before, int64_t behind,
                   struct er_units_tensor *tensor)
{
    const bool mixes = l->ops->mixes_features, weights = mixes && t == 0;
    tensor->in = mixes && !weights ? behind : before; /* a bias has its units on the axis c */
    tensor->out = weights ? behind : ER_UNITS_FIXED;
    if (size_of(tensor->axes) == 1 && !mixes) tensor->in = ER_UNITS_FIXED; /* one factor for all */
}

/* Adds the tensors of one layer. */
static enum er_status add_layer(struct er_units *u, const struct er_net *net, int64_t i,
                                struct er_shape features, int64_t before, int64_t behind,
                                struct er_error *err)
{
    const struct er_layer *l = &net->node[i].layer;
    const struct er_bound *bound = &net->bound[i];
    struct er_layer_tensor place;
    int64_t missing[2] = {l->n_parameters, l->n_statistics};
    for (int t = 0; l->ops->tensor && t < LAYER_TENSORS && l->ops->tensor(l, features, t, &place); t++) {
        struct er_units_tensor *tensor = &u->tensor[u->tensors++];
        *tensor =
            (struct er_units_tensor){.axes = place.axes,
                                     .at = place.at + (place.statistics ? bound->statistics_at : bound->at),
                                     .statistics = place.statistics};
        assign(l, t, before, behind, tensor);
        if (l->ops->mixes_features && t == 0 && place.axes.c != features.channels)
            return refuse(l, "its channels are in groups", err);
        missing[place.statistics] -= size_of(place.axes);
    }
    if (missing[0] == 0 && missing[1] == 0) return ER_OK;
    return refuse(l, "it does not say what its parameters belong to", err);
}

static struct er_shape features_behind(const struct er_layer *l, struct er_shape features)
{
    const bool keeps =
        !l->ops->mixes_features && l->out.height * l->out.width == 1 && er_shape_size(features) == l->n_out;
    return keeps ? features : l->out;
}

static enum er_status walk(struct er_units *u, const struct er_net *net, int64_t hidden, struct er_error *err)
{
    struct er_shape features = net->node[0].layer.in;
    int64_t in = ER_UNITS_FIXED;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        int64_t out = in;
        if (l->ops->mixes_features) {
            out = u->layers < hidden ? u->layers : ER_UNITS_FIXED;
            if (out != ER_UNITS_FIXED) {
                u->n[out] = l->out.channels;
                u->first[out] = u->total;
                u->total += u->n[out];
                u->layers++;
            }
        }
        const enum er_status status = add_layer(u, net, i, features, in, out, err);
        if (status != ER_OK) return status;
        features = features_behind(l, features);
        in = out;
    }
    return ER_OK;
}

enum er_status er_units_new(const struct er_net *net, struct er_units *out, struct er_error *err)
{
    struct er_units u = {0};
    int64_t mixing = 0;
    enum er_status status = check(net, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < net->n; i++) mixing += net->node[i].layer.ops->mixes_features;
    const int64_t hidden = mixing > 0 ? mixing - 1 : 0;
    u.n = er_alloc(hidden, sizeof *u.n);
    u.first = er_alloc(hidden, sizeof *u.first);
    u.tensor = er_alloc(net->n * LAYER_TENSORS, sizeof *u.tensor);
    if (u.n && u.first && u.tensor)
        status = walk(&u, net, hidden, err);
    else
        status = er_fail(err, ER_E_NOMEM, "units: out of memory");
    if (status == ER_OK)
        *out = u;
    else
        er_units_clear(&u);
    return status;
}

void er_units_clear(struct er_units *units)
{
    er_free(units->n);
    er_free(units->first);
    er_free(units->tensor);
    *units = (struct er_units){0};
}

enum er_status er_net_units(const struct er_net *net, int64_t *layers, int64_t *units, struct er_error *err)
{
    struct er_units u;
    const enum er_status status = er_units_new(net, &u, err);
    if (status != ER_OK) return status;
    if (layers) *layers = u.layers;
    if (units) *units = u.total;
    er_units_clear(&u);
    return ER_OK;
}
