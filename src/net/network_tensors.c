/* network_tensors.c - the named tensors of a net, layer by layer. */
#include "net/network_tensors.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 64, LAYER_TENSORS = 8 };

/* The image whose pixels the numbers of a vector are; a vector of its own is 1 x 1 x D, and so is an image
 * whose pixels lie alike in both layouts. */
static struct er_shape features_of(struct er_shape s)
{
    if (s.channels == 1 || s.height * s.width == 1) return (struct er_shape){1, 1, er_shape_size(s)};
    return s;
}

static bool same(struct er_shape a, struct er_shape b)
{
    return a.height == b.height && a.width == b.width && a.channels == b.channels;
}

static bool is_image(const struct er_shape *s)
{
    return s->height * s->width > 1;
}

/* Whether vectors of these features go through a join as they are: those of flattened images, whose order is
 * not that of memory, must all be of one image, and stay all that there is. */
static bool joins(const struct er_layer *layer, struct er_shape first, struct er_shape from)
{
    if (is_image(&layer->in) || (!is_image(&first) && !is_image(&from))) return true;
    return same(first, from) && layer->n_out == er_shape_size(from);
}

/* What the numbers that go into a node belong to. */
static enum er_status features_in(const struct er_net *net, int64_t i, const struct er_shape *features,
                                  struct er_shape *out, struct er_error *err)
{
    const struct er_node *node = &net->node[i];
    for (int64_t b = 0; b < node->n_from; b++) {
        const struct er_shape from =
            node->from[b] < 0 ? features_of(net->node[0].layer.in) : features[node->from[b]];
        if (b == 0) *out = from;
        if (!node->layer.ops->join || joins(&node->layer, *out, from)) continue;
        return er_fail(
            err, ER_E_UNSUPPORTED,
            "model: layer %lld, %s: puts a flattened image's features beside others; files have no "
            "order for both",
            (long long)node->layer.index + 1, node->layer.ops->name);
    }
    return ER_OK;
}

static struct er_shape features_out(const struct er_layer *layer, struct er_shape in)
{
    if (is_image(&layer->out) || layer->ops->mixes_features || er_shape_size(in) != layer->n_out)
        return features_of(layer->out);
    return in;
}

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "network: out of memory for its tensors");
    return ER_E_NOMEM;
}

static bool add(struct er_network_tensors *t, const struct er_layer *layer, const struct er_bound *bound,
                const struct er_layer_tensor *place)
{
    char name[NAME_MOST];
    snprintf(name, sizeof name, "layers.%llu.%s", (unsigned long long)layer->index, place->role);
    struct er_tensor *tensor = &t->tensor[t->n];
    *tensor = (struct er_tensor){
        .name = er_arena_strdup(t->memory, name), .type = ER_TENSOR_F32, .rank = place->rank};
    memcpy(tensor->dim, place->dim, sizeof place->dim);
    t->place[t->n] = *place;
    t->place[t->n++].at += place->statistics ? bound->statistics_at : bound->at;
    return tensor->name != NULL;
}

static enum er_status add_layer(struct er_network_tensors *t, const struct er_layer *layer,
                                const struct er_bound *bound, struct er_shape features, struct er_error *err)
{
    struct er_layer_tensor place;
    int64_t missing[2] = {layer->n_parameters, layer->n_statistics};
    if (is_image(&layer->in)) features = layer->in;
    for (int i = 0; layer->ops->tensor && i < LAYER_TENSORS; i++) {
        if (!layer->ops->tensor(layer, features, i, &place)) break;
        if (!add(t, layer, bound, &place)) return no_memory(err);
        missing[place.statistics] -= place.axes.h * place.axes.w * place.axes.c * place.axes.o;
    }
    if (missing[0] == 0 && missing[1] == 0) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED, "model: layer %lld, %s: files have no place for its parameters%s",
                   (long long)layer->index + 1, layer->ops->name,
                   is_image(&features) && !is_image(&layer->in) ? " behind a flattened image" : "");
}

enum er_status er_network_tensors_new(const struct er_net *net, struct er_network_tensors *out,
                                      struct er_error *err)
{
    struct er_network_tensors t = {0};
    struct er_shape *features = er_alloc(net->n, sizeof *features), in = {0};
    enum er_status status = features ? ER_OK : no_memory(err);
    if (status == ER_OK) status = er_arena_new((size_t)1 << 26, &t.memory, err);
    if (status == ER_OK) {
        t.tensor = er_arena_alloc(t.memory, net->n * LAYER_TENSORS, sizeof *t.tensor);
        t.place = er_arena_alloc(t.memory, net->n * LAYER_TENSORS, sizeof *t.place);
        if (!t.tensor || !t.place) status = no_memory(err);
    }
    for (int64_t i = 0; i < net->n && status == ER_OK; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        status = features_in(net, i, features, &in, err);
        if (status == ER_OK) status = add_layer(&t, layer, &net->bound[i], in, err);
        features[i] = features_out(layer, in);
    }
    er_free(features);
    if (status == ER_OK)
        *out = t;
    else
        er_network_tensors_clear(&t);
    return status;
}

void er_network_tensors_clear(struct er_network_tensors *tensors)
{
    er_arena_free(tensors->memory);
    *tensors = (struct er_network_tensors){0};
}
