/* net.c - a model bound to its input's shape, the number of classes, and a loss. */
#include "net/net.h"

#include "core/number.h"

#include <ermine/memory.h>
#include <string.h>

static const int64_t MAX_PARAMETERS = (int64_t)1 << 31;
static const int64_t MOST_CLASSES = (int64_t)1 << 24; /* as wide as a layer may be */
static const int64_t MOST_VALUES = (int64_t)1 << 36;  /* times 2^24 rows within an int64_t */

static enum er_status unknown_loss(const char *name, struct er_error *err)
{
    const char *near = er_loss_nearest(name);
    return er_fail(err, ER_E_NOT_FOUND, "there is no loss '%s'%s%s%s", name, near ? "; did you mean '" : "",
                   near ? near : "", near ? "'?" : "");
}

/* Gives the last layer that left its width open the outputs that the loss needs. */
static void close_width(struct er_net *net, int64_t outputs)
{
    for (int64_t i = net->n - 1; i >= 0; i--) {
        struct er_layer *layer = &net->node[i].layer;
        const int a = er_arguments_open(layer->ops->argument);
        if (a < 0) continue;
        if (!(layer->argument[a] > 0)) layer->argument[a] = (double)outputs;
        return;
    }
}

/* The input shapes of a node: those of what it comes from. */
static void set_inputs(const struct er_net *net, struct er_node *node, struct er_shape input)
{
    struct er_shape *shape = net->shape + (node->from - net->from);
    for (int64_t b = 0; b < node->n_from; b++)
        shape[b] = node->from[b] < 0 ? input : net->node[node->from[b]].layer.out;
    node->layer.in = shape[0];
    if (!node->layer.ops->join) return;
    node->layer.branch = shape;
    node->layer.n_branches = node->n_from;
}

static enum er_status check_values(const struct er_layer *layer, int64_t n, struct er_error *err)
{
    if (n <= MOST_VALUES) return ER_OK;
    return er_fail(err, ER_E_LIMIT, "model: layer %lld, %s: %lld values an example, more than 2^36",
                   (long long)layer->index + 1, layer->ops->name, (long long)n);
}

static enum er_status bind_nodes(struct er_net *net, struct er_shape input, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        struct er_layer *layer = &net->node[i].layer;
        struct er_bound *bound = &net->bound[i];
        struct er_error why = {0};
        set_inputs(net, &net->node[i], input);
        enum er_status status = check_values(layer, er_shape_size(layer->in), err);
        if (status != ER_OK) return status;
        status = layer->ops->bind(layer, &why);
        if (status != ER_OK)
            return er_fail(err, status, "model: layer %lld, %s", (long long)layer->index + 1, why.msg);
        status = check_values(layer, layer->n_out, err);
        if (status != ER_OK) return status;
        bound->at = net->n_parameters;
        bound->statistics_at = net->n_statistics;
        if (layer->n_parameters > MAX_PARAMETERS - net->n_parameters)
            return er_fail(err, ER_E_LIMIT, "model: more than %lld parameters (layer %lld, %s)",
                           (long long)MAX_PARAMETERS, (long long)layer->index + 1, layer->ops->name);
        net->n_parameters += layer->n_parameters;
        net->n_statistics += layer->n_statistics;
    }
    if (net->n_parameters == 0)
        return er_fail(err, ER_E_SHAPE, "model: no layer has parameters that could be trained");
    return ER_OK;
}

/* Past nodes that only pass their input on. */
static int64_t source(const struct er_net *net, int64_t i)
{
    while (i >= 0 && net->bound[i].passes) i = net->node[i].from[0];
    return i;
}

static void connect(struct er_net *net)
{
    for (int64_t i = 0; i < net->n; i++) {
        struct er_node *node = &net->node[i];
        struct er_bound *bound = &net->bound[i];
        bound->passes = !node->layer.ops->forward;
        bound->trainable = node->layer.n_parameters > 0;
        for (int64_t b = 0; b < node->n_from; b++) {
            const int64_t from = node->from[b] = source(net, node->from[b]);
            if (from < 0) continue;
            bound->trainable |= net->bound[from].trainable;
            net->bound[from].consumers += !bound->passes;
        }
    }
    net->output = source(net, net->n - 1);
    net->bound[net->output].consumers++;
}

static enum er_status copy_nodes(struct er_net *net, const struct er_model *model)
{
    net->n = model->n;
    net->node = er_alloc(net->n, sizeof *net->node);
    net->bound = er_alloc(net->n, sizeof *net->bound);
    net->from = er_alloc(model->n_from, sizeof *net->from);
    net->shape = er_alloc(model->n_from, sizeof *net->shape);
    if (!net->node || !net->bound || !net->from || !net->shape) return ER_E_NOMEM;
    memcpy(net->node, model->node, (size_t)net->n * sizeof *net->node);
    memcpy(net->from, model->from, (size_t)model->n_from * sizeof *net->from);
    for (int64_t i = 0, at = 0; i < net->n; at += net->node[i++].n_from) net->node[i].from = net->from + at;
    return ER_OK;
}

static enum er_status check_classes(int64_t classes, struct er_error *err)
{
    if (classes < 2)
        return er_fail(err, ER_E_SHAPE, "%lld classes, at least 2 are needed", (long long)classes);
    if (classes > MOST_CLASSES)
        return er_fail(err, ER_E_SHAPE, "%lld classes, at most 2^24 can be told apart", (long long)classes);
    return ER_OK;
}

static enum er_status check_input(struct er_shape input, struct er_error *err)
{
    const int64_t widest = (int64_t)1 << 20; /* three of them still multiply to an int64_t */
    if (input.height < 1 || input.width < 1 || input.channels < 1 || input.height > widest ||
        input.width > widest || input.channels > widest)
        return er_fail(err, ER_E_SHAPE, "an input of %lld x %lld x %lld: each must be 1 to 2^20",
                       (long long)input.height, (long long)input.width, (long long)input.channels);
    return ER_OK;
}

static enum er_status new_bound(const struct er_model *model, struct er_shape input, int64_t outputs,
                                struct er_net **out, struct er_error *err)
{
    enum er_status status = ER_E_NOMEM;
    struct er_net *net = er_alloc(1, sizeof *net);
    if (net && copy_nodes(net, model) == ER_OK) {
        net->n_in = er_shape_size(input);
        close_width(net, outputs);
        status = bind_nodes(net, input, err);
    } else
        er_fail(err, status, "net: out of memory");
    if (status != ER_OK) {
        er_net_free(net);
        return status;
    }
    connect(net);
    net->n_out = net->node[net->n - 1].layer.n_out;
    *out = net;
    return ER_OK;
}

enum er_status er_net_bind(const struct er_model *model, struct er_shape input, int64_t outputs,
                           struct er_net **out, struct er_error *err)
{
    const enum er_status status = check_input(input, err);
    return status == ER_OK ? new_bound(model, input, outputs, out, err) : status;
}

enum er_status er_net_new(const struct er_model *model, struct er_shape input, int64_t classes,
                          const char *loss, struct er_net **out, struct er_error *err)
{
    const struct er_loss_ops *loss_ops = er_loss_find(loss);
    if (!loss_ops) return unknown_loss(loss, err);
    enum er_status status = check_classes(classes, err);
    if (status == ER_OK) status = check_input(input, err);
    if (status != ER_OK) return status;
    struct er_net *net = NULL;
    const int64_t outputs = loss_ops->outputs(classes);
    status = new_bound(model, input, outputs, &net, err);
    if (status != ER_OK) return status;
    if (net->n_out != outputs) {
        status = er_fail(err, ER_E_SHAPE,
                         "model: its last layer gives %lld outputs; %s over %lld classes needs %lld",
                         (long long)net->n_out, loss, (long long)classes, (long long)outputs);
        er_net_free(net);
        return status;
    }
    net->loss = loss_ops;
    net->classes = classes;
    *out = net;
    return ER_OK;
}

void er_net_free(struct er_net *net)
{
    if (!net) return;
    er_free(net->node);
    er_free(net->bound);
    er_free(net->from);
    er_free(net->shape);
    er_free(net);
}

int64_t er_net_parameters(const struct er_net *net)
{
    return net->n_parameters;
}

int64_t er_net_statistics(const struct er_net *net)
{
    return net->n_statistics;
}

int64_t er_net_inputs(const struct er_net *net)
{
    return net->n_in;
}

int64_t er_net_outputs(const struct er_net *net)
{
    return net->n_out;
}

bool er_net_mixes_rows(const struct er_net *net)
{
    bool mixes = false;
    for (int64_t i = 0; i < net->n; i++) mixes |= net->node[i].layer.ops->mixes_rows;
    return mixes;
}

double er_net_flops(const struct er_net *net)
{
    double flops = 0;
    for (int64_t i = 0; i < net->n; i++) flops += net->node[i].layer.flops;
    return flops;
}

double er_net_gradient_flops(const struct er_net *net)
{
    double flops = 0;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_node *node = &net->node[i];
        const bool wants_dx = node->from[0] >= 0 && net->bound[node->from[0]].trainable;
        flops += node->layer.flops * (1 + (node->layer.n_parameters > 0) + wants_dx);
    }
    return flops;
}

int64_t er_net_chunk(const struct er_net *net)
{
    const int64_t most = (int64_t)1 << 20; /* floats */
    int64_t row = net->n_in, chunk = 512;
    for (int64_t i = 0; i < net->n; i++) row += net->bound[i].passes ? 0 : net->node[i].layer.n_out;
    while (chunk > 16 && chunk * row > most) chunk /= 2;
    return chunk;
}

void er_net_initialise(const struct er_net *net, uint64_t seed, float *w, float *statistics)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        if (layer->ops->initialise) layer->ops->initialise(layer, seed, w + net->bound[i].at);
        if (layer->ops->start) layer->ops->start(layer, statistics + net->bound[i].statistics_at);
    }
}
