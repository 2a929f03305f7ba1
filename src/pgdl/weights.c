/* weights.c - weights.hdf5 of Keras as the parameters and statistics of a net.
 *
 *     /            attribute layer_names: the groups of the layers, in their order (or all of it below /model_weights)
 *     /LAYER       attribute weight_names: LAYER/kernel:0, ... in their order; none for layers without weights
 *     /LAYER/LAYER/kernel:0      an array
 *
 * As Keras does, layers that have weights are counted, and names of layers mean nothing. The last part of a weight's name says
 * what it is. Source: tensorflow/python/keras/saving/hdf5_format.py, load_weights_from_hdf5_group().
 */
#include "math/finite.h"
#include "net/conv_map.h"
#include "net/net.h"
#include "pgdl/hdf5.h"

#include "core/buffer.h"
#include "data/shown.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>
#include <inttypes.h>
#include <string.h>

enum { WEIGHTS_MOST = 8 }; /* of one layer */

struct reader {
    struct er_hdf5 *file;
    const char *name; /* the file's */
    const char *root; /* "" or "model_weights/" */
    struct er_arena *arena;
    const char *wanted; /* what is left of er_pgdl_architecture.weights */
    float *w, *statistics;
};

/* Where a weight goes, and its shape. */
struct place {
    float *to;
    int rank;
    int64_t dim[4];
};

static bool place_kernel(const struct er_layer *l, float *w, struct place *out)
{
    if (strcmp(l->ops->name, "dense") == 0) {
        *out = (struct place){w, 2, {l->n_in, l->n_out}};
        return true;
    }
    if (strcmp(l->ops->name, "conv") != 0) return false;
    const struct er_convolution c = er_conv_map(l);
    *out = (struct place){w, 4, {c.rows.size, c.columns.size, c.in_channels / c.groups, c.out_channels}};
    return true;
}

/* The weight `word` of a layer. False when the layer has none of that name. */
static bool place_of(const struct er_layer *l, const char *word, float *w, float *statistics,
                     struct place *out)
{
    const int64_t C = l->out.channels;
    if (strcmp(word, "kernel") == 0) return place_kernel(l, w, out);
    *out = (struct place){.rank = 1, .dim = {C}};
    if (strcmp(word, "bias") == 0)
        out->to = w + l->n_parameters - C;
    else if (strcmp(word, "gamma") == 0)
        out->to = w;
    else if (strcmp(word, "beta") == 0)
        out->to = w + C;
    else if (strcmp(word, "moving_mean") == 0)
        out->to = statistics;
    else if (strcmp(word, "moving_variance") == 0)
        out->to = statistics + C;
    return out->to != NULL;
}

/* What is behind the last slash of "LAYER/kernel:0", up to the colon. */
static const char *role_of(const char *name, char out[32])
{
    const char *slash = strrchr(name, '/');
    const char *word = slash ? slash + 1 : name;
    const size_t n = strcspn(word, ":");
    memcpy(out, word, n < 31 ? n : 31);
    out[n < 31 ? n : 31] = '\0';
    return out;
}

static enum er_status read_weight(struct reader *r, const struct er_layer *l, const char *group,
                                  const char *name, const char *word, float *w, float *statistics,
                                  struct er_error *err)
{
    struct er_buffer path = {0};
    char role[32], shown[ER_SHOWN], *text = NULL;
    struct place place;
    if (strcmp(role_of(name, role), word) != 0 || !place_of(l, word, w, statistics, &place))
        return er_fail(err, ER_E_INPUT, "%s: group \"%s\": a weight \"%s\" where a %s should be", r->name,
                       group, er_text_shown(name, strlen(name), shown), word);
    er_buffer_format(&path, "%s%s/%s", r->root, group, name);
    enum er_status status = er_buffer_take(&path, &text, err);
    if (status == ER_OK) status = er_hdf5_floats(r->file, text, place.rank, place.dim, place.to, err);
    er_free(text);
    return status;
}

/* The weights of one group for one layer: those of the line of r->wanted that is next. */
static enum er_status read_layer(struct reader *r, const struct er_layer *l, const char *group,
                                 const char **name, int64_t names, float *w, float *statistics,
                                 struct er_error *err)
{
    const size_t line = strcspn(r->wanted, "\n");
    const char *end = r->wanted + line;
    enum er_status status = ER_OK;
    int64_t i = 0;
    if (strcmp(l->ops->name, "batch_norm") == 0)
        for (int64_t c = 0; c < l->n_parameters; c++) w[c] = c < l->out.channels ? 1 : 0;
    while (status == ER_OK && r->wanted < end) {
        char word[32] = "";
        const size_t n = strcspn(r->wanted, " \n");
        memcpy(word, r->wanted, n < sizeof word - 1 ? n : sizeof word - 1);
        r->wanted += n + (r->wanted + n < end);
        if (i == names) return er_fail(err, ER_E_INPUT, "%s: group \"%s\" has no %s", r->name, group, word);
        status = read_weight(r, l, group, name[i++], word, w, statistics, err);
    }
    if (status == ER_OK && i < names)
        status = er_fail(err, ER_E_INPUT, "%s: group \"%s\" has %" PRId64 " weights; its layer has %" PRId64,
                         r->name, group, names, i);
    r->wanted = end + (*end == '\n');
    return status;
}

/* The next group that has weights; *group is NULL behind the last. */
static enum er_status next_group(struct reader *r, const char **layer, int64_t layers, int64_t *at,
                                 const char **group, const char ***name, int64_t *names, struct er_error *err)
{
    *group = NULL;
    for (; *at < layers; (*at)++) {
        struct er_buffer path = {0};
        char *text;
        er_buffer_format(&path, "%s%s", r->root, layer[*at]);
        enum er_status status = er_buffer_take(&path, &text, err);
        if (status != ER_OK) return status;
        status = er_hdf5_names(r->file, text, "weight_names", r->arena, name, names, err);
        er_free(text);
        if (status != ER_OK) return status;
        if (*names == 0) continue;
        *group = layer[(*at)++];
        return ER_OK;
    }
    return ER_OK;
}

static enum er_status read_net(struct reader *r, const struct er_net *net, struct er_error *err)
{
    const char **layer, **name, *group;
    int64_t layers, names, at = 0;
    const char *root = r->root[0] ? "model_weights" : "/";
    enum er_status status = er_hdf5_names(r->file, root, "layer_names", r->arena, &layer, &layers, err);
    for (int64_t i = 0; status == ER_OK && i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->n_parameters + l->n_statistics == 0) continue;
        status = next_group(r, layer, layers, &at, &group, &name, &names, err);
        if (status != ER_OK) break;
        if (!group)
            return er_fail(err, ER_E_INPUT,
                           "%s: it has too few layers with weights: none for the model's %s %" PRId64,
                           r->name, l->ops->name, i);
        status = read_layer(r, l, group, name, names, r->w + net->bound[i].at,
                            r->statistics ? r->statistics + net->bound[i].statistics_at : NULL, err);
    }
    if (status == ER_OK) status = next_group(r, layer, layers, &at, &group, &name, &names, err);
    if (status == ER_OK && group)
        status = er_fail(err, ER_E_INPUT, "%s: it has more layers with weights than the model: \"%s\"",
                         r->name, group);
    return status;
}

static enum er_status check_finite(const struct reader *r, const struct er_net *net, struct er_error *err)
{
    if (er_first_not_finite(net->n_parameters, r->w) < 0 &&
        er_first_not_finite(net->n_statistics, r->statistics) < 0)
        return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "%s: a weight is infinite or NaN", r->name);
}

enum er_status er_pgdl_weights_parse(const char *file, const void *bytes, size_t n, const char *weights,
                                     const struct er_net *net, float *w, float *statistics,
                                     struct er_error *err)
{
    struct reader r = {.name = file, .root = "", .wanted = weights, .w = w, .statistics = statistics};
    enum er_status status = er_hdf5_open(file, bytes, n, &r.file, err);
    if (status != ER_OK) return status;
    status = er_arena_new((size_t)1 << 26, &r.arena, err);
    if (status == ER_OK && er_hdf5_has(r.file, "model_weights")) r.root = "model_weights/";
    if (status == ER_OK) status = read_net(&r, net, err);
    er_hdf5_close(r.file);
    er_arena_free(r.arena);
    return status == ER_OK ? check_finite(&r, net, err) : status;
}
