/* preset.h - what a preset is: a name with arguments that stands for the layers of a whole model, the last of
 * which has as many outputs as the loss needs. One file, src/net/presets/NAME.c, and one line in presets.def.
 */
#ifndef ERMINE_NET_PRESET_H
#define ERMINE_NET_PRESET_H

#include "net/argument.h"

struct er_preset {
    const char *name, *help;
    const struct er_argument *argument; /* ended by a row without name */
    /* Writes the layers as model text, without outer brackets. ER_E_INPUT (without a place) for arguments
     * that their table lets pass. */
    enum er_status (*expand)(const double argument[ER_ARGUMENTS], struct er_buffer *text,
                             struct er_error *err);
};

/* What several presets choose from: the activation behind a layer, the initialisation of its weights. */
extern const char er_preset_activations[], er_preset_inits[];

/* Writes " init=WORD", the end of a layer with weights. */
void er_preset_init(struct er_buffer *text, double init);

/* Writes ", batch_norm, relu": what comes behind such a layer. */
void er_preset_activation(struct er_buffer *text, bool batch_norm, double activation);

/* `n` channels or units times `factor`, to the nearest; one at least. */
int64_t er_preset_width(double factor, int64_t n);

/* The preset called `name`, or NULL. */
const struct er_preset *er_preset_find(const char *name);

/* The names of layers and presets that is nearest to `word`, or NULL. */
const char *er_preset_nearest(const char *word);

#endif
