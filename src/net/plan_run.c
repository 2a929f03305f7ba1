/* plan_run.c - a plan run once: forward up the nodes, backward down those that lead to parameters, with
 * tangents beside both when they are asked for.
 *
 * Every thread of the team walks the same nodes and does its share of each; they meet after each reading.
 * With one thread that is a straight list of indirect calls.
 */
#include "core/vector.h"
#include "math/finite.h"
#include "net/plan.h"
#include "net/rows.h"

#include <math.h>
#include <string.h>

/* One thread's view of the call. */
struct run {
    struct er_plan_call *call;
    const struct er_plan *plan;
    const struct er_net *net;
    float *floats, *own; /* scratch: of all, of this part */
    int part, parts;
};

static void meet(const struct run *r)
{
    if (r->parts > 1) er_team_sync(r->call->team);
}

/* The output of node i; of the input for ER_FROM_INPUT. */
static const float *output(const struct run *r, int64_t i)
{
    return i < 0 ? r->call->x : r->floats + r->plan->node[i].out;
}

/* Its tangent, or NULL where that is zero. */
static const float *tangent(const struct run *r, int64_t i)
{
    if (i < 0) return r->call->tx;
    const bool moves = r->net->bound[i].trainable || r->call->tx;
    return moves ? r->floats + r->plan->node[i].t_out : NULL;
}

static float *slot(const struct run *r, int64_t s)
{
    return r->floats + r->plan->slot_at + s * r->plan->slot_floats;
}

static float *t_slot(const struct run *r, int64_t s)
{
    return r->floats + r->plan->t_slot_at + s * r->plan->slot_floats;
}

/* A join's inputs and their tangents. */
struct branches {
    const float *value[ER_MODEL_MAX_BRANCHES], *tangent[ER_MODEL_MAX_BRANCHES];
};

static void set_branches(const struct run *r, int64_t i, bool tangents, struct branches *b,
                         struct er_pass *pass)
{
    const struct er_node *node = &r->net->node[i];
    if (!node->layer.ops->join) return;
    for (int64_t k = 0; k < node->n_from; k++) {
        b->value[k] = output(r, node->from[k]);
        b->tangent[k] = tangents ? tangent(r, node->from[k]) : NULL;
    }
    pass->branch = b->value;
    pass->t_branch = b->tangent;
}

/* What every reading of node i is given. */
static struct er_pass pass_of(const struct run *r, int64_t i)
{
    const struct er_planned_node *p = &r->plan->node[i];
    const struct er_bound *bound = &r->net->bound[i];
    const struct er_network *network = r->call->network;
    return (struct er_pass){
        .plan = &p->plan,
        .part = r->part,
        .parts = r->parts,
        .training = network->training,
        .seed = network->seed,
        .step = network->step,
        .first_row = r->call->first_row,
        .momentum = r->call->momentum,
        .w = network->w + bound->at,
        .statistics = network->statistics ? network->statistics + bound->statistics_at : NULL,
        .x = output(r, r->net->node[i].from[0]),
        .y = r->floats + p->out,
        .cache = r->floats + p->cache,
        .shared = r->floats + p->shared,
        .turned = r->floats + p->turned,
        .t_turned = r->floats + p->t_turned,
        .scratch = r->own,
    };
}

static void forward_node(const struct run *r, int64_t i)
{
    const struct er_planned_node *p = &r->plan->node[i];
    const struct er_node *node = &r->net->node[i];
    struct branches branches;
    struct er_pass pass = pass_of(r, i);
    set_branches(r, i, false, &branches, &pass);
    if (r->call->statistics_next)
        pass.statistics_next = r->call->statistics_next + r->net->bound[i].statistics_at;
    if (p->then >= 0) {
        pass.then = &r->net->node[p->then].layer;
        pass.then_y = r->floats + r->plan->node[p->then].out;
    }
    node->layer.ops->forward(&node->layer, &pass);
    meet(r);
}

static void tangent_node(const struct run *r, int64_t i)
{
    const struct er_node *node = &r->net->node[i];
    struct branches branches;
    if (!tangent(r, i)) return;
    struct er_pass pass = pass_of(r, i);
    set_branches(r, i, true, &branches, &pass);
    pass.tw = r->call->tw + r->net->bound[i].at;
    pass.tx = tangent(r, node->from[0]);
    pass.ty = r->floats + r->plan->node[i].t_out;
    node->layer.ops->tangent(&node->layer, &pass);
    meet(r);
}

/* Adds this part's share of what was gathered apart. */
static void add_share(const struct run *r, int64_t n, const float *from, float *to)
{
    int64_t first, last;
    er_share(n, 16, r->part, r->parts, &first, &last);
    er_rows_accumulate(last - first, from + first, to + first);
    meet(r);
}

/* Whether somebody wants the gradient with respect to input b of node i. */
static bool wants_input(const struct run *r, int64_t i, int64_t b)
{
    const int64_t from = r->net->node[i].from[b];
    return r->call->dx || (from >= 0 && r->net->bound[from].trainable);
}

/* The gradient with respect to input b of node i, and its tangent. */
static void backward_input(const struct run *r, int64_t i, int64_t b, struct er_pass *pass)
{
    const struct er_planned_node *p = &r->plan->node[i];
    const struct er_layer *layer = &r->net->node[i].layer;
    const bool tangents = pass->tdy;
    int64_t from = r->net->node[i].from[b];
    if (!wants_input(r, i, b)) return;
    pass->before = NULL;
    pass->input = (int)b;
    if (p->before >= 0 && !tangents && !r->call->d_node) {
        pass->before = &r->net->node[p->before].layer;
        pass->before_y = output(r, p->before);
        from = r->net->node[p->before].from[0];
        pass->before_x = output(r, from);
    }
    const bool adds = p->adds >> b & 1;
    const int64_t spare = r->plan->slots - 1, s = from < 0 ? ER_PLAN_NONE : r->plan->node[from].slot;
    float *dx = from < 0 ? r->call->dx : slot(r, s), *tdx = tangents && from >= 0 ? t_slot(r, s) : NULL;
    pass->dx = adds ? slot(r, spare) : dx;
    pass->tdx = tdx && adds ? t_slot(r, spare) : tdx; /* nobody takes that of the net's own input */
    if (tdx && layer->ops->pointwise) layer->ops->tangent_x(layer, pass); /* in place: dy goes next */
    layer->ops->backward_x(layer, pass);
    if (tdx && !layer->ops->pointwise) layer->ops->tangent_x(layer, pass);
    meet(r);
    if (!adds) return;
    const int64_t n = r->plan->rows * er_layer_input_size(layer, b);
    add_share(r, n, pass->dx, dx);
    if (tdx) add_share(r, n, pass->tdx, tdx);
}

static void backward_parameters(const struct run *r, int64_t i, struct er_pass *pass)
{
    const struct er_layer *layer = &r->net->node[i].layer;
    const int64_t at = r->net->bound[i].at;
    struct er_plan_call *call = r->call;
    if (layer->n_parameters == 0) return;
    if (call->examples) {
        pass->example = call->examples + at;
        pass->example_stride = r->net->n_parameters;
        layer->ops->examples(layer, pass);
    } else if (call->dw || call->sink) {
        pass->dw = call->dw ? call->dw + at : NULL;
        pass->sink = call->dw ? NULL : call->sink;
        pass->sink_at = at;
        layer->ops->backward_w(layer, pass);
    }
    if (pass->tdy) {
        pass->tdw = call->tdw + at;
        layer->ops->tangent_w(layer, pass);
    }
    meet(r);
}

/* The gradient with respect to node i's output, before the node uses its memory for that of its input. */
static void hand_out(const struct run *r, int64_t i)
{
    int64_t first, last;
    float *out = r->call->d_node ? r->call->d_node[i] : NULL;
    if (!out) return;
    er_share(r->plan->rows * r->net->node[i].layer.n_out, 16, r->part, r->parts, &first, &last);
    memcpy(out + first, slot(r, r->plan->node[i].slot) + first, (size_t)(last - first) * sizeof *out);
    meet(r);
}

static void backward_node(const struct run *r, int64_t i, bool tangents)
{
    const struct er_planned_node *p = &r->plan->node[i];
    const struct er_node *node = &r->net->node[i];
    if (!r->net->bound[i].trainable && !r->call->dx) return;
    struct branches branches;
    hand_out(r, i);
    struct er_pass pass = pass_of(r, i);
    set_branches(r, i, tangents, &branches, &pass);
    pass.dy = slot(r, p->slot);
    if (tangents) {
        pass.tdy = t_slot(r, p->slot);
        pass.tw = r->call->tw + r->net->bound[i].at;
        pass.tx = tangent(r, node->from[0]);
        pass.ty = r->floats + p->t_out;
    }
    pass.wants_dx = wants_input(r, i, 0);
    if (node->layer.ops->prepare) {
        node->layer.ops->prepare(&node->layer, &pass);
        meet(r);
    }
    for (int64_t b = 0; b < node->n_from; b++) backward_input(r, i, b, &pass);
    backward_parameters(r, i, &pass);
}

/* What the rows' losses change by along the outputs' tangents; and the gradients with respect to the outputs,
 * each taken so many times. */
static void slopes(int64_t n, int64_t n_out, const float *df, const float *tf, double *slope)
{
    for (int64_t b = 0; b < n; b++, df += n_out, tf += n_out) {
        double sum = 0;
        for (int64_t k = 0; k < n_out; k++) sum += (double)df[k] * (double)tf[k];
        slope[b] = sum;
    }
}

static void weigh(int64_t n, int64_t n_out, const double *weight, float *df)
{
    for (int64_t b = 0; b < n; b++, df += n_out)
        for (int64_t k = 0; k < n_out; k++) df[k] = (float)(weight[b] * (double)df[k]);
}

/* What backward starts from, for rows b .. b + n - 1, where df is not simply the gradient of the loss. */
static void start_backward(const struct run *r, int64_t b, int64_t n, float *df)
{
    const struct er_plan_call *call = r->call;
    const struct er_loss_ops *loss = r->net->loss;
    const int64_t O = r->net->n_out, out = r->net->output;
    if (call->df) memcpy(df, call->df + b * O, (size_t)(n * O) * sizeof *df);
    if (call->slope) slopes(n, O, df, tangent(r, out) + b * O, call->slope + b);
    if (call->row_weight) weigh(n, O, call->row_weight + b, df);
    if (!call->tdw && !call->gauss_newton) return;
    float *curved = call->gauss_newton ? df : t_slot(r, r->plan->node[out].slot) + b * O;
    if (loss->curvature)
        loss->curvature(n, O, output(r, out) + b * O, call->label + b, call->scale, tangent(r, out) + b * O,
                        curved);
    else
        memset(curved, 0, (size_t)(n * O) * sizeof *curved);
}

/* Losses of this part's rows, and the gradient with respect to the outputs that backward starts from. */
static void evaluate(const struct run *r)
{
    struct er_plan_call *call = r->call;
    const struct er_loss_ops *loss = r->net->loss;
    const int64_t O = r->net->n_out, out = r->net->output;
    int64_t b, end;
    er_share(r->plan->rows, 32, r->part, r->parts, &b, &end);
    const int64_t n = end - b, s = r->plan->node[out].slot;
    const float *f = output(r, out) + b * O;
    float *df = call->backward || call->slope ? slot(r, s) + b * O : NULL;
    double *losses = (double *)(r->floats + r->plan->loss_at) + b;
    unsigned char *wrong = (unsigned char *)(r->floats + r->plan->wrong_at) + b;
    const bool counted = call->loss_sum, wanted = counted || call->loss;
    if (call->label && !call->gauss_newton && (wanted || df))
        loss->evaluate(n, O, f, call->label + b, call->scale, df, wanted ? losses : NULL,
                       counted ? wrong : NULL);
    if (call->loss) memcpy(call->loss + b, losses, (size_t)n * sizeof *losses);
    if (df) start_backward(r, b, n, df);
    meet(r);
}

static void job(void *ctx, int part)
{
    struct er_plan_call *call = ctx;
    const struct er_plan *plan = call->plan;
    const int64_t end = call->tw || call->dx ? plan->all_floats
                        : call->backward     ? plan->floats
                                             : plan->forward_floats;
    float *floats = call->scratch;
    const struct run r = {
        .call = call,
        .plan = plan,
        .net = plan->net,
        .floats = floats,
        .own = floats + end + part * plan->part_floats,
        .part = part,
        .parts = er_team_parts(call->team),
    };
    const int64_t n = plan->net->n;
    for (int64_t i = 0; i < n; i++) {
        const bool wanted = !(call->given && call->given[i]) && !(call->only && !call->only[i]);
        if (wanted && !plan->net->bound[i].passes && !plan->node[i].done_forward) forward_node(&r, i);
    }
    for (int64_t i = 0; call->tw && i < n; i++)
        if (!plan->net->bound[i].passes) tangent_node(&r, i);
    evaluate(&r);
    if (!call->backward) return;
    const bool tangents_back = call->tdw, apart = tangents_back || call->d_node;
    for (int64_t i = n - 1; i >= 0; i--)
        if (!plan->net->bound[i].passes && !(plan->node[i].done_backward && !apart))
            backward_node(&r, i, tangents_back);
}

/* Sums in the order of the rows, whoever made them. */
static void total(struct er_plan_call *call)
{
    const float *floats = call->scratch;
    const double *losses = (const double *)(floats + call->plan->loss_at);
    const unsigned char *wrong = (const unsigned char *)(floats + call->plan->wrong_at);
    double sum = 0;
    int64_t errors = 0;
    for (int64_t b = 0; b < call->plan->rows; b++) {
        sum += losses[b];
        errors += wrong[b];
    }
    *call->loss_sum = sum;
    *call->errors = errors;
}

void er_plan_run(struct er_plan_call *call)
{
    const struct er_plan *plan = call->plan;
    const struct er_net *net = plan->net;
    const int64_t n = plan->rows * net->n_out;
    float *floats = call->scratch;
    er_team_run(call->team, job, call);
    const float *f = floats + plan->node[net->output].out;
    if (call->loss_sum) total(call);
    if (call->finite) *call->finite = er_first_not_finite(n, f) < 0;
    if (call->outputs) memcpy(call->outputs, f, (size_t)n * sizeof *f);
    if (call->tf) memcpy(call->tf, floats + plan->node[net->output].t_out, (size_t)n * sizeof *f);
}
