/* alexnet.c - the small AlexNet for 28 x 28 x 3 images: two modules of a 5x5 convolution, 3x3 max pooling of
 * stride 2 and local response normalisation, then dense layers of 384 and 192 units and the outputs. It has
 * 1,387,786 parameters for ten classes.
 *
 * Zhang, Bengio, Hardt, Recht, Vinyals, "Understanding deep learning requires rethinking generalization",
 * ICLR 2017, section 2 and appendix A. The paper names the layers and the number of parameters, which padding
 * everywhere (images of 28, 14, 7 pixels) gives; the normalisation's constants, not told, are those of
 * TensorFlow's CIFAR-10 tutorial.
 */
#include "net/preset.h"

enum { WIDTH, ACTIVATION, INIT };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_REAL, true, 1e-3, 1024, NULL, "1", "factor on 64 channels and 384, 192 units"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu",
     "behind each layer but the last"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

static void layer(const double value[ER_ARGUMENTS], struct er_buffer *text, const char *name, int width,
                  const char *rest)
{
    er_buffer_format(text, "%s %lld%s", name, (long long)er_preset_width(value[WIDTH], width), rest);
    er_preset_init(text, value[INIT]);
    er_preset_activation(text, false, value[ACTIVATION]);
    er_buffer_text(text, ", ");
}

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    (void)err;
    for (int i = 0; i < 2; i++) {
        layer(value, text, "conv", 64, " 5x5");
        er_buffer_text(text, "max_pool 3 stride=2 padding=same, lrn, ");
    }
    layer(value, text, "flatten, dense", 384, "");
    layer(value, text, "dense", 192, "");
    er_buffer_text(text, "dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_alexnet = {
    .name = "alexnet",
    .help = "the small AlexNet of Zhang et al. 2017",
    .argument = argument,
    .expand = expand,
};
