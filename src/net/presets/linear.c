/* linear.c - a deep linear network: `depth` dense layers with nothing between, one linear map of the inputs.
 *
 *     f(x) = W_N ... W_1 x     weights of W_j normal, of standard deviation scale^(1/N) / sqrt(inputs of the layer)
 *
 * So the product starts equally large at all depths: entries of variance about scale^2 / inputs. It is the start `gaussian`
 * of deep factorisation (<ermine/factorise.h>). Source: Arora, Cohen, Hu and Luo, NeurIPS 2019, and their code.
 */
#include "core/number.h"
#include "net/preset.h"

#include <math.h>

enum { WIDTH, DEPTH, SCALE };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 24, NULL, "64", "units of each hidden layer"},
    {"depth", ER_ARGUMENT_INTEGER, false, 1, 200, NULL, "3", "dense layers; 1: a linear model"},
    {"scale", ER_ARGUMENT_REAL, false, 0, 1e6, NULL, "0.001",
     "how large the product starts; each layer by its root"},
    {0},
};

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    char scale[ER_NUMBER_TEXT];
    const int depth = (int)value[DEPTH];
    (void)err;
    er_number_text(pow(value[SCALE], 1 / value[DEPTH]), scale);
    for (int i = 1; i <= depth; i++) {
        er_buffer_text(text, "dense");
        if (i < depth) er_buffer_format(text, " %lld", (long long)value[WIDTH]);
        er_buffer_format(text, " init=standard scale=%s bias=false", scale);
        if (i < depth) er_buffer_text(text, ", ");
    }
    return ER_OK;
}

const struct er_preset er_preset_linear = {
    .name = "linear",
    .help = "a deep linear network: dense layers with nothing between",
    .argument = argument,
    .expand = expand,
};
