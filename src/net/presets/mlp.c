/* mlp.c - a multilayer perceptron: `depth` hidden layers of one width, then the outputs. */
#include "net/preset.h"

enum { WIDTH, DEPTH, ACTIVATION, INIT };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 24, NULL, "512", "units of each hidden layer"},
    {"depth", ER_ARGUMENT_INTEGER, false, 0, 200, NULL, "1", "hidden layers"},
    {"activation", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_activations, "relu",
     "behind each hidden layer"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, er_preset_inits, "he", "as in dense"},
    {0},
};

static enum er_status expand(const double value[ER_ARGUMENTS], struct er_buffer *text, struct er_error *err)
{
    (void)err;
    for (int i = 0; i < (int)value[DEPTH]; i++) {
        er_buffer_format(text, "dense %lld", (long long)value[WIDTH]);
        er_preset_init(text, value[INIT]);
        er_preset_activation(text, false, value[ACTIVATION]);
        er_buffer_text(text, ", ");
    }
    er_buffer_text(text, "dense");
    er_preset_init(text, value[INIT]);
    return ER_OK;
}

const struct er_preset er_preset_mlp = {
    .name = "mlp",
    .help = "a multilayer perceptron",
    .argument = argument,
    .expand = expand,
};
