/* span.h - the inside of a paragraph, heading or table cell as HTML, and as plain text where that is asked
 * for.
 *
 * A display formula ends the paragraph around it and what follows starts a new one, since a <div> may not
 * stand in a <p>; inside emphasis or a link it stays a <span>.
 */
#ifndef ERMINE_NOTE_SPAN_H
#define ERMINE_NOTE_SPAN_H

#include "core/buffer.h"

#include <md4c.h>
#include <stdbool.h>

struct er_spans {
    struct er_buffer *out, *plain; /* HTML, and plain text or NULL */
    enum { ER_NO_PARAGRAPH, ER_PARAGRAPH_DUE, ER_PARAGRAPH_OPEN } paragraph;
    int depth, images; /* spans and images that are open */
    bool display;      /* the open formula is a <div> */
    bool cell;         /* in a table: \| is a bar, also in code */
    bool skip;         /* the next text's first character went into the formula before it */
    size_t formula;    /* byte of `out` where the open formula begins */
    const char *due;   /* HTML that goes before the first text of an item: its checkbox; NULL: none */
    bool tilde;        /* a strikethrough whose number of tildes is not known yet */
    int strikes;       /* strikethroughs that are open ... */
    uint64_t lowered;  /* ... and which of them are subscripts, a bit each */
    struct er_buffer scratch;
};

void er_spans_begin_paragraph(struct er_spans *spans);
void er_spans_end_paragraph(struct er_spans *spans);

void er_spans_enter(struct er_spans *spans, MD_SPANTYPE type, const void *detail);
/* `next`: the note's text after the last that was given, where the closing mark stands; NULL when not known.
 */
void er_spans_leave(struct er_spans *spans, MD_SPANTYPE type, const void *detail, const char *next);

/* `tildes`: how many "~" stand before the text in the note, 0 when not known. */
void er_spans_text(struct er_spans *spans, MD_TEXTTYPE type, const char *text, size_t n, int tildes);

/* Writes what is due although no text came. */
void er_spans_settle(struct er_spans *spans);

void er_spans_clear(struct er_spans *spans);

#endif
