/* chain.c - a network as affine maps with something between. */
#include "measures/chain.h"

#include "net/net.h"
#include "net/pooling.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

/* Functions of one number that are 0 at 0, with their Lipschitz constants. */
static const struct {
    const char *name;
    double lipschitz;
} function[] = {
    {"relu", 1}, {"tanh", 1}, {"gelu", 1.1291}, {"swish", 1.0999}, {"gabor", 1},
};

static enum er_status uncovered(const struct er_layer *l, const char *why, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s: %s", (long long)l->index + 1, l->ops->name, why);
}

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

static double argument_of(const struct er_layer *l, const char *name)
{
    int i = 0;
    while (strcmp(l->ops->argument[i].name, name) != 0) i++;
    return l->argument[i];
}

/* Each value goes into at most so many windows, whose largest values' differences are squared and summed. */
static double max_pool_lipschitz(const struct er_layer *l)
{
    const struct er_pooling p = er_pooling_of(l);
    return sqrt(ceil((double)p.rows.size / (double)p.rows.stride) *
                ceil((double)p.columns.size / (double)p.columns.stride));
}

/* The same of those whose arguments count; 0 where it is another layer, or one that is not 0 at 0. */
static double function_lipschitz(const struct er_layer *l)
{
    if (is(l, "leaky_relu")) return fmax(1, argument_of(l, "slope"));
    if (is(l, "elu")) return fmax(1, argument_of(l, "alpha"));
    if (is(l, "abrelu")) return fmax(fabs(argument_of(l, "below")), fabs(argument_of(l, "above")));
    if (is(l, "sin") && argument_of(l, "phase") == 0)
        return fabs(argument_of(l, "amplitude")) * argument_of(l, "frequency");
    if (is(l, "erf") && argument_of(l, "shift") == 0)
        return M_2_SQRTPI * fabs(argument_of(l, "amplitude")) * argument_of(l, "scale");
    return 0;
}

/* The constant of a layer between maps; 0: it has none that counts. */
static enum er_status lipschitz_of(const struct er_net *net, const struct er_network *network,
                                   const struct er_layer *l, double *out, struct er_error *err)
{
    *out = function_lipschitz(l);
    for (size_t i = 0; i < sizeof function / sizeof function[0]; i++)
        if (is(l, function[i].name)) *out = function[i].lipschitz;
    if (is(l, "max_pool")) *out = max_pool_lipschitz(l);
    if (is(l, "dropout")) *out = 1;
    if (is(l, "scale") || is(l, "avg_pool") || is(l, "global_avg_pool"))
        return er_net_map_norm(net, (int64_t)l->index, ER_NORM_SPECTRAL, network, out, err);
    return *out > 0
               ? ER_OK
               : uncovered(l, "is not covered by bounds for layers with 1-Lipschitz functions between", err);
}

/* Positively homogeneous, element by element, of constant 1. */
static bool is_homogeneous(const struct er_layer *l)
{
    const bool lines = is(l, "leaky_relu") || is(l, "abrelu");
    return is(l, "relu") || is(l, "dropout") || (lines && function_lipschitz(l) <= 1);
}

/* What has been gathered in `after` since the map before becomes what lies between the two. */
static void add_map(struct er_chain *chain, const struct er_layer *l, int64_t at)
{
    const double *argument = er_weights_arguments(l);
    const int64_t outputs = l->out.channels, bias = er_weights_has_bias(argument) ? outputs : 0;
    const int64_t fan_in = (l->n_parameters - bias) / outputs;
    double *own =
        chain->bias +
        (chain->n ? chain->map[chain->n - 1].bias - chain->bias + chain->map[chain->n - 1].outputs : 0);
    const double t = (double)er_weights_bias_factor(argument);
    for (int64_t o = 0; o < bias; o++) own[o] = t * (double)chain->w[at + fan_in * outputs + o];
    chain->map[chain->n] = (struct er_affine){.number = chain->n,
                                              .at = at,
                                              .fan_in = fan_in,
                                              .outputs = outputs,
                                              .positions = l->n_out / outputs,
                                              .inputs = l->n_in,
                                              .factor = (double)er_weights_factor(argument, fan_in),
                                              .bias = own,
                                              .lipschitz = chain->after};
    chain->after = 1;
    chain->n++;
    if (bias > 0 && t > 0) chain->biased = chain->n;
}

static enum er_status fold(struct er_chain *chain, const struct er_layer *l, const float *w,
                           const float *statistics, struct er_error *err)
{
    const struct er_affine *map = &chain->map[chain->n - 1];
    const int64_t C = l->in.channels;
    const double epsilon = argument_of(l, "epsilon");
    const bool affine = l->n_parameters > 0;
    double *bias = chain->bias + (map->bias - chain->bias);
    for (int64_t c = 0; c < C; c++) {
        const double r = (affine ? (double)w[c] : 1) / sqrt((double)statistics[C + c] + epsilon);
        if (!isfinite(r))
            return er_fail(err, ER_E_NONFINITE, "measures: batch norm scales a channel by %g", r);
        for (int64_t i = 0; i < map->fan_in; i++) {
            float *v = &chain->w[map->at + i * C + c];
            *v = (float)((double)*v * r);
        }
        bias[c] = (affine ? (double)w[C + c] : 0) + r * (bias[c] - (double)statistics[c]);
    }
    chain->biased = chain->n;
    return ER_OK;
}

/* The product of the constants; up to the last map with a bias none is below that of the 1. */
static double product(const struct er_chain *chain)
{
    double all = chain->after;
    for (int64_t i = 0; i < chain->n; i++)
        all *= i < chain->biased ? fmax(1, chain->map[i].lipschitz) : chain->map[i].lipschitz;
    return all;
}

/* Node after node; `follows`: nothing but what passes its input on lies behind the last map. */
static enum er_status walk(struct er_chain *chain, const struct er_network *network, struct er_error *err)
{
    const struct er_net *net = chain->net;
    bool follows = false;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        const struct er_bound *bound = &net->bound[i];
        double lipschitz = 1;
        enum er_status status = ER_OK;
        if (l->ops->join || (bound->consumers > 1 && !bound->passes))
            return uncovered(l, "bounds by norms are for networks without branches", err);
        if (bound->passes) continue;
        if (l->ops->mixes_features) {
            add_map(chain, l, bound->at);
            follows = true;
            continue;
        }
        if (is(l, "batch_norm") && follows) {
            status = fold(chain, l, network->w + bound->at, network->statistics + bound->statistics_at, err);
        } else {
            if (is(l, "batch_norm"))
                return uncovered(l, "follows no layer that it could be folded into", err);
            status = lipschitz_of(net, network, l, &lipschitz, err);
            if (!is_homogeneous(l) && !chain->not_homogeneous) chain->not_homogeneous = l->ops->name;
            follows = false;
        }
        if (status != ER_OK) return status;
        chain->after *= lipschitz;
    }
    return chain->n > 0
               ? ER_OK
               : er_fail(err, ER_E_UNSUPPORTED, "the network has no layer with weights to bound it by");
}

enum er_status er_chain_new(const struct er_net *net, const struct er_network *network, struct er_chain *out,
                            struct er_error *err)
{
    struct er_chain chain = {.net = net, .after = 1};
    const int64_t P = net->n_parameters;
    int64_t biases = 0;
    for (int64_t i = 0; i < net->n; i++)
        if (net->node[i].layer.ops->mixes_features) biases += net->node[i].layer.out.channels;
    chain.map = er_alloc(net->n, sizeof *chain.map);
    chain.w = er_alloc(P, sizeof *chain.w);
    chain.bias = er_alloc(biases, sizeof *chain.bias);
    enum er_status status = ER_E_NOMEM;
    if (chain.map && chain.w && chain.bias) {
        memcpy(chain.w, network->w, (size_t)P * sizeof *chain.w);
        status = walk(&chain, network, err);
        chain.lipschitz = product(&chain);
    } else {
        er_fail(err, ER_E_NOMEM, "measures: out of memory for a copy of %lld weights", (long long)P);
    }
    if (status != ER_OK) {
        er_chain_clear(&chain);
        return status;
    }
    *out = chain;
    return ER_OK;
}

void er_chain_clear(struct er_chain *chain)
{
    er_free(chain->map);
    er_free(chain->w);
    er_free(chain->bias);
    *chain = (struct er_chain){0};
}

enum er_status er_chain_check_homogeneous(const struct er_chain *chain, const char *what,
                                          struct er_error *err)
{
    if (!chain->not_homogeneous) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED,
                   "%s is for relu and leaky_relu between dense layers and convolutions, and not for %s",
                   what, chain->not_homogeneous);
}
