/* markdown.h - md4c reads the body of a note.
 *
 * It reads a copy in which formulas are in disguise (mathblock.h), and hands over pieces of that copy by pointer; what
 * a piece is in the note itself, and where, is looked up.
 */
#ifndef ERMINE_NOTE_MARKDOWN_H
#define ERMINE_NOTE_MARKDOWN_H

#include "core/buffer.h"
#include "note/place.h"

#include <md4c.h>

enum { ER_NOTE_MAX_DEPTH = 100 }; /* lists and quotes within each other */

/* What a callback returns to end the reading. (md4c goes on after a positive number.) */
enum { ER_MARKDOWN_STOP = -2 };

struct er_markdown {
    const char *text; /* the note: normalised (utf8.h), NUL-terminated at n */
    size_t body, n;   /* its Markdown is text[body..n) */
    const char *file;
    char *copy;
    size_t seen; /* byte of the note behind the piece that was looked up last */
};

/* Reads text[body..n) with a parser whose callbacks get `ctx`; that one of them stops the reading is no error here.
 * ER_E_LIMIT with its line where lists and quotes nest too deep; ER_E_NOMEM. Cost: linear. */
enum er_status er_markdown_read(struct er_markdown *markdown, const MD_PARSER *parser, void *ctx,
                                struct er_error *err);

/* The note's own bytes for a piece (n bytes) that md4c hands over; NULL for one that md4c made. Pieces of text come in
 * rising order. */
const char *er_markdown_own(struct er_markdown *markdown, const char *piece, size_t n);

/* Appends an address or title with its references resolved. */
void er_markdown_attribute(const MD_ATTRIBUTE *attribute, struct er_buffer *out);

#endif
