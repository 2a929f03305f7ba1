/* plan.c - a net compiled for one batch size: kernels fetched, every buffer at its offset in one block of
 * scratch.
 *
 * Scratch, in floats, each part rounded up to a cache line:
 *
 *     out[0] .. out[n-1]   outputs of the layers (B x n_out); a layer without forward shares its input's
 *     cache[0] ..          what forward leaves for backward
 *     d[0], d[1]           gradients with respect to activations: read one, write the other, change places
 *     shared               scratch of the layer at work
 *
 * Forward walks the layers up, backward down to the first layer with parameters. No branch on a layer's kind,
 * one indirect call a layer.
 */
#include "net/net.h"

#include <ermine/memory.h>

enum { LINE = ER_ALIGN / sizeof(float), INPUT = -1 };

struct er_plan {
    const struct er_net *net;
    int64_t rows;
    struct er_layer_plan *layer;
    int64_t *out, *cache; /* offsets; INPUT: the batch itself */
    int64_t d[2], shared, floats;
};

static int64_t take(struct er_plan *plan, int64_t floats)
{
    const int64_t at = plan->floats;
    plan->floats += (floats + LINE - 1) / LINE * LINE;
    return at;
}

static enum er_status lay_out(struct er_plan *plan, struct er_error *err)
{
    const struct er_net *net = plan->net;
    int64_t widest = 0, shared = 0;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->layer[i];
        plan->layer[i].rows = plan->rows;
        if (layer->ops->plan) {
            enum er_status status = layer->ops->plan(layer, &plan->layer[i], err);
            if (status != ER_OK) return status;
        }
        if (layer->ops->forward)
            plan->out[i] = take(plan, plan->rows * layer->n_out);
        else
            plan->out[i] = i ? plan->out[i - 1] : INPUT;
        plan->cache[i] = take(plan, plan->rows * layer->n_cache);
        if (layer->n_out > widest) widest = layer->n_out;
        if (plan->layer[i].n_scratch > shared) shared = plan->layer[i].n_scratch;
    }
    plan->d[0] = take(plan, plan->rows * widest);
    plan->d[1] = take(plan, plan->rows * widest);
    plan->shared = take(plan, shared);
    return ER_OK;
}

enum er_status er_plan_new(const struct er_net *net, int64_t rows, struct er_plan **out, struct er_error *err)
{
    if (rows < 1 || rows > ((int64_t)1 << 24))
        return er_fail(err, ER_E_USAGE, "plan: %lld rows, outside of 1 to 2^24", (long long)rows);
    enum er_status status = ER_E_NOMEM;
    struct er_plan *plan = er_alloc(1, sizeof *plan);
    if (!plan) goto fail;
    plan->net = net;
    plan->rows = rows;
    plan->layer = er_alloc(net->n, sizeof *plan->layer);
    plan->out = er_alloc(net->n, sizeof *plan->out);
    plan->cache = er_alloc(net->n, sizeof *plan->cache);
    if (!plan->layer || !plan->out || !plan->cache) goto fail;
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
    er_free(plan->layer);
    er_free(plan->out);
    er_free(plan->cache);
    er_free(plan);
}

int64_t er_plan_rows(const struct er_plan *plan)
{
    return plan->rows;
}

size_t er_plan_scratch_bytes(const struct er_plan *plan)
{
    return (size_t)plan->floats * sizeof(float);
}

/* Where layer i's output lies; layer -1's is the batch. */
static const float *output(const struct er_plan *plan, int64_t i, const float *x, const float *scratch)
{
    return i < 0 || plan->out[i] == INPUT ? x : scratch + plan->out[i];
}

static const float *forward(const struct er_plan *plan, const float *w, const float *x, float *scratch)
{
    const struct er_net *net = plan->net;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->layer[i];
        if (!layer->ops->forward) continue;
        const struct er_pass pass = {
            .plan = &plan->layer[i],
            .w = w + net->offset[i],
            .x = output(plan, i - 1, x, scratch),
            .y = scratch + plan->out[i],
            .cache = scratch + plan->cache[i],
            .scratch = scratch + plan->shared,
        };
        layer->ops->forward(layer, &pass);
    }
    return output(plan, net->n - 1, x, scratch);
}

void er_plan_outputs(const struct er_plan *plan, const float *w, const float *x, float *f, void *scratch)
{
    const float *out = forward(plan, w, x, scratch);
    for (int64_t i = 0; i < plan->rows * plan->net->n_out; i++) f[i] = out[i];
}

void er_plan_loss(const struct er_plan *plan, const float *w, const float *x, const int32_t *label,
                  double *loss_sum, int64_t *errors, void *scratch)
{
    const float *f = forward(plan, w, x, scratch);
    plan->net->loss->evaluate(plan->rows, plan->net->n_out, f, label, 1, NULL, loss_sum, errors);
}

void er_plan_gradient(const struct er_plan *plan, const float *w, const float *x, const int32_t *label,
                      float scale, float *dw, double *loss_sum, int64_t *errors, void *scratch)
{
    const struct er_net *net = plan->net;
    float *floats = scratch;
    const float *f = forward(plan, w, x, floats);
    float *dy = floats + plan->d[0], *dx = floats + plan->d[1];
    net->loss->evaluate(plan->rows, net->n_out, f, label, scale, dy, loss_sum, errors);
    for (int64_t i = net->n - 1; i >= net->first; i--) {
        const struct er_layer *layer = &net->layer[i];
        if (!layer->ops->backward) continue;
        const struct er_pass pass = {
            .plan = &plan->layer[i],
            .w = w + net->offset[i],
            .x = output(plan, i - 1, x, floats),
            .y = floats + plan->out[i],
            .dy = dy,
            .dx = i > net->first ? dx : NULL,
            .dw = dw + net->offset[i],
            .cache = floats + plan->cache[i],
            .scratch = floats + plan->shared,
        };
        layer->ops->backward(layer, &pass);
        float *swap = dy;
        dy = dx;
        dx = swap;
    }
}
