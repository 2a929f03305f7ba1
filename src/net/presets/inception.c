/* inception.c - the small Inception for 28 x 28 x 3 images: a convolution; ten modules, each the concatenation
 * of a 1x1 and a 3x3 convolution, or, where the image halves, of a 3x3 convolution of stride 2 and max
 * pooling; the mean over all pixels (7 x 7 of them), the outputs.
 *
 * Zhang, Bengio, Hardt, Recht, Vinyals, "Understanding deep learning requires rethinking generalization",
 * ICLR 2017, appendix A and figure 3, which count 1,649,402 parameters for ten classes: those of convolutions,
 * biases among them, and of the outputs, with batch norm and without. Batch norm, behind every convolution,
 * has two more for each of their 1,712 channels.
 */
#include "net/preset.h"

enum { WIDTH, ACTIVATION, BATCH_NORM, INIT };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_REAL, true, 1e-3, 1024, NULL, "1", "factor on the channels of all convolutions"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu", "behind each convolution"},
    {"batch_norm", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true",
     "whether each convolution has batch norm behind it"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

/* Channels of the modules' branches; a module that halves the image has no 1x1 convolution. */
static const struct {
    int one, three;
} module[] = {{32, 32}, {32, 48}, {0, 80}, {112, 48},  {96, 64},
              {80, 80}, {48, 96}, {0, 96}, {176, 160}, {176, 160}};

static void convolution(const double value[ER_ARGUMENTS], struct er_buffer *text, int channels,
                        const char *window)
{
    er_buffer_format(text, "conv %lld %s", (long long)er_preset_width(value[WIDTH], channels), window);
    er_preset_init(text, value[INIT]);
    er_preset_activation(text, value[BATCH_NORM] > 0, value[ACTIVATION]);
}

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    (void)err;
    convolution(value, text, 96, "3x3");
    for (size_t i = 0; i < sizeof module / sizeof *module; i++) {
        er_buffer_text(text, ", concat: [[");
        if (module[i].one) {
            convolution(value, text, module[i].one, "1x1");
            er_buffer_text(text, "], [");
        }
        convolution(value, text, module[i].three, module[i].one ? "3x3" : "3x3 stride=2");
        er_buffer_text(text, module[i].one ? "]]" : "], max_pool 3 stride=2 padding=same]");
    }
    er_buffer_text(text, ", global_avg_pool, dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_inception = {
    .name = "inception",
    .help = "the small Inception of Zhang et al. 2017",
    .argument = argument,
    .expand = expand,
};
