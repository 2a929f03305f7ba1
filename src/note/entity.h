/* entity.h - character references (&amp; &#960; &#x3c0;) as characters. */
#ifndef ERMINE_NOTE_ENTITY_H
#define ERMINE_NOTE_ENTITY_H

#include "core/buffer.h"

/* Appends what `&...;` (n bytes, both ends included) stands for: numbers, and the names amp lt gt quot apos
 * nbsp. Another name is appended as it is written. Numbers that name no character give U+FFFD. */
void er_entity_add(struct er_buffer *out, const char *text, size_t n);

#endif
