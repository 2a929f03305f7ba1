/* stages.c - the layers of a net as people count them: each with weights, and the function behind it. */
#include "measures/passes.h"

#include <ermine/memory.h>

/* The pointwise node that alone takes node i's output, or node i. */
static int64_t end_of(const struct er_net *net, int64_t i)
{
    if (net->bound[i].consumers != 1 || i == net->output) return i;
    for (int64_t j = i + 1; j < net->n; j++)
        if (!net->bound[j].passes && net->node[j].layer.ops->pointwise && net->node[j].from[0] == i) return j;
    return i;
}

enum er_status er_stages(const struct er_net *net, struct er_stage **out, int64_t *n, struct er_error *err)
{
    struct er_stage *stage = er_alloc(net->n, sizeof *stage);
    int64_t count = 0;
    if (!stage) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld layers", (long long)net->n);
    for (int64_t i = 0; i < net->n; i++)
        if (!net->bound[i].passes && net->node[i].layer.n_parameters > 0 && net->node[i].layer.ops->laws)
            stage[count++] = (struct er_stage){i, end_of(net, i), net->node[i].from[0]};
    if (count == 0) {
        er_free(stage);
        return er_fail(err, ER_E_UNSUPPORTED, "the network has no layer with weights");
    }
    *out = stage;
    *n = count;
    return ER_OK;
}

struct er_shape er_node_shape(const struct er_net *net, const struct er_dataset *set, int64_t node)
{
    return node < 0 ? set->shape : net->node[node].layer.out;
}
