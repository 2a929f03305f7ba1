/* resnet.c - the residual network for small images: a convolution, three stages of n blocks whose channels
 * double and whose images halve, the mean over all pixels, the outputs; 6 n + 2 layers with weights.
 *
 * He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2, which has the
 * shortcut without parameters (type A) where the shape changes; the projection here (type B) is a 1x1
 * convolution with batch norm, and makes 272,474 parameters of resnet 20 on 32 x 32 x 3 with 10 classes.
 */
#include "net/preset.h"

enum { DEPTH, WIDTH, ACTIVATION, BATCH_NORM, SHORTCUT, INIT };
enum { PROJECTION, ALL, NONE }; /* of SHORTCUT */

static const struct er_argument argument[] = {
    {"depth", ER_ARGUMENT_INTEGER, true, 8, 200, NULL, "20", "layers with weights: 8, 14, 20, ..., 6 n + 2"},
    {"width", ER_ARGUMENT_INTEGER, false, 1, 1 << 18, NULL, "16", "channels of the first stage"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu",
     "behind each convolution, the second of a block after the sum"},
    {"batch_norm", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true",
     "whether each convolution has batch norm behind it instead of a bias"},
    {"shortcut", ER_ARGUMENT_CHOICE, false, 0, 0, "projection all none", "projection",
     "1x1 convolutions where the shape changes, or around all blocks; none: the plain network"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

/* A convolution, and the batch norm behind it. */
static void convolution(const double value[ER_ARGUMENTS], struct er_buffer *text, int64_t channels,
                        int kernel, int stride)
{
    const bool batch_norm = value[BATCH_NORM] > 0;
    er_buffer_format(text, "conv %lld %dx%d stride=%d bias=%s", (long long)channels, kernel, kernel, stride,
                     batch_norm ? "false" : "true");
    er_preset_init(text, value[INIT]);
    er_buffer_text(text, batch_norm ? ", batch_norm" : "");
}

static void block(const double value[ER_ARGUMENTS], struct er_buffer *text, int64_t channels, int stride)
{
    const int shortcut = (int)value[SHORTCUT];
    er_buffer_text(text, shortcut == NONE ? "" : "add: [[");
    convolution(value, text, channels, 3, stride);
    er_preset_activation(text, false, value[ACTIVATION]);
    er_buffer_text(text, ", ");
    convolution(value, text, channels, 3, 1);
    if (shortcut == ALL || (shortcut == PROJECTION && stride > 1)) {
        er_buffer_text(text, "], [");
        convolution(value, text, channels, 1, stride);
        er_buffer_text(text, "]]");
    } else if (shortcut != NONE) {
        er_buffer_text(text, "], identity]");
    }
    er_preset_activation(text, false, value[ACTIVATION]);
    er_buffer_text(text, ", ");
}

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    const int depth = (int)value[DEPTH], blocks = (depth - 2) / 6;
    if (depth != 6 * blocks + 2)
        return er_fail(err, ER_E_INPUT, "model: resnet: depth is %d, not 6 n + 2; the nearest are %d and %d",
                       depth, 6 * blocks + 2, 6 * blocks + 8);
    convolution(value, text, (int64_t)value[WIDTH], 3, 1);
    er_preset_activation(text, false, value[ACTIVATION]);
    er_buffer_text(text, ", ");
    for (int stage = 0; stage < 3; stage++)
        for (int i = 0; i < blocks; i++)
            block(value, text, (int64_t)value[WIDTH] << stage, stage > 0 && i == 0 ? 2 : 1);
    er_buffer_text(text, "global_avg_pool, dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_resnet = {
    .name = "resnet",
    .help = "the residual network of He et al. 2016 for small images",
    .argument = argument,
    .expand = expand,
};
