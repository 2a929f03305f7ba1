/* weights.h - the weights and bias of layers that are linear maps: how they are named in the model's text,
 * how they start, and how the map is scaled.
 *
 *     y = s x W + t beta
 *
 *     init       s            std of W             t    std of beta
 *     he         1            c sqrt(2 / I)        1    v            He et al., ICCV 2015, eq. 10
 *     glorot     1            c sqrt(2 / (I + O))  1    v            Glorot and Bengio, AISTATS 2010, eq. 12
 *     standard   1            c / sqrt(I)          1    v            LeCun et al., "Efficient BackProp", 1998
 *     ntk        c / sqrt(I)  1                    v    1            Jacot et al., NeurIPS 2018, section 2
 *     uniform    1            W, beta ~ U(-c/sqrt(I), c/sqrt(I))     PyTorch's Linear and Conv2d
 *
 * c = scale, v = bias_scale; I the fan-in (inputs that one output sums), O the fan-out. Glorot and Bengio
 * draw from the uniform distribution of that variance (their eq. 16); here all but `uniform` are normal. With
 * ntk, v multiplies the bias throughout: at its default, 0, the bias has no effect.
 */
#ifndef ERMINE_NET_WEIGHTS_H
#define ERMINE_NET_WEIGHTS_H

#include "net/layer.h"

/* The rows of a layer's table of arguments; they are found by their place from the row `init` on. */
enum { ER_WEIGHTS_INIT, ER_WEIGHTS_SCALE, ER_WEIGHTS_BIAS, ER_WEIGHTS_BIAS_SCALE, ER_WEIGHTS_ROWS };
#define ER_WEIGHTS_INITS "he glorot standard ntk uniform"
#define ER_WEIGHTS_ARGUMENTS                                                                                 \
    {"init", ER_ARGUMENT_CHOICE, false, 0,                                                                   \
     0,      ER_WEIGHTS_INITS,   "he",  "distribution of the initial weights; ntk also scales the layer"},   \
        {"scale", ER_ARGUMENT_REAL,                                                                          \
         false,   0,                                                                                         \
         1e6,     NULL,                                                                                      \
         "1",     "factor on the weights (ntk: throughout; else: at the start)"},                            \
        {"bias", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true", "whether there is a bias"},          \
    {                                                                                                        \
        "bias_scale", ER_ARGUMENT_REAL, false, 0, 1e6, NULL, "0",                                            \
            "standard deviation of the initial bias (ntk: factor on the bias throughout)"                    \
    }

/* ER_E_SHAPE when the arguments (from the row `init` on) do not go together. */
enum er_status er_weights_check(const char *layer, const double *argument, struct er_error *err);

/* The arguments of a layer with weights from the row `init` on. */
const double *er_weights_arguments(const struct er_layer *layer);

static inline bool er_weights_has_bias(const double *argument)
{
    return argument[ER_WEIGHTS_BIAS] > 0;
}

/* s and t; and before they are rounded to float32. */
float er_weights_factor(const double *argument, int64_t fan_in);
float er_weights_bias_factor(const double *argument);
double er_weights_exact_factor(const double *argument, int64_t fan_in);
double er_weights_exact_bias_factor(const double *argument);

/* Rewrites these arguments to normal weights of standard deviation scale / sqrt(I) and biases of bias_scale, tangent: with
 * init=ntk, else with init=standard. */
void er_weights_set(struct er_layer *layer, bool tangent, double scale, double bias_scale);

/* The laws of n weights and their biases, as the table says. */
struct er_layer_laws er_weights_laws(const double *argument, int64_t fan_in, int64_t fan_out, int64_t n);

/* AFFINE of net/kernel_map.h, without windows. ER_E_UNSUPPORTED: uniform weights, which make a Gaussian
 * of many terms only: of hidden units, not of the data. */
enum er_status er_weights_kernel(const struct er_layer *layer, int64_t fan_in, int64_t fan_out,
                                 struct er_kernel_map *out, struct er_error *err);

/* w[0..n) and, behind them, n_bias biases, drawn by these laws from the layer's stream. */
void er_weights_initialise(const struct er_layer_laws *laws, int64_t n_bias, uint64_t seed, uint64_t layer,
                           float *w);

#endif
