/* folded.c - the weight matrices of a network, batch norm folded into them. */
#include "measures/folded.h"

#include "measures/measured.h"
#include "net/net.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static bool is_batch_norm(const struct er_layer *l)
{
    return strcmp(l->ops->name, "batch_norm") == 0;
}

double er_folded_epsilon(const struct er_layer *batch_norm)
{
    int i = 0;
    while (strcmp(batch_norm->ops->argument[i].name, "epsilon") != 0) i++;
    return batch_norm->argument[i];
}

/* The next map, whose biases are at `own`. */
static void add_map(struct er_folded *f, int64_t node, double *own)
{
    const struct er_layer *l = &f->net->node[node].layer;
    const double *argument = er_weights_arguments(l);
    const int64_t at = f->net->bound[node].at, outputs = l->out.channels;
    const int64_t bias = er_weights_has_bias(argument) ? outputs : 0;
    const int64_t fan_in = (l->n_parameters - bias) / outputs;
    const double t = (double)er_weights_bias_factor(argument);
    for (int64_t o = 0; o < bias; o++) own[o] = t * f->w[at + fan_in * outputs + o];
    f->map[f->n] = (struct er_affine){.number = f->n,
                                      .node = node,
                                      .at = at,
                                      .fan_in = fan_in,
                                      .outputs = outputs,
                                      .positions = l->n_out / outputs,
                                      .inputs = l->n_in,
                                      .factor = (double)er_weights_factor(argument, fan_in),
                                      .bias = own,
                                      .biased = bias > 0 && t > 0,
                                      .norm = -1,
                                      .lipschitz = 1};
    f->n++;
}

static enum er_status fold(struct er_folded *f, struct er_affine *map, int64_t node,
                           const struct er_network *network, struct er_error *err)
{
    const struct er_layer *l = &f->net->node[node].layer;
    const float *w = network->w + f->net->bound[node].at;
    const float *statistics = network->statistics + f->net->bound[node].statistics_at;
    const int64_t C = l->in.channels;
    const double epsilon = er_folded_epsilon(l);
    const bool affine = l->n_parameters > 0;
    double *bias = f->bias + (map->bias - f->bias);
    for (int64_t c = 0; c < C; c++) {
        const double r = (affine ? (double)w[c] : 1) / sqrt((double)statistics[C + c] + epsilon);
        if (!isfinite(r))
            return er_fail(err, ER_E_NONFINITE, "measures: batch norm scales a channel by %g", r);
        for (int64_t i = 0; i < map->fan_in; i++) {
            f->w[map->at + i * C + c] *= r;
        }
        bias[c] = (affine ? (double)w[C + c] : 0) + r * (bias[c] - (double)statistics[c]);
    }
    map->biased = true;
    map->norm = node;
    return ER_OK;
}

enum er_status er_folded_into(const struct er_net *net, int64_t *into, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        into[i] = l->ops->mixes_features ? i : -1;
        if (!is_batch_norm(l) || net->bound[i].passes) continue;
        const int64_t from = net->node[i].from[0];
        if (from >= 0 && net->bound[from].consumers == 1) into[i] = into[from];
        if (into[i] < 0 || l->in.channels != net->node[into[i]].layer.out.channels)
            return er_fail(err, ER_E_UNSUPPORTED,
                           "layer %lld, %s: follows no layer that it could be folded into",
                           (long long)l->index + 1, l->ops->name);
    }
    return ER_OK;
}

/* Node after node; `into` as above, and then the number of the map in its place. */
static enum er_status walk(struct er_folded *f, const struct er_network *network, int64_t *into,
                           struct er_error *err)
{
    double *own = f->bias;
    enum er_status status = er_folded_into(f->net, into, err);
    for (int64_t i = 0; i < f->net->n && status == ER_OK; i++) {
        const struct er_layer *l = &f->net->node[i].layer;
        if (into[i] == i) {
            into[i] = f->n;
            add_map(f, i, own);
            own += l->out.channels;
        } else if (into[i] >= 0) {
            into[i] = into[into[i]];
            status = fold(f, &f->map[into[i]], i, network, err);
        }
    }
    if (status == ER_OK && f->n == 0)
        status = er_fail(err, ER_E_UNSUPPORTED, "the network has no layer with weights to measure it by");
    return status;
}

enum er_status er_folded_new(const struct er_net *net, const struct er_network *network,
                             struct er_folded *out, struct er_error *err)
{
    const int64_t P = net->n_parameters;
    int64_t biases = 0;
    for (int64_t i = 0; i < net->n; i++)
        if (net->node[i].layer.ops->mixes_features) biases += net->node[i].layer.out.channels;
    struct er_folded f = {.net = net,
                          .map = er_alloc(net->n, sizeof *f.map),
                          .w = er_alloc(P, sizeof *f.w),
                          .bias = er_alloc(biases, sizeof *f.bias)};
    int64_t *into = er_alloc(net->n, sizeof *into);
    enum er_status status = ER_E_NOMEM;
    if (f.map && f.w && f.bias && into) {
        for (int64_t k = 0; k < P; k++) f.w[k] = (double)network->w[k];
        status = walk(&f, network, into, err);
    } else {
        er_fail(err, ER_E_NOMEM, "measures: out of memory for a copy of %lld weights", (long long)P);
    }
    er_free(into);
    if (status != ER_OK) {
        er_folded_clear(&f);
        return status;
    }
    *out = f;
    return ER_OK;
}

void er_folded_clear(struct er_folded *folded)
{
    er_free(folded->map);
    er_free(folded->w);
    er_free(folded->bias);
    *folded = (struct er_folded){0};
}

/* `which` says whether it is of the initial network. */
static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_measured *is = &run->is;
    const struct er_network network = {.w = which ? is->initial_w : is->w,
                                       .statistics = which ? is->initial_statistics : is->statistics};
    return er_folded_new(is->net, &network, part, err);
}

static void clear(void *part)
{
    er_folded_clear(part);
}

static enum er_status folded_of(struct er_measured_run *run, int which, const struct er_folded **out,
                                struct er_error *err)
{
    static const struct er_part of[] = {{"weights", sizeof(struct er_folded), make, clear, 0},
                                        {"initial weights", sizeof(struct er_folded), make, clear, 1}};
    void *is;
    const enum er_status status = er_measured_part(run, &of[which], &is, err);
    if (status == ER_OK) *out = is;
    return status;
}

enum er_status er_measured_folded(struct er_measured_run *run, const struct er_folded **out,
                                  struct er_error *err)
{
    return folded_of(run, 0, out, err);
}

enum er_status er_measured_initial_folded(struct er_measured_run *run, const struct er_folded **out,
                                          struct er_error *err)
{
    return folded_of(run, 1, out, err);
}
