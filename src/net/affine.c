/* affine.c - which nodes are affine in the weights, and their outputs along a line. */
#include "net/affine.h"

#include "core/vector.h"

#include <ermine/memory.h>
#include <string.h>

enum { BLOCK = 2048 }; /* floats that are moved and passed on while they are in the first cache */

/* Whether all that node i takes is fixed. */
static bool takes_fixed(const struct er_affine *affine, int64_t i)
{
    const struct er_node *node = &affine->net->node[i];
    for (int64_t b = 0; b < node->n_from; b++)
        if (node->from[b] >= 0 && !affine->fixed[node->from[b]]) return false;
    return true;
}

static void find(struct er_affine *affine)
{
    const struct er_net *net = affine->net;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        const bool takes = takes_fixed(affine, i);
        if (takes && layer->n_parameters == 0 && layer->n_statistics == 0) {
            affine->fixed[i] = affine->given[i] = true;
            affine->has_fixed |= !net->bound[i].passes;
        } else if (takes && layer->ops->affine) {
            affine->given[i] = true;
            affine->node[affine->n++] = i;
            affine->floats += layer->n_out;
        } else if (layer->n_parameters > 0) {
            affine->rest[affine->n_rest++] = (struct er_affine_range){net->bound[i].at, layer->n_parameters};
        }
    }
}

enum er_status er_affine_new(const struct er_net *net, struct er_affine *out, struct er_error *err)
{
    *out = (struct er_affine){.net = net};
    out->node = er_alloc(net->n, sizeof *out->node);
    out->fixed = er_alloc(net->n, sizeof *out->fixed);
    out->given = er_alloc(net->n, sizeof *out->given);
    out->rest = er_alloc(net->n, sizeof *out->rest);
    if (!out->node || !out->fixed || !out->given || !out->rest) {
        er_affine_clear(out);
        return er_fail(err, ER_E_NOMEM, "net: out of memory for its first layers");
    }
    find(out);
    return ER_OK;
}

void er_affine_clear(struct er_affine *affine)
{
    er_free(affine->node);
    er_free(affine->fixed);
    er_free(affine->given);
    er_free(affine->rest);
    *affine = (struct er_affine){0};
}

void er_affine_fix(const struct er_affine *affine, const struct er_plan *plan,
                   const struct er_network *network, const float *x, int64_t first_row, void *scratch)
{
    if (!affine->has_fixed) return;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .first_row = first_row,
                                       .scratch = scratch,
                                       .only = affine->fixed});
}

void er_affine_products(const struct er_affine *affine, const struct er_plan *plan, const float *w,
                        const float *x, float *y, void *scratch)
{
    const struct er_net *net = affine->net;
    float *floats = scratch;
    for (int64_t a = 0; a < affine->n; a++) {
        const int64_t i = affine->node[a], from = net->node[i].from[0];
        const struct er_layer *layer = &net->node[i].layer;
        const struct er_pass pass = {
            .plan = &plan->node[i].plan,
            .parts = 1,
            .w = w + net->bound[i].at,
            .x = from < 0 ? x : floats + plan->node[from].out,
            .y = y,
            .scratch = floats + plan->forward_floats,
        };
        layer->ops->forward(layer, &pass);
        y += plan->rows * layer->n_out;
    }
}

ER_VECTOR
void er_affine_move(int64_t n, const float *from, float a, const float *u, float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = from[i] + a * u[i];
}

void er_affine_place(const struct er_affine *affine, const struct er_plan *plan, const float *y0, float a,
                     const float *yu, void *scratch)
{
    float *floats = scratch;
    for (int64_t k = 0; k < affine->n; k++) {
        const int64_t i = affine->node[k], n = plan->rows * affine->net->node[i].layer.n_out;
        const struct er_planned_node *p = &plan->node[i];
        const struct er_layer *then = p->then >= 0 ? &affine->net->node[p->then].layer : NULL;
        float *y = floats + p->out, *then_y = then ? floats + plan->node[p->then].out : NULL;
        for (int64_t at = 0; at < n; at += BLOCK) {
            const int64_t size = n - at < BLOCK ? n - at : BLOCK;
            if (yu)
                er_affine_move(size, y0 + at, a, yu + at, y + at);
            else
                memcpy(y + at, y0 + at, (size_t)size * sizeof *y);
            if (then) then->ops->pointwise->value(then, size, y + at, then_y + at);
        }
        y0 += n;
        if (yu) yu += n;
    }
}
