/* plan_calls.c - the public calls of a plan, each a choice of what er_plan_run() is asked for. */
#include "net/plan.h"

void er_plan_outputs(const struct er_plan *plan, const struct er_network *network, const float *x, float *f,
                     void *scratch)
{
    er_plan_run(
        &(struct er_plan_call){.plan = plan, .network = network, .x = x, .scratch = scratch, .outputs = f});
}

void er_plan_loss(const struct er_plan *plan, const struct er_network *network, const float *x,
                  const int32_t *label, double *loss_sum, int64_t *errors, void *scratch)
{
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .label = label,
                                       .scratch = scratch,
                                       .loss_sum = loss_sum,
                                       .errors = errors});
}

void er_plan_gradient(const struct er_plan *plan, const struct er_network *network, const float *x,
                      const int32_t *label, float scale, float *dw, double *loss_sum, int64_t *errors,
                      void *scratch)
{
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .label = label,
                                       .scale = scale,
                                       .scratch = scratch,
                                       .loss_sum = loss_sum,
                                       .errors = errors,
                                       .backward = true,
                                       .dw = dw});
}

static enum er_status lacks(const struct er_layer *layer, const char *reading, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s, has no %s", (long long)layer->index + 1,
                   layer->ops->name, reading);
}

enum er_status er_net_check_tangents(const struct er_net *net, bool backward, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        const struct er_layer_ops *ops = layer->ops;
        if (net->bound[i].passes) continue;
        if (!ops->tangent) return lacks(layer, "tangent of its forward pass", err);
        if (backward && (!ops->tangent_x || (layer->n_parameters && !ops->tangent_w)))
            return lacks(layer, "tangent of its backward pass", err);
    }
    return ER_OK;
}

enum er_status er_plan_jvp(const struct er_plan *plan, const struct er_network *network, const float *x,
                           const float *tw, const float *tx, float *f, float *tf, void *scratch,
                           struct er_error *err)
{
    enum er_status status = er_net_check_tangents(plan->net, false, err);
    if (status != ER_OK) return status;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .scratch = scratch,
                                       .outputs = f,
                                       .tw = tw,
                                       .tx = tx,
                                       .tf = tf});
    return ER_OK;
}

enum er_status er_plan_vjp(const struct er_plan *plan, const struct er_network *network, const float *x,
                           const float *df, float *dw, float *dx, void *scratch, struct er_error *err)
{
    (void)err;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .scratch = scratch,
                                       .df = df,
                                       .backward = true,
                                       .dw = dw,
                                       .dx = dx});
    return ER_OK;
}

enum er_status er_plan_hvp(const struct er_plan *plan, const struct er_network *network, const float *x,
                           const int32_t *label, float scale, const float *v, float *dw, float *hv,
                           void *scratch, struct er_error *err)
{
    enum er_status status = er_net_check_tangents(plan->net, true, err);
    if (status != ER_OK) return status;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .label = label,
                                       .scale = scale,
                                       .scratch = scratch,
                                       .backward = true,
                                       .dw = dw,
                                       .tw = v,
                                       .tdw = hv});
    return ER_OK;
}

enum er_status er_plan_gnvp(const struct er_plan *plan, const struct er_network *network, const float *x,
                            const int32_t *label, float scale, const float *v, float *gv, void *scratch,
                            struct er_error *err)
{
    enum er_status status = er_net_check_tangents(plan->net, false, err);
    if (status != ER_OK) return status;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .label = label,
                                       .scale = scale,
                                       .scratch = scratch,
                                       .backward = true,
                                       .dw = gv,
                                       .tw = v,
                                       .gauss_newton = true});
    return ER_OK;
}

enum er_status er_net_check_examples(const struct er_net *net, bool training, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        if (layer->n_parameters && !layer->ops->examples) return lacks(layer, "per-example gradient", err);
        if (training && layer->ops->mixes_rows)
            return lacks(layer, "gradient of a single example in training, where examples share its moments",
                         err);
    }
    return ER_OK;
}

enum er_status er_plan_examples(const struct er_plan *plan, const struct er_network *network, const float *x,
                                const int32_t *label, float *g, double *loss, void *scratch,
                                struct er_error *err)
{
    enum er_status status = er_net_check_examples(plan->net, network->training, err);
    if (status != ER_OK) return status;
    er_plan_run(&(struct er_plan_call){.plan = plan,
                                       .network = network,
                                       .x = x,
                                       .label = label,
                                       .scale = 1,
                                       .scratch = scratch,
                                       .loss = loss,
                                       .backward = true,
                                       .examples = g});
    return ER_OK;
}
