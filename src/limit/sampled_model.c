/* sampled_model.c - see sampled_model.h. The fan-in that turns standard deviations into a layer's `scale` is known once the
 * model is bound; so it is bound twice.
 */
#include "limit/sampled_model.h"

#include "limit/program.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static enum er_status fail_at(const struct er_layer *layer, const char *why, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "Monte Carlo: layer %lld, %s", (long long)layer->index + 1, why);
}

static enum er_status check(const struct er_net *net, bool ntk, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        struct er_kernel_map map = {0};
        if (net->bound[i].passes || !layer->ops->kernel) continue;
        if (layer->ops->kernel(layer, &map, NULL) != ER_OK) continue;
        if (ntk && map.form == ER_KERNEL_POINTWISE && !map.dual->slope) {
            char why[128];
            snprintf(why, sizeof why, "%s, has no tangent kernel; its NNGP kernel is there: get nngp",
                     layer->ops->name);
            return fail_at(layer, why, err);
        }
    }
    return ER_OK;
}

/* Of every layer with weights of `net` those of the options, in the arguments of the same layers of `node`. */
static enum er_status set_weights(const struct er_net *net, const struct er_limit_options *options,
                                  struct er_node *node, struct er_error *err)
{
    const bool as_said = isnan(options->weight_std) && isnan(options->bias_std) &&
                         options->parameterisation == ER_PARAMETERISATION_MODEL;
    for (int64_t i = 0; i < net->n && !as_said; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        struct er_kernel_map map = {0};
        struct er_error why = {0};
        if (!layer->ops->kernel || layer->n_parameters == 0) continue;
        if (layer->ops->kernel(layer, &map, &why) != ER_OK) return fail_at(layer, why.msg, err);
        if (map.form != ER_KERNEL_AFFINE) continue;
        er_limit_override(options, &map);
        er_weights_set(&node[i].layer, map.tangent, sqrt(map.w), sqrt(map.b));
    }
    return ER_OK;
}

enum er_status er_sampled_model_open(const struct er_model *model, struct er_shape input,
                                     const struct er_limit_options *options, struct er_sampled_model *out,
                                     struct er_error *err)
{
    struct er_net *as_written = NULL;
    struct er_model changed = *model;
    *out = (struct er_sampled_model){0};
    enum er_status status = er_limit_check_options(options, err);
    if (status != ER_OK) return status;
    changed.node = er_alloc(model->n, sizeof *changed.node);
    if (!changed.node) return er_fail(err, ER_E_NOMEM, "Monte Carlo: out of memory");
    memcpy(changed.node, model->node, (size_t)model->n * sizeof *changed.node);
    status = er_net_bind(model, input, 1, &as_written, err);
    if (status == ER_OK) status = check(as_written, options->ntk, err);
    if (status == ER_OK) status = set_weights(as_written, options, changed.node, err);
    if (status == ER_OK) status = er_net_bind(&changed, input, 1, &out->net, err);
    if (status == ER_OK) status = er_finite_new(out->net, &out->finite, err);
    er_net_free(as_written);
    er_free(changed.node);
    if (status != ER_OK) er_sampled_model_clear(out);
    return status;
}

void er_sampled_model_clear(struct er_sampled_model *model)
{
    er_finite_free(model->finite);
    er_net_free(model->net);
    *model = (struct er_sampled_model){0};
}
