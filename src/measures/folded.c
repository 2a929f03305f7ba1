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
    for (int64_t o = 0; o < bias; o++) own[o] = t * (double)f->w[at + fan_in * outputs + o];
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
            float *v = &f->w[map->at + i * C + c];
            *v = (float)((double)*v * r);
        }
        bias[c] = (affine ? (double)w[C + c] : 0) + r * (bias[c] - (double)statistics[c]);
    }
    map->biased = true;
    map->norm = node;
    return ER_OK;
}

/* The map whose outputs node i changes by batch norm alone, or -1; `of` has those of the nodes before. */
static int64_t map_before(const struct er_net *net, const int64_t *of, int64_t i)
{
    const int64_t from = net->node[i].from[0];
    return from < 0 || net->bound[from].consumers > 1 ? -1 : of[from];
}

/* Node after node; of[i]: the map that node i is, or that it is folded into; else -1. */
static enum er_status walk(struct er_folded *f, const struct er_network *network, int64_t *of,
                           struct er_error *err)
{
    double *own = f->bias;
    for (int64_t i = 0; i < f->net->n; i++) {
        const struct er_layer *l = &f->net->node[i].layer;
        of[i] = -1;
        if (l->ops->mixes_features) {
            of[i] = f->n;
            add_map(f, i, own);
            own += l->out.channels;
        } else if (is_batch_norm(l) && !f->net->bound[i].passes) {
            of[i] = map_before(f->net, of, i);
            if (of[i] < 0 || l->in.channels != f->map[of[i]].outputs)
                return er_fail(err, ER_E_UNSUPPORTED,
                               "layer %lld, %s: follows no layer that it could be folded into",
                               (long long)l->index + 1, l->ops->name);
            const enum er_status status = fold(f, &f->map[of[i]], i, network, err);
            if (status != ER_OK) return status;
        }
    }
    return f->n > 0
               ? ER_OK
               : er_fail(err, ER_E_UNSUPPORTED, "the network has no layer with weights to measure it by");
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
    int64_t *of = er_alloc(net->n, sizeof *of);
    enum er_status status = ER_E_NOMEM;
    if (f.map && f.w && f.bias && of) {
        memcpy(f.w, network->w, (size_t)P * sizeof *f.w);
        status = walk(&f, network, of, err);
    } else {
        er_fail(err, ER_E_NOMEM, "measures: out of memory for a copy of %lld weights", (long long)P);
    }
    er_free(of);
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
