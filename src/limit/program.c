/* program.c - a net's layers as a program of kernel maps. */
#include "limit/program.h"

#include "limit/gaussian.h"
#include "limit/slice_plan.h"

#include <ermine/memory.h>
#include <math.h>

struct er_limit_options er_limit_defaults(void)
{
    return (struct er_limit_options){.weight_std = (double)NAN, .bias_std = (double)NAN, .ntk = true};
}

enum er_status er_limit_check_options(const struct er_limit_options *o, struct er_error *err)
{
    if (!isnan(o->weight_std) && !(o->weight_std > 0 && o->weight_std <= 1e6))
        return er_fail(err, ER_E_USAGE, "infinite width: weight_std %g: it must be above 0 and at most 1e6",
                       o->weight_std);
    if (!isnan(o->bias_std) && !(o->bias_std >= 0 && o->bias_std <= 1e6))
        return er_fail(err, ER_E_USAGE, "infinite width: bias_std %g: it must be from 0 to 1e6", o->bias_std);
    if (o->fixed < 0)
        return er_fail(err, ER_E_USAGE, "infinite width: %lld fixed layers: it must be 0 or more",
                       (long long)o->fixed);
    return ER_OK;
}

static enum er_status fail_at(const struct er_layer *layer, const char *why, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "infinite width: layer %lld, %s", (long long)layer->index + 1, why);
}

static enum er_status read_map(const struct er_layer *layer, struct er_kernel_map *map, struct er_error *err)
{
    struct er_error why = {0};
    if (!layer->ops->kernel)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "infinite width: layer %lld, %s, has no exact kernel; `ermine kernel --sampled 100` "
                       "estimates one from "
                       "100 networks of finite width",
                       (long long)layer->index + 1, layer->ops->name);
    const enum er_status status = layer->ops->kernel(layer, map, &why);
    return status == ER_OK ? ER_OK : fail_at(layer, why.msg, err);
}

void er_limit_override(const struct er_limit_options *o, struct er_kernel_map *map)
{
    if (map->form != ER_KERNEL_AFFINE) return;
    if (!isnan(o->weight_std)) map->w = o->weight_std * o->weight_std;
    if (!isnan(o->bias_std)) map->b = map->has_bias ? o->bias_std * o->bias_std : 0;
    if (o->parameterisation != ER_PARAMETERISATION_MODEL)
        map->tangent = o->parameterisation == ER_PARAMETERISATION_NTK;
    map->tangent_w = map->tangent ? map->w : (double)map->fan_in;
    map->tangent_b = map->tangent ? map->b : map->has_bias;
}

/* Whether a layer that looks at pixels finds the image flattened: its own input is then one pixel of many channels. */
static bool flattened(const struct er_limit *limit, const struct er_limit_node *node)
{
    const struct er_shape in = node->layer->in;
    return in.height != er_limit_height(limit, node->from[0]) ||
           in.width != er_limit_width(limit, node->from[0]);
}

static bool one_tap(const struct er_window *w)
{
    return w->in == 1 && w->size == 1;
}

static enum er_status place(const struct er_limit *limit, struct er_limit_node *node, struct er_error *err)
{
    struct er_kernel_map *map = &node->map;
    node->height = er_limit_height(limit, node->from[0]);
    node->width = er_limit_width(limit, node->from[0]);
    for (int64_t b = 1; b < node->n_from; b++)
        if (er_limit_height(limit, node->from[b]) != node->height ||
            er_limit_width(limit, node->from[b]) != node->width)
            return fail_at(node->layer, "its branches are flattened images of different sizes", err);
    if (map->form == ER_KERNEL_AFFINE && !map->all_pixels && one_tap(&map->rows) && one_tap(&map->columns))
        map->all_pixels = true;
    if (map->form == ER_KERNEL_AFFINE && map->all_pixels) {
        node->height = node->width = 1;
    } else if (map->form == ER_KERNEL_AFFINE || map->form == ER_KERNEL_AVERAGE) {
        if (flattened(limit, node))
            return fail_at(node->layer, "its input is a flattened image, whose pixels it does not see", err);
        node->height = map->rows.out;
        node->width = map->columns.out;
    } else if (map->form == ER_KERNEL_NORMALISE && flattened(limit, node))
        map->over_all = true;
    return ER_OK;
}

/* The program's nodes are the net's, without those that pass their input on. */
static enum er_status fill(struct er_limit *limit, struct er_error *err)
{
    const struct er_net *net = limit->net;
    int64_t *index = er_alloc(net->n, sizeof *index), at = 0;
    enum er_status status = ER_OK;
    if (!index) return er_fail(err, ER_E_NOMEM, "infinite width: out of memory");
    for (int64_t i = 0; i < net->n && status == ER_OK; i++) {
        const struct er_node *from = &net->node[i];
        struct er_limit_node *node = &limit->node[limit->n];
        if (net->bound[i].passes) continue;
        index[i] = limit->n;
        *node = (struct er_limit_node){.layer = &from->layer,
                                       .from = limit->from + at,
                                       .n_from = from->n_from,
                                       .variances_at = -1,
                                       .tables_at = -1};
        for (int64_t b = 0; b < from->n_from; b++)
            limit->from[at++] = from->from[b] < 0 ? ER_FROM_INPUT : index[from->from[b]];
        status = read_map(&from->layer, &node->map, err);
        if (status != ER_OK) break;
        er_limit_override(&limit->options, &node->map);
        status = place(limit, node, err);
        limit->n++;
    }
    er_free(index);
    return status;
}

/* Parameters that are not trained add nothing. */
static enum er_status fix(struct er_limit *limit, struct er_error *err)
{
    int64_t last = -1, weighted = 0;
    for (int64_t i = 0; i < limit->n; i++) {
        struct er_kernel_map *map = &limit->node[i].map;
        if (map->form != ER_KERNEL_AFFINE) continue;
        last = i;
        if (weighted++ < limit->options.fixed) map->tangent_w = map->tangent_b = 0;
    }
    if (limit->options.ntk && limit->options.fixed + limit->options.fixed_last >= weighted)
        return er_fail(err, ER_E_USAGE,
                       "infinite width: all %lld layers with weights are fixed: nothing is left to train",
                       (long long)weighted);
    if (limit->options.fixed_last) limit->node[last].map.tangent_w = limit->node[last].map.tangent_b = 0;
    return ER_OK;
}

static enum er_status check_output(const struct er_limit *limit, struct er_error *err)
{
    const struct er_limit_node *last = &limit->node[limit->n - 1];
    if (last->height == 1 && last->width == 1) return ER_OK;
    return er_fail(
        err, ER_E_SHAPE,
        "infinite width: the model's output is an image of %lld x %lld; end it with dense or global_avg_pool",
        (long long)last->height, (long long)last->width);
}

static enum er_status check_slopes(const struct er_limit *limit, struct er_error *err)
{
    for (int64_t i = 0; i < limit->n && limit->options.ntk; i++) {
        const struct er_limit_node *node = &limit->node[i];
        if (node->map.form == ER_KERNEL_NORMALISE && node->map.trained)
            return fail_at(node->layer,
                           "layer_norm: what its trained gamma adds to the tangent kernel is not known; "
                           "write affine=false",
                           err);
        if (node->map.form == ER_KERNEL_POINTWISE && !node->map.dual->slope)
            return er_fail(err, ER_E_UNSUPPORTED,
                           "infinite width: layer %lld, %s, has no tangent kernel (its slope has an infinite "
                           "second moment); "
                           "its NNGP kernel is there: get nngp",
                           (long long)node->layer->index + 1, node->layer->ops->name);
    }
    return ER_OK;
}

/* From the output back: who needs which displacements of its input. */
static void count_displacements(struct er_limit *limit)
{
    limit->node[limit->n - 1].displacements = 1;
    for (int64_t i = limit->n - 1; i >= 0; i--) {
        const struct er_limit_node *node = &limit->node[i];
        double wanted = node->map.form == ER_KERNEL_AFFINE && node->map.all_pixels ? 1 : node->displacements;
        if (node->map.form == ER_KERNEL_AVERAGE)
            wanted *= (double)(2 * node->map.rows.size - 1) * (double)(2 * node->map.columns.size - 1);
        for (int64_t b = 0; b < node->n_from; b++) {
            if (node->from[b] < 0) continue;
            struct er_limit_node *from = &limit->node[node->from[b]];
            from->displacements =
                fmax(from->displacements, fmin(wanted, (double)(from->height * from->width)));
        }
    }
}

static bool is_vectors(const struct er_limit *limit)
{
    for (int64_t i = 0; i < limit->n; i++) {
        const struct er_limit_node *node = &limit->node[i];
        const bool affine = node->map.form == ER_KERNEL_AFFINE;
        if (node->height != 1 || node->width != 1 || node->map.form == ER_KERNEL_AVERAGE) return false;
        if (affine && !node->map.all_pixels) return false;
        for (int64_t b = 0; b < node->n_from && !affine; b++)
            if (er_limit_pixels(limit, node->from[b]) != 1) return false;
    }
    return true;
}

static enum er_status build(struct er_limit *limit, struct er_error *err)
{
    const int64_t n = limit->net->n;
    int64_t inputs = 0;
    for (int64_t i = 0; i < n; i++) inputs += limit->net->node[i].n_from;
    limit->node = er_alloc(n, sizeof *limit->node);
    limit->from = er_alloc(inputs, sizeof *limit->from);
    if (!limit->node || !limit->from) return er_fail(err, ER_E_NOMEM, "infinite width: out of memory");
    enum er_status status = fill(limit, err);
    if (status == ER_OK) status = er_limit_check_gaussian(limit, err);
    if (status == ER_OK) status = check_slopes(limit, err);
    if (status == ER_OK) status = check_output(limit, err);
    if (status == ER_OK) status = fix(limit, err);
    if (status != ER_OK) return status;
    count_displacements(limit);
    status = er_limit_lay_out(limit, err);
    if (status != ER_OK) return status;
    limit->vectors = is_vectors(limit);
    return limit->vectors ? ER_OK : er_slices_new(limit, ER_SLICE_STORED, &limit->slices, err);
}

enum er_status er_limit_new(const struct er_model *model, struct er_shape input,
                            const struct er_limit_options *options, struct er_limit **out,
                            struct er_error *err)
{
    enum er_status status = er_limit_check_options(options, err);
    if (status != ER_OK) return status;
    struct er_limit *limit = er_alloc(1, sizeof *limit);
    if (!limit) return er_fail(err, ER_E_NOMEM, "infinite width: out of memory");
    limit->options = *options;
    limit->input = input;
    status = er_net_bind(model, input, 1, &limit->net, err);
    if (status == ER_OK) status = build(limit, err);
    if (status != ER_OK) {
        er_limit_free(limit);
        return status;
    }
    *out = limit;
    return ER_OK;
}

void er_limit_free(struct er_limit *limit)
{
    if (!limit) return;
    er_slices_free(limit->slices);
    er_net_free(limit->net);
    er_free(limit->node);
    er_free(limit->from);
    er_free(limit);
}

int64_t er_limit_inputs(const struct er_limit *limit)
{
    return limit->net->n_in;
}

/* Of each node and kernel: a filter's sums, row by row and column by column; an activation; a sum or multiple. */
double er_limit_flops(const struct er_limit *limit)
{
    const double kernels = limit->options.ntk ? 2 : 1;
    double flops = 2 * (double)limit->net->n_in;
    for (int64_t i = 0; i < limit->n; i++) {
        const struct er_limit_node *node = &limit->node[i];
        const double entries = node->displacements * (double)(node->height * node->width);
        switch (node->map.form) {
        case ER_KERNEL_POINTWISE:
            flops += entries * 30;
            break;
        case ER_KERNEL_AFFINE:
            flops += node->map.all_pixels
                         ? kernels * (double)er_limit_pixels(limit, node->from[0])
                         : kernels * entries * (double)(node->map.rows.size + node->map.columns.size + 2);
            break;
        case ER_KERNEL_AVERAGE:
            flops += kernels * (double)er_limit_pixels(limit, node->from[0]) *
                     fmin((double)er_limit_pixels(limit, node->from[0]),
                          entries * (double)(4 * node->map.rows.size * node->map.columns.size));
            break;
        case ER_KERNEL_SCALE:
        case ER_KERNEL_SUM:
        case ER_KERNEL_PRODUCT:
        case ER_KERNEL_CONCAT:
        case ER_KERNEL_NORMALISE:
        case ER_KERNEL_DROPOUT:
            flops += kernels * entries * (double)node->n_from;
            break;
        }
    }
    return flops;
}
