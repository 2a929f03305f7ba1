/* preset.h - what a preset is: a name with arguments that stands for layers. One file,
 * src/net/presets/NAME.c, and one line in presets.def.
 */
#ifndef ERMINE_NET_PRESET_H
#define ERMINE_NET_PRESET_H

#include "net/argument.h"

struct er_preset {
    const char *name, *help;
    const struct er_argument *argument; /* ended by a row without name */
    /* Writes the layers as model text, without outer brackets. ER_E_INPUT (without a place) when arguments do
     * not go together. */
    enum er_status (*expand)(const double argument[ER_ARGUMENTS], struct er_buffer *text,
                             struct er_error *err);
};

/* The preset called `name`, or NULL. */
const struct er_preset *er_preset_find(const char *name);

/* The names of layers and presets that is nearest to `word`, or NULL. */
const char *er_preset_nearest(const char *word);

#endif
