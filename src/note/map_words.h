/* map_words.h - a map in words. All append to `out`.
 */
#ifndef ERMINE_NOTE_MAP_WORDS_H
#define ERMINE_NOTE_MAP_WORDS_H

#include "note/figure.h"

void er_map_say_title(struct er_buffer *out, const struct er_drawing *drawing);

/* Each sentence after a blank. */
void er_map_say_caption(struct er_buffer *out, const struct er_drawing *drawing);

/* Of the first of the drawing's planes. */
void er_map_say_alternative(struct er_buffer *out, const struct er_drawing *drawing);

#endif
