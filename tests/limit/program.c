/* What has a kernel of infinite width, and what is refused, by name and reason; options; what a program needs. */
#include "t.h"

#include "limit/slice_plan.h"

#include <ermine/limit.h>

static const struct er_shape vector = {1, 1, 3}, image = {6, 5, 2};

static enum er_status make(const char *text, struct er_shape shape, const struct er_limit_options *options,
                           struct er_limit **out, struct er_error *err)
{
    struct er_model *model = NULL;
    *out = NULL;
    enum er_status status = er_model_parse(text, &model, err);
    if (status == ER_OK) status = er_limit_new(model, shape, options, out, err);
    er_model_free(model);
    return status;
}

static void taken(const char *text, struct er_shape shape)
{
    struct er_error err = {0};
    struct er_limit *limit;
    const struct er_limit_options options = er_limit_defaults();
    T_STATUS(make(text, shape, &options, &limit, &err), ER_OK, "%s", text);
    er_limit_free(limit);
}

static void refused(const char *text, struct er_shape shape, const char *part)
{
    struct er_error err = {0};
    struct er_limit *limit;
    const struct er_limit_options options = er_limit_defaults();
    T_STATUS(make(text, shape, &options, &limit, &err), ER_E_UNSUPPORTED, "%s is refused", text);
    T_OK(strstr(err.msg, part) != NULL, "%s: '%s' says '%s'", text, err.msg, part);
    er_limit_free(limit);
}

static void trap_16_activations_and_norms_take_gaussians(void)
{
    refused("[relu, dense]", vector, "layer 1, relu: its input is the data");
    refused("[dense 8, relu, tanh, dense]", vector,
            "layer 3, tanh: its input, from layer 2, relu, is not Gaussian");
    refused("[conv 8, relu, avg_pool 2, relu, dense]", image,
            "layer 4, relu: its input, from layer 3, avg_pool");
    refused("[dense 8, relu, layer_norm, dense]", vector,
            "layer 3, layer_norm: its input, from layer 2, relu");
    refused("[dense 8, dropout 0.5, relu, dense]", vector, "layer 3, relu");
    refused("[concat: [dense 8, dense 8], relu, dense]", vector, "relu: its input, from layer 1, concat");
    refused("[dense 8, relu, add: [[dense 8, relu], identity], relu, dense]", vector, "add");
    taken("[dense 8, scale 2, layer_norm affine=false, relu, dense]", vector);
    refused("[dense 8, layer_norm, relu, dense]", vector, "its trained gamma");
    taken("[conv 8, avg_pool 2, relu, conv 8, relu, flatten, dense]", image);
    taken("[conv 8, flatten, relu, dense]", image);
}

static void trap_15_branches_of_a_sum_are_uncorrelated(void)
{
    refused("[dense 8, add: [identity, identity], relu, dense]", vector,
            "two of its branches are correlated");
    refused("[dense 8, add: [identity, scale 2], dense]", vector, "two of its branches are correlated");
    refused("[dense 8, add: [identity, relu], dense]", vector, "two of its branches are correlated");
    refused("[dense 8, add: [[dense 8, relu], [dense 8, relu]], dense]", vector,
            "two of its branches are correlated");
    taken("[dense 8, add: [identity, [relu, dense 8]], add: [identity, [relu, dense 8]], relu, dense]",
          vector);
    taken("[dense 8, add: [dense 8, dense 8], relu, dense]", vector);
    taken("[dense 8, relu, add: [identity, [dense 8, scale 2]], dense]", vector);
}

static void factors_of_a_product_are_independent(void)
{
    refused("[dense 8, multiply: [identity, identity], dense]", vector,
            "two of its branches are not independent");
    refused("[dense 8, multiply: [dense 8, [dense 8, erf]], relu, dense]", vector,
            "relu: its input, from layer 2, multiply");
    taken("[dense 8, multiply: [dense 8, [dense 8, erf]], dense]", vector);
}

static void trap_06_dropout_needs_weights_before_it(void)
{
    refused("[dropout 0.5, dense 8, relu, dense]", vector, "dropout: it drops values of the data");
    taken("[dense 8, relu, dropout 0.2, dense]", vector);
}

static void factors_of_a_product(void)
{
    refused("[dense 8, multiply: [identity, relu], dense]", vector,
            "two of its branches are not independent");
    refused("[multiply: [concat: [[dense 8, relu], [dense 8, erf]], concat: [[dense 8, relu], [dense 8, "
            "erf]]], dense]",
            vector, "channels that differ in law");
    refused("[multiply: [identity, concat: [dense 1, dense 2]], dense]", vector,
            "channels that differ in law");
    taken("[multiply: [[dense 8, relu], concat: [[dense 4, relu], [dense 4, erf]]], dense]", vector);
    taken("[multiply: [identity, [dense 3, relu]], dense]", vector);
}

static void layers_without_a_limit(void)
{
    refused("[conv 8, relu, max_pool 2, dense]", image, "layer 3, max_pool, has no exact kernel");
    refused("[dense 8, batch_norm, relu, dense]", vector, "layer 2, batch_norm, has no exact kernel");
    refused("[dense 8, gain, relu, dense]", vector, "gain");
    refused("[conv 8 init=uniform, relu, dense]", image, "layer 1, conv: init=uniform");
    refused("[conv 2 groups=2, relu, dense]", image, "groups of one channel");
    refused("[conv 4 groups=2, relu, flatten, dense]", (struct er_shape){6, 5, 4},
            "its groups see channels that differ");
    refused("[concat: [conv 4, conv 4], conv 4 groups=2, relu, flatten, dense]", image,
            "its groups see channels that differ");
    taken("[conv 4, relu, conv 4 groups=2, relu, flatten, dense]", image);
    refused("[conv 8, relu, flatten, avg_pool 1, dense]", image, "its input is a flattened image");
}

static void options(void)
{
    struct er_error err = {0};
    struct er_limit *limit;
    struct er_limit_options o = er_limit_defaults();
    o.weight_std = 0;
    T_STATUS(make("[dense]", vector, &o, &limit, &err), ER_E_USAGE, "no weights");
    o.weight_std = 1.5, o.bias_std = -1;
    T_STATUS(make("[dense]", vector, &o, &limit, &err), ER_E_USAGE, "a negative standard deviation");
    o.bias_std = 0.1, o.parameterisation = ER_PARAMETERISATION_STANDARD;
    T_STATUS(make("[dense 64, relu, dense 1 bias=false]", vector, &o, &limit, &err), ER_OK,
             "the standard form");
    if (!limit) return;
    const struct er_kernel_map *first = &limit->node[0].map, *last = &limit->node[2].map;
    T_EQ_INT(limit->n, 3, "nodes");
    T_OK(first->w == 1.5 * 1.5 && first->b == 0.1 * 0.1, "variances are those of the options");
    T_OK(first->tangent_w == 3 && first->tangent_b == 1, "fan-in and one");
    T_OK(last->b == 0 && last->tangent_w == 64 && last->tangent_b == 0,
         "where there is no bias there is none");
    er_limit_free(limit);
    o = er_limit_defaults();
    o.fixed = 1, o.fixed_last = true;
    T_STATUS(make("[dense 64, relu, dense 1]", vector, &o, &limit, &err), ER_E_USAGE,
             "nothing is left to train");
    T_STATUS(make("[dense 64 init=ntk scale=1.5 bias_scale=0.1, relu, dense 8 init=ntk, relu, dense 1]",
                  vector, &o, &limit, &err),
             ER_OK, "fixed layers");
    if (!limit) return;
    T_OK(limit->node[0].map.tangent_w == 0 && limit->node[0].map.w == 2.25,
         "the first layer's parameters stay");
    T_OK(limit->node[2].map.tangent_w == 1 && limit->node[4].map.tangent_w == 0,
         "the second's do not, the last's do");
    er_limit_free(limit);
}

static void places(void)
{
    struct er_error err = {0};
    struct er_limit *limit;
    const struct er_limit_options o = er_limit_defaults();
    T_STATUS(make("[conv 8 3x3 stride=2, relu, flatten, identity, relu, dense]", image, &o, &limit, &err),
             ER_E_UNSUPPORTED, "two activations with nothing but a name between");
    T_STATUS(make("[conv 8 3x3 stride=2, flatten, relu, dense 4, relu, dense]", image, &o, &limit, &err),
             ER_OK, "a net");
    if (!limit) return;
    T_EQ_INT(limit->n, 5, "flatten is no node");
    T_EQ_INT(limit->node[1].height * limit->node[1].width, 9,
             "behind flatten the pixels are the image's, 3 x 3");
    T_EQ_INT(limit->node[1].variances_at, 0, "variances of the first activation");
    T_EQ_INT(limit->node[3].variances_at, 9, "and of the second");
    T_EQ_INT(limit->point_block, 12, "9 + 1, and K and Theta with itself");
    T_OK(limit->node[1].displacements == 1 && !limit->vectors, "only pairs of one pixel are needed");
    er_limit_free(limit);
    T_STATUS(make("[conv 8, relu, global_avg_pool, dense]", image, &o, &limit, &err), ER_OK, "an average");
    if (limit) T_OK(limit->node[1].displacements == 30, "all pairs of pixels are needed");
    er_limit_free(limit);
    T_STATUS(make("[dense 8, relu, dense]", image, &o, &limit, &err), ER_OK, "dense layers on an image");
    if (limit) T_OK(limit->vectors, "are a program of vectors");
    er_limit_free(limit);
    T_STATUS(make("[conv 8, relu]", image, &o, &limit, &err), ER_E_SHAPE, "an image is no output");
}

/* Means in the middle (Myrtle-5): every displacement of every node is run once, in memory of some pairs of their images. */
static void pools(void)
{
    struct er_error err = {0};
    struct er_limit *limit;
    struct er_limit_options o = er_limit_defaults();
    T_STATUS(make("[conv 4, relu, conv 4, relu, avg_pool 2, conv 4, relu, avg_pool 2, conv 4, relu, "
                  "avg_pool 2, avg_pool 2, avg_pool 2, flatten, dense 1]",
                  (struct er_shape){32, 32, 3}, &o, &limit, &err),
             ER_OK, "Myrtle-5");
    if (!limit) return;
    for (int64_t i = 0; i < limit->n; i++) {
        const double pixels = (double)(limit->node[i].height * limit->node[i].width);
        double entries = 0;
        for (int64_t r = 0; r < limit->slices->n_runs; r++) {
            const struct er_slice_run *run = &limit->slices->run[r];
            double y = 0, x = 0;
            if (!run->part[i + 1] || er_slice_ends(limit, run, i)) continue;
            for (int64_t c = 0; c < run->chunks_y; c++) y += (double)run->y[c].axis[i + 1]->length;
            for (int64_t c = 0; c < run->chunks_x; c++) x += (double)run->x[c].axis[i + 1]->length;
            entries += y * x;
        }
        T_OK(entries <= pixels * pixels, "layer %lld: %g pairs of pixels of %g", (long long)i + 1, entries,
             pixels * pixels);
    }
    T_OK(er_limit_scratch_bytes(limit) <= 20e6, "%g bytes of scratch", er_limit_scratch_bytes(limit));
    er_limit_free(limit);
}

int main(void)
{
    struct er_error err = {0};
    struct er_limit *limit = NULL;
    const struct er_limit_options o = er_limit_defaults();
    trap_16_activations_and_norms_take_gaussians();
    trap_15_branches_of_a_sum_are_uncorrelated();
    factors_of_a_product_are_independent();
    trap_06_dropout_needs_weights_before_it();
    factors_of_a_product();
    layers_without_a_limit();
    options();
    places();
    pools();
    T_ALLOCATIONS(make("[dense 8, add: [identity, [relu, dense 8]], relu, dense]", vector, &o, &limit, &err),
                  er_limit_free(limit), "er_limit_new");
    return t_done();
}
