/* weights.c - draws and factors of the table in weights.h. */
#include "net/weights.h"

#include <ermine/random.h>
#include <math.h>
#include <string.h>

enum { HE, GLOROT, STANDARD, NTK, UNIFORM };

enum er_status er_weights_check(const char *layer, const double *argument, struct er_error *err)
{
    const bool drawn_like_weights = (int)argument[ER_WEIGHTS_INIT] == UNIFORM;
    if (argument[ER_WEIGHTS_BIAS_SCALE] > 0 && (drawn_like_weights || !er_weights_has_bias(argument)))
        return er_fail(err, ER_E_SHAPE, "%s: bias_scale does not go with %s", layer,
                       drawn_like_weights ? "init=uniform, which draws the bias as it draws the weights"
                                          : "bias=false");
    return ER_OK;
}

const double *er_weights_arguments(const struct er_layer *layer)
{
    int i = 0;
    while (strcmp(layer->ops->argument[i].name, "init") != 0) i++;
    return layer->argument + i;
}

void er_weights_set(struct er_layer *layer, bool tangent, double scale, double bias_scale)
{
    double *argument = layer->argument + (er_weights_arguments(layer) - layer->argument);
    argument[ER_WEIGHTS_INIT] = tangent ? NTK : STANDARD;
    argument[ER_WEIGHTS_SCALE] = scale;
    argument[ER_WEIGHTS_BIAS_SCALE] = bias_scale;
}

double er_weights_exact_factor(const double *argument, int64_t fan_in)
{
    return (int)argument[ER_WEIGHTS_INIT] == NTK ? argument[ER_WEIGHTS_SCALE] / sqrt((double)fan_in) : 1;
}

double er_weights_exact_bias_factor(const double *argument)
{
    return (int)argument[ER_WEIGHTS_INIT] == NTK ? argument[ER_WEIGHTS_BIAS_SCALE] : 1;
}

float er_weights_factor(const double *argument, int64_t fan_in)
{
    return (float)er_weights_exact_factor(argument, fan_in);
}

float er_weights_bias_factor(const double *argument)
{
    return (float)er_weights_exact_bias_factor(argument);
}

struct er_layer_laws er_weights_laws(const double *argument, int64_t fan_in, int64_t fan_out, int64_t n)
{
    const double I = (double)fan_in, O = (double)fan_out, c = argument[ER_WEIGHTS_SCALE];
    const double scale[] = {c * sqrt(2 / I), c * sqrt(2 / (I + O)), c / sqrt(I), 1, c / sqrt(I)};
    const int init = (int)argument[ER_WEIGHTS_INIT];
    return (struct er_layer_laws){.n = n,
                                  .uniform = init == UNIFORM,
                                  .scale = scale[init],
                                  .bias_scale = init == UNIFORM ? scale[init]
                                                : init == NTK   ? 1
                                                                : argument[ER_WEIGHTS_BIAS_SCALE]};
}

enum er_status er_weights_kernel(const struct er_layer *layer, int64_t fan_in, int64_t fan_out,
                                 struct er_kernel_map *out, struct er_error *err)
{
    const double *argument = er_weights_arguments(layer);
    const struct er_layer_laws laws = er_weights_laws(argument, fan_in, fan_out, 0);
    if (laws.uniform)
        return er_fail(
            err, ER_E_UNSUPPORTED,
            "%s: init=uniform gives no Gaussian outputs on the data; init=standard scale=0.5774 has the same "
            "variances",
            layer->ops->name);
    const bool tangent = (int)argument[ER_WEIGHTS_INIT] == NTK, bias = er_weights_has_bias(argument);
    const double c = argument[ER_WEIGHTS_SCALE], v = bias ? argument[ER_WEIGHTS_BIAS_SCALE] : 0;
    *out = (struct er_kernel_map){.form = ER_KERNEL_AFFINE,
                                  .w = tangent ? c * c : laws.scale * laws.scale * (double)fan_in,
                                  .b = v * v,
                                  .has_bias = bias,
                                  .tangent = tangent,
                                  .fan_in = fan_in};
    out->tangent_w = tangent ? out->w : (double)fan_in;
    out->tangent_b = tangent ? out->b : bias;
    return ER_OK;
}

void er_weights_initialise(const struct er_layer_laws *laws, int64_t n_bias, uint64_t seed, uint64_t layer,
                           float *w)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_INITIALISE, layer));
    for (int64_t i = 0; i < laws->n + n_bias; i++) {
        const double scale = i < laws->n ? laws->scale : laws->bias_scale;
        w[i] = (float)(scale * (laws->uniform ? 2 * er_random_uniform(&r) - 1 : er_random_normal(&r)));
    }
}
