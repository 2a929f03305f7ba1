/* lottery_prune.c - the mask of a ticket. */
#include "experiments/lottery_prune.h"

#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/norm.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the weights of a layer lie, without its bias; false for a layer that has none. */
static bool weights_of(const struct er_net *net, const struct er_weight_layer *layer, int64_t *at, int64_t *n)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        struct er_layer_tensor tensor;
        if (net->bound[i].at != layer->at || l->n_parameters != layer->n || !l->ops->tensor) continue;
        for (int k = 0; l->ops->tensor(l, l->in, k, &tensor); k++) {
            if (tensor.statistics || strcmp(tensor.role, "weight") != 0) continue;
            *at = layer->at + tensor.at;
            *n = 1;
            for (int d = 0; d < tensor.rank; d++) *n *= tensor.dim[d];
            return true;
        }
    }
    return false;
}

struct magnitude {
    float size;
    int64_t at;
};

static int by_size(const void *a, const void *b)
{
    const struct magnitude *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

static void prune_layer(const float *w, int64_t at, int64_t n, double share, struct magnitude *room,
                        unsigned char *mask)
{
    int64_t kept = 0;
    for (int64_t i = at; i < at + n; i++)
        if (mask[i]) room[kept++] = (struct magnitude){isfinite(w[i]) ? fabsf(w[i]) : INFINITY, i};
    qsort(room, (size_t)kept, sizeof *room, by_size);
    const int64_t pruned = (int64_t)floor(share * (double)kept);
    for (int64_t i = 0; i < pruned; i++) mask[room[i].at] = 0;
}

enum er_status er_lottery_prune(const struct er_net *net, const float *w, double share, double last,
                                unsigned char *mask, struct er_error *err)
{
    struct er_weight_layer layer;
    int64_t layers = 0, at, n;
    struct magnitude *room = er_alloc(er_net_parameters(net), sizeof *room);
    if (!room)
        return er_fail(err, ER_E_NOMEM, "lottery: out of memory for %lld magnitudes",
                       (long long)er_net_parameters(net));
    while (er_net_weight_layer(net, layers, &layer)) layers++;
    for (int64_t i = 0; er_net_weight_layer(net, i, &layer); i++)
        if (weights_of(net, &layer, &at, &n))
            prune_layer(w, at, n, i == layers - 1 ? last : share, room, mask);
    er_free(room);
    return ER_OK;
}

double er_lottery_density(const struct er_net *net, const unsigned char *mask)
{
    struct er_weight_layer layer;
    int64_t all = 0, left = 0, at, n;
    for (int64_t i = 0; er_net_weight_layer(net, i, &layer); i++) {
        if (!weights_of(net, &layer, &at, &n)) continue;
        all += n;
        for (int64_t k = at; k < at + n; k++) left += mask[k] != 0;
    }
    return (double)left / (double)all;
}
