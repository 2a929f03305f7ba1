/* convnet.c - a plain convolutional network for small images: `depth` blocks of convolution, activation and
 * pooling by 2, each with twice the channels of the one before, then the outputs.
 */
#include "net/preset.h"

enum { WIDTH, DEPTH, KERNEL, ACTIVATION, POOL, BATCH_NORM, INIT };

static const char pools[] = "max avg";

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 13, NULL, "32", "channels of the first block"},
    {"depth", ER_ARGUMENT_INTEGER, false, 1, 8, NULL, "3", "blocks"},
    {"kernel", ER_ARGUMENT_SIZE, false, 1, ER_SIZE_MOST, NULL, "3x3", "of the convolutions"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu", "behind each convolution"},
    {"pool", ER_ARGUMENT_CHOICE, false, 0, 0, pools, "max", "what ends each block"},
    {"batch_norm", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "false",
     "whether each convolution has batch norm behind it instead of a bias"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    (void)err;
    const bool batch_norm = value[BATCH_NORM] > 0;
    for (int i = 0; i < (int)value[DEPTH]; i++) {
        er_buffer_format(text, "conv %lld %dx%d%s", (long long)value[WIDTH] << i,
                         (int)er_size_height(value[KERNEL]), (int)er_size_width(value[KERNEL]),
                         batch_norm ? " bias=false" : "");
        er_preset_init(text, value[INIT]);
        er_preset_activation(text, batch_norm, value[ACTIVATION]);
        er_buffer_text(text, ", ");
        er_argument_choice(text, pools, value[POOL]);
        er_buffer_text(text, "_pool 2, ");
    }
    er_buffer_text(text, "flatten, dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_convnet = {
    .name = "convnet",
    .help = "blocks of convolution and pooling, the channels doubling",
    .argument = argument,
    .expand = expand,
};
