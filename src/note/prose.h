/* prose.h - a note's Markdown as HTML, with a place left for each study.
 *
 * CommonMark with tables, strikethrough (two tildes), subscript (one), task lists, links from bare addresses,
 * and mathematics as placeholders that hold their TeX source. Raw HTML is shown as text; comments are left
 * out.
 */
#ifndef ERMINE_NOTE_PROSE_H
#define ERMINE_NOTE_PROSE_H

#include "note/block.h"
#include "note/ids.h"

enum {
    ER_PROSE_MAX_HTML = 64 << 20, /* bytes that a note of 4 MiB may become */
    ER_PROSE_MAX_DEPTH = 100      /* lists and quotes within each other */
};

struct er_prose {
    char *html;
    size_t length;
    char *heading;          /* plain text of the first level-1 heading; NULL: there is none */
    struct er_block *block; /* the studies in order; block[i].html rises */
    int64_t blocks;
};

/*
 * Renders text[body..n), which is normalised (utf8.h) and NUL-terminated at n; places count from the text's
 * beginning. Headings get their ids from `ids`. ER_E_LIMIT with a place: nesting, HTML or studies beyond the
 * limits; ER_E_NOMEM.
 */
enum er_status er_prose_render(const char *text, size_t body, size_t n, const char *file, struct er_ids *ids,
                               struct er_prose *out, struct er_error *err);
void er_prose_clear(struct er_prose *prose);

#endif
