/* chain.c - a network as affine maps with something between. */
#include "measures/chain.h"

#include "measures/measured.h"

#include "net/net.h"
#include "net/pooling.h"

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

/* The product of the constants; up to the last map with a bias none is below that of the 1. */
static double product(const struct er_chain *chain)
{
    double all = chain->after;
    for (int64_t i = 0; i < chain->n; i++)
        all *= i < chain->biased ? fmax(1, chain->map[i].lipschitz) : chain->map[i].lipschitz;
    return all;
}

/* Node after node: what lies between two maps is the later one's. Batch norm has been folded. */
static enum er_status walk(struct er_chain *chain, const struct er_network *network, struct er_error *err)
{
    const struct er_net *net = chain->net;
    struct er_affine *map = chain->map;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        const struct er_bound *bound = &net->bound[i];
        double lipschitz;
        if (l->ops->join || (bound->consumers > 1 && !bound->passes))
            return uncovered(l, "bounds by norms are for networks without branches", err);
        if (bound->passes || is(l, "batch_norm")) continue;
        if (l->ops->mixes_features) {
            map->lipschitz = chain->after;
            chain->after = 1;
            map++;
            if (map[-1].biased) chain->biased = map - chain->map;
            continue;
        }
        const enum er_status status = lipschitz_of(net, network, l, &lipschitz, err);
        if (status != ER_OK) return status;
        if (!is_homogeneous(l) && !chain->not_homogeneous) chain->not_homogeneous = l->ops->name;
        chain->after *= lipschitz;
    }
    return ER_OK;
}

enum er_status er_chain_new(const struct er_net *net, const struct er_network *network, struct er_chain *out,
                            struct er_error *err)
{
    struct er_folded folded = {0};
    enum er_status status = er_folded_new(net, network, &folded, err);
    if (status != ER_OK) return status;
    struct er_chain chain = {
        .net = net, .map = folded.map, .n = folded.n, .w = folded.w, .bias = folded.bias, .after = 1};
    status = walk(&chain, network, err);
    if (status != ER_OK) {
        er_chain_clear(&chain);
        return status;
    }
    chain.lipschitz = product(&chain);
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

/* `which` says whether it is of the initial network. */
static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_measured *is = &run->is;
    const struct er_network network = {.w = which ? is->initial_w : is->w,
                                       .statistics = which ? is->initial_statistics : is->statistics};
    return er_chain_new(is->net, &network, part, err);
}

static void clear(void *part)
{
    er_chain_clear(part);
}

static enum er_status chain_of(struct er_measured_run *run, int which, const struct er_chain **out,
                               struct er_error *err)
{
    static const struct er_part of[] = {{"a chain", sizeof(struct er_chain), make, clear, 0},
                                        {"an initial chain", sizeof(struct er_chain), make, clear, 1}};
    void *is;
    const enum er_status status = er_measured_part(run, &of[which], &is, err);
    if (status == ER_OK) *out = is;
    return status;
}

enum er_status er_measured_chain(struct er_measured_run *run, const struct er_chain **out,
                                 struct er_error *err)
{
    return chain_of(run, 0, out, err);
}

enum er_status er_measured_initial_chain(struct er_measured_run *run, const struct er_chain **out,
                                         struct er_error *err)
{
    return chain_of(run, 1, out, err);
}
