/* nin.c - network in network, in the form whose generalisation has been measured most: blocks of a 3x3
 * convolution of stride 2 and two 1x1 convolutions, a 1x1 convolution to the classes, their mean over all
 * pixels.
 *
 * Jiang, Neyshabur, Mobahi, Krishnan, Bengio, "Fantastic generalization measures and where to find them",
 * ICLR 2020: width 192, 384, 768, depth 2, 4, 8, dropout 0, 0.25, 0.5. Blocks, batch norm behind convolutions
 * that keep their bias, and the last activation are those of Dziugaite et al., "In search of robust measures
 * of generalization", NeurIPS 2020 (their published code: width a multiple of 25). The first form: Lin, Chen,
 * Yan, ICLR 2014.
 */
#include "net/preset.h"

#include "core/number.h"

enum { WIDTH, DEPTH, ACTIVATION, BATCH_NORM, DROPOUT, INIT };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 20, NULL, "192", "channels of each block"},
    {"depth", ER_ARGUMENT_INTEGER, false, 1, 32, NULL, "2", "blocks"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu", "behind each convolution"},
    {"batch_norm", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true",
     "whether each convolution has batch norm behind it"},
    {"dropout", ER_ARGUMENT_REAL, false, 0, 0.99, NULL, "0", "rate of the dropout that ends each block"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    static const char *const part[] = {"3x3 stride=2", "1x1", "1x1"};
    const bool batch_norm = value[BATCH_NORM] > 0;
    char rate[ER_NUMBER_TEXT];
    (void)err;
    for (int i = 0; i < (int)value[DEPTH]; i++) {
        for (int p = 0; p < 3; p++) {
            er_buffer_format(text, "conv %lld %s", (long long)value[WIDTH], part[p]);
            er_preset_init(text, value[INIT]);
            er_preset_activation(text, batch_norm, value[ACTIVATION]);
            er_buffer_text(text, ", ");
        }
        if (value[DROPOUT] > 0) er_buffer_format(text, "dropout %s, ", er_number_text(value[DROPOUT], rate));
    }
    er_buffer_text(text, "conv kernel=1x1");
    er_preset_init(text, value[INIT]);
    er_preset_activation(text, batch_norm, value[ACTIVATION]);
    er_buffer_text(text, ", global_avg_pool");
    return ER_OK;
}

const struct er_preset er_preset_nin = {
    .name = "nin",
    .help = "network in network, as in Jiang et al. 2020",
    .argument = argument,
    .expand = expand,
};
