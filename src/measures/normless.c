/* normless.c - a net without batch norm and dropout, and a network's parameters for it. */
#include "measures/normless.h"

#include "net/weights.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

/* The element of a layer's argument that is called `name`. */
static double argument_of(const struct er_layer *l, const char *name)
{
    int i = 0;
    while (strcmp(l->ops->argument[i].name, name) != 0) i++;
    return l->argument[i];
}

/* The elements of a layer's weight tensor, which come first; behind them its biases. */
static int64_t weights_of(const struct er_layer *l)
{
    const bool bias = er_weights_has_bias(er_weights_arguments(l));
    return l->n_parameters - (bias ? l->out.channels : 0);
}

static enum er_status find_norms(const struct er_net *net, int64_t *norm, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) norm[i] = -1;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!is(l, "batch_norm")) continue;
        const int64_t from = net->node[i].from[0];
        const struct er_layer *before = from >= 0 ? &net->node[from].layer : NULL;
        if (!before || !before->ops->mixes_features || net->bound[from].consumers > 1 ||
            before->out.channels != l->in.channels)
            return er_fail(
                err, ER_E_UNSUPPORTED,
                "layer %lld, batch_norm: follows no dense layer or convolution that it could be folded into",
                (long long)l->index + 1);
        norm[from] = i;
    }
    return ER_OK;
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

static enum er_status mark_weights(struct er_normless *f, struct er_error *err)
{
    f->weights = er_alloc(f->net->n_parameters, 1);
    if (!f->weights)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld parameters",
                       (long long)f->net->n_parameters);
    for (int64_t i = 0; i < f->net->n; i++) {
        const struct er_layer *l = &f->net->node[i].layer;
        if (!l->ops->mixes_features) continue;
        memset(f->weights + f->net->bound[i].at, 1, (size_t)weights_of(l));
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
    if (status == ER_OK) status = mark_weights(&f, err);
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

/* One layer with the batch norm behind it: w has O columns. */
static void fold(const struct er_normless *f, int64_t i, const float *from, const float *statistics, float *w)
{
    const struct er_layer *old = &f->of->node[i].layer, *new = &f->net->node[i].layer;
    const struct er_layer *norm = &f->of->node[f->norm[i]].layer;
    const struct er_bound *bound = &f->of->bound[f->norm[i]];
    const float *v = from + f->of->bound[i].at, *affine = norm->n_parameters ? from + bound->at : NULL;
    const float *moments = statistics + bound->statistics_at;
    const int64_t O = old->out.channels, n = weights_of(old);
    const double epsilon = argument_of(norm, "epsilon"),
                 t = (double)er_weights_bias_factor(er_weights_arguments(old)),
                 t_new = (double)er_weights_bias_factor(er_weights_arguments(new));
    for (int64_t c = 0; c < O; c++) {
        const double r = (affine ? (double)affine[c] : 1) / sqrt((double)moments[O + c] + epsilon);
        const double b = old->n_parameters > n ? t * (double)v[n + c] : 0;
        for (int64_t k = c; k < n; k += O) w[k] = (float)(r * (double)v[k]);
        w[n + c] = (float)(((affine ? (double)affine[O + c] : 0) + r * (b - (double)moments[c])) / t_new);
    }
}

enum er_status er_normless_weights(const struct er_normless *normless, const float *from,
                                   const float *statistics, float *w, struct er_error *err)
{
    const struct er_net *net = normless->net;
    for (int64_t i = 0; i < net->n; i++) {
        float *to = w + net->bound[i].at;
        const int64_t n = net->node[i].layer.n_parameters;
        if (normless->norm[i] >= 0)
            fold(normless, i, from, statistics, to);
        else if (n)
            memcpy(to, from + normless->of->bound[i].at, (size_t)n * sizeof *to);
    }
    for (int64_t i = 0; i < net->n_parameters; i++)
        if (!isfinite(w[i]))
            return er_fail(err, ER_E_NONFINITE, "measures: parameter %lld without batch norm is %g",
                           (long long)i, (double)w[i]);
    return ER_OK;
}
