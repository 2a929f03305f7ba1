/* prose.h - a note's prose as plain text: what a search looks through. */
#ifndef ERMINE_NOTE_PROSE_H
#define ERMINE_NOTE_PROSE_H

#include "note/content.h"

/* The text of headings, paragraphs, items and tables, a blank between them, without code, display formulas and raw HTML; at
 * most `limit` bytes. Freed by er_free(). ER_E_NOMEM. */
enum er_status er_prose_text(const struct er_note *note, size_t limit, char **out, struct er_error *err);

#endif
