/* plan.c - a net compiled for one batch size: kernels fetched, every buffer at its offset in one block of
 * scratch.
 *
 * Scratch, in floats, each part rounded up to a cache line:
 *
 *     out[i], cache[i]     of the nodes; a pointwise node that needs only its output lies on its input
 *     loss, wrong          of the rows
 *     --                   the end, for a call without backward
 *     shared[i], turned[i] of nodes at work; turned where dx leads to parameters
 *     slots                gradients with respect to outputs, given back as soon as they are used
 *     --                   the end, for a call that wants dw
 *     turned, t_turned     the other nodes' turned; tangents of all turned
 *     t_out[i], t_slots    tangents of outputs and slots
 *     --                   the end, for any call
 *     parts                what a layer needs while it works, for each thread
 */
#include "net/plan.h"

#include <ermine/memory.h>

enum { LINE = ER_ALIGN / sizeof(float) };

static const int64_t MOST_FLOATS = (int64_t)1 << 40, MOST_ROWS = (int64_t)1 << 24;

static int64_t take(int64_t *end, int64_t floats)
{
    const int64_t at = *end;
    *end += (floats + LINE - 1) / LINE * LINE;
    return at;
}

/* The pointwise node that alone takes node i's output, or ER_PLAN_NONE. */
static int64_t sole_pointwise(const struct er_net *net, int64_t i)
{
    if (net->bound[i].consumers != 1 || i == net->output) return ER_PLAN_NONE;
    for (int64_t j = i + 1; j < net->n; j++)
        if (!net->bound[j].passes && net->node[j].layer.ops->pointwise && net->node[j].from[0] == i) return j;
    return ER_PLAN_NONE;
}

/* Which pointwise nodes are done together with the node before (forward) and after (backward) them. */
static void fuse(struct er_plan *plan)
{
    const struct er_net *net = plan->net;
    for (int64_t i = 0; i < net->n; i++) {
        struct er_planned_node *p = &plan->node[i];
        p->then = p->before = ER_PLAN_NONE;
        if (net->bound[i].passes || !net->node[i].layer.ops->fuses) continue;
        p->then = sole_pointwise(net, i);
        if (p->then >= 0) plan->node[p->then].done_forward = true;
        const int64_t j = net->node[i].from[0];
        if (j < 0 || !net->node[j].layer.ops->pointwise || net->bound[j].consumers != 1) continue;
        const int64_t from = net->node[j].from[0];
        if (from < 0 || !net->bound[from].trainable || net->bound[from].consumers != 1) continue;
        p->before = j;
        plan->node[j].done_backward = true;
    }
}

static enum er_status lay_out_node(struct er_plan *plan, int64_t i, int64_t *end, struct er_error *err)
{
    const struct er_net *net = plan->net;
    const struct er_layer *layer = &net->node[i].layer;
    struct er_planned_node *p = &plan->node[i];
    const struct er_pointwise *f = layer->ops->pointwise;
    p->plan.rows = plan->rows;
    if (layer->ops->plan) {
        enum er_status status = layer->ops->plan(layer, &p->plan, err);
        if (status != ER_OK) return status;
    }
    const bool in_place = f && f->from_y && p->done_forward;
    p->out = in_place ? plan->node[net->node[i].from[0]].out : take(end, plan->rows * layer->n_out);
    p->cache = take(end, plan->rows * layer->n_cache + layer->n_cache_once);
    if (layer->n_out > plan->slot_floats) plan->slot_floats = layer->n_out;
    if (p->plan.n_scratch > plan->part_floats) plan->part_floats = p->plan.n_scratch;
    return *end <= MOST_FLOATS ? ER_OK
                               : er_fail(err, ER_E_LIMIT,
                                         "plan: a batch of %lld rows needs more than 2^40 "
                                         "floats of scratch",
                                         (long long)plan->rows);
}

/* A slot that is free from here on, or a new one. */
static int64_t take_slot(struct er_plan *plan, unsigned char *used)
{
    int64_t s = 0;
    while (s < plan->slots && used[s]) s++;
    if (s == plan->slots) plan->slots++;
    used[s] = 1;
    return s;
}

/* Walks as backward will: a node's slot is taken when the first gradient comes and free once the node is
 * done. A pointwise node hands its own on to its input. */
static enum er_status assign_slots(struct er_plan *plan)
{
    const struct er_net *net = plan->net;
    bool input_given = false, adds = false;
    unsigned char *used = er_alloc(net->n + 1, 1);
    if (!used) return ER_E_NOMEM;
    for (int64_t i = 0; i < net->n; i++) plan->node[i].slot = ER_PLAN_NONE;
    plan->node[net->output].slot = take_slot(plan, used);
    for (int64_t i = net->n - 1; i >= 0; i--) {
        struct er_planned_node *p = &plan->node[i];
        const struct er_node *node = &net->node[i];
        bool handed_on = false;
        if (net->bound[i].passes) continue;
        for (int64_t b = 0; b < node->n_from; b++) {
            const int64_t from = node->from[b];
            const bool given = from < 0 ? input_given : plan->node[from].slot >= 0;
            if (given) p->adds |= (uint64_t)1 << b;
            const int64_t size = er_layer_input_size(&node->layer, b);
            if (given && size > plan->slot_floats) plan->slot_floats = size;
            adds |= given;
            input_given |= from < 0;
            if (given || from < 0) continue;
            handed_on = node->layer.ops->pointwise && net->bound[from].consumers == 1;
            plan->node[from].slot = handed_on ? p->slot : take_slot(plan, used);
        }
        if (!handed_on) used[p->slot] = 0;
    }
    er_free(used);
    plan->slots += adds;
    return ER_OK;
}

/* Whether the gradient with respect to an input of node i leads to parameters. */
static bool leads_on(const struct er_net *net, int64_t i)
{
    bool leads = false;
    for (int64_t b = 0; b < net->node[i].n_from; b++)
        leads |= net->node[i].from[b] >= 0 && net->bound[net->node[i].from[b]].trainable;
    return leads;
}

static enum er_status lay_out(struct er_plan *plan, struct er_error *err)
{
    const struct er_net *net = plan->net;
    int64_t end = 0, part = 0;
    fuse(plan);
    for (int64_t i = 0; i < net->n; i++) {
        enum er_status status = net->bound[i].passes ? ER_OK : lay_out_node(plan, i, &end, err);
        if (status != ER_OK) return status;
    }
    if (assign_slots(plan) != ER_OK) return er_fail(err, ER_E_NOMEM, "plan: out of memory");
    const int64_t widest = plan->slot_floats;
    plan->slot_floats = 0;
    take(&plan->slot_floats, plan->rows * widest);
    plan->loss_at = take(&end, plan->rows * 2);
    plan->wrong_at = take(&end, (plan->rows + 3) / 4);
    plan->forward_floats = end;
    for (int64_t i = 0; i < net->n; i++) {
        struct er_planned_node *p = &plan->node[i];
        p->shared = take(&end, p->plan.n_shared);
        if (leads_on(net, i)) p->turned = take(&end, p->plan.n_turned);
    }
    plan->slot_at = take(&end, plan->slots * plan->slot_floats);
    plan->floats = end;
    for (int64_t i = 0; i < net->n; i++) {
        struct er_planned_node *p = &plan->node[i];
        if (!leads_on(net, i)) p->turned = take(&end, p->plan.n_turned);
        p->t_turned = take(&end, p->plan.n_turned);
        p->t_out = take(&end, net->bound[i].passes ? 0 : plan->rows * net->node[i].layer.n_out);
    }
    plan->t_slot_at = take(&end, plan->slots * plan->slot_floats);
    plan->all_floats = end;
    take(&part, plan->part_floats);
    plan->part_floats = part;
    return ER_OK;
}

enum er_status er_plan_new(const struct er_net *net, int64_t rows, struct er_plan **out, struct er_error *err)
{
    if (rows < 1 || rows > MOST_ROWS)
        return er_fail(err, ER_E_USAGE, "plan: %lld rows, outside of 1 to 2^24", (long long)rows);
    enum er_status status = ER_E_NOMEM;
    struct er_plan *plan = er_alloc(1, sizeof *plan);
    if (!plan) goto fail;
    er_gemm_hold();
    plan->net = net;
    plan->rows = rows;
    plan->node = er_alloc(net->n, sizeof *plan->node);
    if (!plan->node) goto fail;
    status = lay_out(plan, err);
    if (status != ER_OK) goto fail;
    *out = plan;
    return ER_OK;
fail:
    if (status == ER_E_NOMEM) er_fail(err, status, "plan: out of memory");
    er_plan_free(plan);
    return status;
}

void er_plan_free(struct er_plan *plan)
{
    if (!plan) return;
    er_gemm_release();
    er_free(plan->node);
    er_free(plan);
}

int64_t er_plan_products(const struct er_plan *plan)
{
    int64_t n = 0;
    for (int64_t i = 0; i < plan->net->n; i++)
        for (int g = 0; g < ER_LAYER_GEMMS; g++) n += plan->node[i].plan.gemm[g].kernel != NULL;
    return n;
}

int64_t er_plan_rows(const struct er_plan *plan)
{
    return plan->rows;
}

size_t er_plan_call_bytes(const struct er_plan *plan, int parts, enum er_plan_use use)
{
    const int64_t floats[] = {[ER_PLAN_FORWARD] = plan->forward_floats,
                              [ER_PLAN_BACKWARD] = plan->floats,
                              [ER_PLAN_TANGENTS] = plan->all_floats};
    return (size_t)(floats[use] + parts * plan->part_floats) * sizeof(float);
}

size_t er_plan_scratch_bytes(const struct er_plan *plan)
{
    return er_plan_call_bytes(plan, 1, ER_PLAN_BACKWARD);
}

size_t er_plan_tangent_scratch_bytes(const struct er_plan *plan)
{
    return er_plan_call_bytes(plan, 1, ER_PLAN_TANGENTS);
}
