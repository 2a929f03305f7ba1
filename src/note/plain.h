/* plain.h - the plain text of a heading, an item or a paragraph, from md4c's events.
 *
 * Text, code and the source of formulas; references as characters, line ends as blanks; no raw HTML, and
 * nothing of pictures. What md4c takes for a formula and notes-syntax section 9.1 does not ($5 or $10) keeps
 * its dollar signs.
 */
#ifndef ERMINE_NOTE_PLAIN_H
#define ERMINE_NOTE_PLAIN_H

#include "core/buffer.h"

#include <md4c.h>

/* Zeroed: empty. The text is in `text`, whose status says whether memory lasted. */
struct er_plain {
    struct er_buffer text;
    size_t formula; /* byte of the text at which the open formula's dollar sign stands */
    int pictures;   /* open ones */
};

void er_plain_enter(struct er_plain *plain, MD_SPANTYPE type);

/* `behind` points to the byte of the note behind the span's last text. */
void er_plain_leave(struct er_plain *plain, MD_SPANTYPE type, const char *behind);

void er_plain_text(struct er_plain *plain, MD_TEXTTYPE type, const char *text, size_t n);

/* Empties it; the memory stays for the next. */
void er_plain_begin(struct er_plain *plain);

/* Takes blanks off both ends. */
void er_plain_trim(struct er_plain *plain);

#endif
