/* normless.c - a net without batch norm and dropout, and a network's parameters for it. */
#include "measures/normless.h"

#include "math/finite.h"
#include "measures/folded.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <string.h>

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

/* The elements of a layer's weight tensor, which come first; behind them its biases. */
static int64_t weights_of(const struct er_layer *l)
{
    const bool bias = er_weights_has_bias(er_weights_arguments(l));
    return l->n_parameters - (bias ? l->out.channels : 0);
}

/* The batch norm that is folded into each node with weights, the last of them. */
static enum er_status find_norms(const struct er_net *net, int64_t *norm, struct er_error *err)
{
    int64_t *into = er_alloc(net->n, sizeof *into);
    if (!into) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld layers", (long long)net->n);
    const enum er_status status = er_folded_into(net, into, err);
    for (int64_t i = 0; i < net->n; i++) norm[i] = -1;
    for (int64_t i = 0; i < net->n && status == ER_OK; i++)
        if (into[i] >= 0 && into[i] != i) norm[into[i]] = i;
    er_free(into);
    return status;
}

static struct er_shape input_of(const struct er_net *net)
{
    int64_t i = 0, b = 0;
    while (net->node[i].from[b] >= 0) {
        if (++b < net->node[i].n_from) continue;
        i++;
        b = 0;
    }
    return net->node[i].layer.branch ? net->node[i].layer.branch[b] : net->node[i].layer.in;
}

/* The net's layers with their arguments: batch norm and dropout pass their input on, and a layer that takes a norm in has
 * a bias that acts. */
static void describe(const struct er_normless *f, struct er_node *node)
{
    const struct er_layer_ops *identity = er_layer_find("identity");
    for (int64_t i = 0; i < f->of->n; i++) {
        const struct er_layer *from = &f->of->node[i].layer;
        struct er_layer *to = &node[i].layer;
        node[i].n_from = f->of->node[i].n_from;
        to->ops = is(from, "batch_norm") || is(from, "dropout") ? identity : from->ops;
        to->index = from->index;
        memcpy(to->argument, from->argument, sizeof to->argument);
        if (f->norm[i] < 0) continue;
        double *argument = to->argument + (er_weights_arguments(from) - from->argument);
        argument[ER_WEIGHTS_BIAS] = 1;
        argument[ER_WEIGHTS_BIAS_SCALE] = 1;
    }
}

static enum er_status build(struct er_normless *f, struct er_error *err)
{
    struct er_model model = {.n = f->of->n, .from = f->of->from};
    for (int64_t i = 0; i < f->of->n; i++) model.n_from += f->of->node[i].n_from;
    model.node = er_alloc(model.n, sizeof *model.node);
    if (!model.node)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld layers", (long long)model.n);
    describe(f, model.node);
    const enum er_status status =
        er_net_new(&model, input_of(f->of), f->of->classes, f->of->loss->name, &f->net, err);
    er_free(model.node);
    return status;
}

static enum er_status mark_weights(struct er_normless *f, const struct er_net *net, struct er_error *err)
{
    f->weights = er_alloc(net->n_parameters, 1);
    if (!f->weights)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld parameters",
                       (long long)net->n_parameters);
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!l->ops->mixes_features) continue;
        memset(f->weights + net->bound[i].at, 1, (size_t)weights_of(l));
        f->n_weights += weights_of(l);
        f->layers++;
    }
    return ER_OK;
}

enum er_status er_normless_new(const struct er_net *net, struct er_normless *out, struct er_error *err)
{
    struct er_normless f = {.of = net, .norm = er_alloc(net->n, sizeof *f.norm)};
    if (!f.norm)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld layers", (long long)net->n);
    enum er_status status = find_norms(net, f.norm, err);
    if (status == ER_OK) status = build(&f, err);
    if (status == ER_OK && f.net) status = mark_weights(&f, f.net, err);
    if (status == ER_OK)
        *out = f;
    else
        er_normless_clear(&f);
    return status;
}

void er_normless_clear(struct er_normless *normless)
{
    er_net_free(normless->net);
    er_free(normless->norm);
    er_free(normless->weights);
    *normless = (struct er_normless){0};
}

/* A layer with weights: the bias that batch norm leaves may be of a layer that had none. */
static void copy_map(const struct er_normless *e, const struct er_folded *folded, const struct er_affine *map,
                     const float *from, float *w)
{
    const int64_t n = map->fan_in * map->outputs;
    const struct er_layer *l = &e->net->node[map->node].layer;
    const double t = (double)er_weights_bias_factor(er_weights_arguments(l));
    float *to = w + e->net->bound[map->node].at, *bias = to + n;
    for (int64_t k = 0; k < n; k++) to[k] = (float)folded->w[map->at + k];
    if (e->norm[map->node] >= 0)
        for (int64_t o = 0; o < map->outputs; o++) bias[o] = (float)(map->bias[o] / t);
    else
        memcpy(bias, from + e->of->bound[map->node].at + n, (size_t)(l->n_parameters - n) * sizeof *bias);
}

enum er_status er_normless_weights(const struct er_normless *normless, const float *from,
                                   const float *statistics, float *w, struct er_error *err)
{
    const struct er_net *net = normless->net, *of = normless->of;
    const struct er_network network = {.w = from, .statistics = statistics};
    struct er_folded folded;
    const enum er_status status = er_folded_new(of, &network, &folded, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < folded.n; i++) copy_map(normless, &folded, &folded.map[i], from, w);
    er_folded_clear(&folded);
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->n_parameters && !l->ops->mixes_features)
            memcpy(w + net->bound[i].at, from + of->bound[i].at, (size_t)l->n_parameters * sizeof *w);
    }
    const int64_t i = er_first_not_finite(net->n_parameters, w);
    if (i < 0) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "measures: parameter %lld without batch norm is %g", (long long)i,
                   (double)w[i]);
}
