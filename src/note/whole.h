/* whole.h - a note that is one study in YAML, without prose.
 *
 * The page shows such a note as this Markdown, with its title, and a fence longer than any run of backticks in
 * the text:
 *
 *     # TITLE
 *
 *     ```ermine
 *     TEXT
 *     ```
 */
#ifndef ERMINE_NOTE_WHOLE_H
#define ERMINE_NOTE_WHOLE_H

#include "note/content.h"

/* True for the name of a YAML file. */
bool er_whole_is(const char *file);

/* The one block of the note: all of its text, on the lines that it has in its own file. ER_E_NOMEM. */
enum er_status er_whole_block(struct er_note *note, struct er_error *err);

/* Appends the Markdown. */
void er_whole_markdown(const struct er_note *note, struct er_buffer *out);

#endif
