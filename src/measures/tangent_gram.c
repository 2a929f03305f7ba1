/* tangent_gram.c - the tangent kernel, in float64 or from float32 gradients. */
#include "measures/tangent_gram.h"

#include "measures/gradient_gram.h"
#include "net/net.h"

#include <ermine/empirical.h>
#include <ermine/memory.h>
#include <string.h>

static const double MEMORY = (double)(1 << 26);

static enum er_status no_room(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "tangent kernel: out of memory");
}

static double *widened(int64_t n, const float *from)
{
    double *to = er_alloc(n, sizeof *to);
    for (int64_t i = 0; to && i < n; i++) to[i] = (double)from[i];
    return to;
}

static enum er_status in_float64(const struct er_net *net, const struct er_network *network,
                                 const struct er_dataset *set, struct er_pool *pool, double *k,
                                 struct er_error *err)
{
    const struct er_empirical_options options = {.outputs = ER_OUTPUTS_MEAN, .memory = MEMORY};
    const int64_t S = er_net_statistics(net);
    struct er_finite *finite = NULL;
    enum er_status status = er_finite_new(net, &finite, err);
    if (status != ER_OK) return status;
    double *w = widened(er_net_parameters(net), network->w);
    double *x = widened(set->n * er_net_inputs(net), set->x), *statistics = NULL;
    if (S > 0) statistics = widened(S, network->statistics);
    const struct er_finite_network wide = {finite, w, statistics};
    if (w && x && (S == 0 || statistics))
        status = er_empirical_kernel(&wide, set->n, x, 0, NULL, &options, NULL, k, NULL, pool, NULL, err);
    else
        status = no_room(err);
    er_free(w);
    er_free(x);
    er_free(statistics);
    er_finite_free(finite);
    return status;
}

/* k (n x n), output after output; part: n x n of scratch. */
static enum er_status add_outputs(const struct er_gradients_of *what, float *df, struct er_pool *pool,
                                  double *part, double *k, struct er_error *err)
{
    const int64_t n = what->set->n, O = er_net_outputs(what->net);
    memset(k, 0, (size_t)(n * n) * sizeof *k);
    for (int64_t o = 0; o < O; o++) {
        for (int64_t i = 0; i < n * O; i++) df[i] = i % O == o;
        const enum er_status status = er_gradient_gram(what, pool, part, err);
        if (status != ER_OK) return status;
        for (int64_t i = 0; i < n * n; i++) k[i] += part[i] / (double)O;
    }
    return ER_OK;
}

static enum er_status by_gradients(const struct er_net *net, const struct er_network *network,
                                   const struct er_dataset *set, struct er_pool *pool, double *k,
                                   struct er_error *err)
{
    const int64_t n = set->n, O = er_net_outputs(net);
    float *df = er_alloc(n * O, sizeof *df);
    double *part = er_alloc(n * n, sizeof *part);
    const struct er_gradients_of what = {net, network, set, df};
    const enum er_status status = df && part ? add_outputs(&what, df, pool, part, k, err) : no_room(err);
    er_free(df);
    er_free(part);
    return status;
}

static bool all_dense(const struct er_net *net)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer_ops *ops = net->node[i].layer.ops;
        if (ops->mixes_features && strcmp(ops->name, "dense") != 0) return false;
    }
    return true;
}

size_t er_tangent_gram_bytes(const struct er_net *net, int64_t n)
{
    const size_t matrix = (size_t)(n * n) * sizeof(double);
    const size_t wide = (size_t)(er_net_parameters(net) + n * er_net_inputs(net)) * sizeof(double);
    return matrix + (all_dense(net) ? (size_t)MEMORY + wide : er_gradient_gram_bytes(net, n));
}

enum er_status er_tangent_gram(const struct er_net *net, const struct er_network *network,
                               const struct er_dataset *set, struct er_pool *pool, double *k,
                               struct er_error *err)
{
    return (all_dense(net) ? in_float64 : by_gradients)(net, network, set, pool, k, err);
}
