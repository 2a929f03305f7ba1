/* net.c - a model bound to its input's shape, the number of classes, and a loss. */
#include "net/net.h"

#include "core/number.h"
#include "net/model.h"

#include <ermine/memory.h>
#include <string.h>

static const int64_t MAX_PARAMETERS = (int64_t)1 << 31;

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
        const struct er_layer_argument *argument = net->layer[i].ops->argument;
        for (int a = 0; argument && argument[a].name; a++) {
            if (!argument[a].fallback || argument[a].fallback[0]) continue;
            if (!(net->layer[i].argument[a] > 0)) net->layer[i].argument[a] = (double)outputs;
            return;
        }
    }
}

static enum er_status bind_layers(struct er_net *net, struct er_shape shape, struct er_error *err)
{
    net->first = net->n;
    for (int64_t i = 0; i < net->n; i++) {
        struct er_layer *layer = &net->layer[i];
        layer->in = shape;
        enum er_status status = layer->ops->bind(layer, err);
        if (status != ER_OK) return status;
        shape = layer->out;
        net->offset[i] = net->n_parameters;
        if (layer->n_parameters > MAX_PARAMETERS - net->n_parameters)
            return er_fail(err, ER_E_LIMIT, "model: more than %lld parameters (layer %lld, %s)",
                           (long long)MAX_PARAMETERS, (long long)i + 1, layer->ops->name);
        net->n_parameters += layer->n_parameters;
        if (layer->n_parameters > 0 && net->first == net->n) net->first = i;
    }
    if (net->n_parameters == 0)
        return er_fail(err, ER_E_SHAPE, "model: no layer has parameters that could be trained");
    return ER_OK;
}

enum er_status er_net_new(const struct er_model *model, struct er_shape input, int64_t classes,
                          const char *loss, struct er_net **out, struct er_error *err)
{
    struct er_net *net = NULL;
    enum er_status status = ER_E_NOMEM;
    const struct er_loss_ops *loss_ops = er_loss_find(loss);
    if (!loss_ops) return unknown_loss(loss, err);
    if (classes < 2)
        return er_fail(err, ER_E_SHAPE, "%lld classes, at least 2 are needed", (long long)classes);
    const int64_t widest = (int64_t)1 << 20; /* three of them still multiply to an int64_t */
    if (input.height < 1 || input.width < 1 || input.channels < 1 || input.height > widest ||
        input.width > widest || input.channels > widest)
        return er_fail(err, ER_E_SHAPE, "an input of %lld x %lld x %lld: each must be 1 to 2^20",
                       (long long)input.height, (long long)input.width, (long long)input.channels);
    net = er_alloc(1, sizeof *net);
    if (!net) goto fail;
    net->n = model->n;
    net->layer = er_alloc(net->n, sizeof *net->layer);
    net->offset = er_alloc(net->n, sizeof *net->offset);
    if (!net->layer || !net->offset) goto fail;
    memcpy(net->layer, model->layer, (size_t)net->n * sizeof *net->layer);
    net->loss = loss_ops;
    net->classes = classes;
    net->n_in = er_shape_size(input);
    const int64_t outputs = loss_ops->outputs(classes);
    close_width(net, outputs);
    status = bind_layers(net, input, err);
    if (status != ER_OK) goto fail;
    net->n_out = net->layer[net->n - 1].n_out;
    if (net->n_out != outputs) {
        status = er_fail(err, ER_E_SHAPE,
                         "model: its last layer gives %lld outputs; %s over %lld classes needs %lld",
                         (long long)net->n_out, loss, (long long)classes, (long long)outputs);
        goto fail;
    }
    *out = net;
    return ER_OK;
fail:
    if (status == ER_E_NOMEM) er_fail(err, status, "net: out of memory");
    er_net_free(net);
    return status;
}

void er_net_free(struct er_net *net)
{
    if (!net) return;
    er_free(net->layer);
    er_free(net->offset);
    er_free(net);
}

int64_t er_net_parameters(const struct er_net *net)
{
    return net->n_parameters;
}

int64_t er_net_inputs(const struct er_net *net)
{
    return net->n_in;
}

int64_t er_net_outputs(const struct er_net *net)
{
    return net->n_out;
}

double er_net_flops(const struct er_net *net)
{
    double flops = 0;
    for (int64_t i = 0; i < net->n; i++) flops += net->layer[i].flops;
    return flops;
}

double er_net_gradient_flops(const struct er_net *net)
{
    double flops = 0;
    for (int64_t i = 0; i < net->n; i++)
        flops += net->layer[i].flops * (i < net->first ? 1 : i == net->first ? 2 : 3);
    return flops;
}

void er_net_initialise(const struct er_net *net, uint64_t seed, float *w)
{
    for (int64_t i = 0; i < net->n; i++)
        if (net->layer[i].ops->initialise)
            net->layer[i].ops->initialise(&net->layer[i], seed, w + net->offset[i]);
}
