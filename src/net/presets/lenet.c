/* lenet.c - LeNet-5 as it is used today: two convolutions with pooling, three dense layers, every map of the
 * second convolution fed by every map of the first. On 28 x 28 x 1 it has 61,706 parameters.
 *
 * After LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998,
 * whose sparse connections, trained pooling and radial outputs are left out.
 */
#include "net/preset.h"

enum { WIDTH, ACTIVATION, POOL, INIT };

static const char pools[] = "max avg";

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1024, NULL, "1", "factor on 6, 16 channels and 120, 84 units"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu",
     "behind each layer but the last; 1998: tanh"},
    {"pool", ER_ARGUMENT_CHOICE, false, 0, 0, pools, "max", "behind each convolution; 1998: avg"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    static const struct {
        const char *name, *arguments;
        int width;
        bool pool;
    } layer[] = {
        {"conv", " 5x5", 6, true},
        {"conv", " 5x5 padding=valid", 16, true},
        {"flatten, dense", "", 120, false},
        {"dense", "", 84, false},
    };
    (void)err;
    for (size_t i = 0; i < sizeof layer / sizeof *layer; i++) {
        er_buffer_format(text, "%s %lld%s", layer[i].name, layer[i].width * (long long)value[WIDTH],
                         layer[i].arguments);
        er_preset_init(text, value[INIT]);
        er_preset_activation(text, false, value[ACTIVATION]);
        er_buffer_text(text, ", ");
        if (!layer[i].pool) continue;
        er_argument_choice(text, pools, value[POOL]);
        er_buffer_text(text, "_pool 2, ");
    }
    er_buffer_text(text, "dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_lenet = {
    .name = "lenet",
    .help = "LeNet-5 (LeCun et al. 1998) as it is used today",
    .argument = argument,
    .expand = expand,
};
