/* badge.h - how a figure's numbers came to be: in a word or two beside it, and in sentences when asked.
 */
#ifndef ERMINE_NOTE_BADGE_H
#define ERMINE_NOTE_BADGE_H

#include "note/content.h"

/* Appends the badge of study i's figures. */
void er_badge_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                    struct er_buffer *html);

/* Appends "TIME" or "TIME to TIME", of the first and the last run that finished. */
void er_badge_when(const struct er_provenance *provenance, struct er_buffer *html);

/* Appends "file:line:column: message", made safe. */
void er_badge_error(const struct er_error *error, struct er_buffer *html);

#endif
