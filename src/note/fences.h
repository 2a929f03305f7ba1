/* fences.h - where a note's studies are: its fenced blocks whose language is `ermine`, as CommonMark finds them.
 *
 * The language is the first word of the info string. Raw HTML hides what looks like a fence in it; display
 * formulas (mathblock.h) hide what looks like raw HTML.
 */
#ifndef ERMINE_NOTE_FENCES_H
#define ERMINE_NOTE_FENCES_H

#include "note/block.h"

struct er_fences {
    char *heading;          /* plain text of the first level-1 heading that has one; NULL: there is none */
    struct er_block *block; /* the studies in order */
    int64_t blocks;
};

/*
 * Reads text[body..n), which is normalised (utf8.h) and NUL-terminated at n; places count from the text's
 * beginning. ER_E_LIMIT with a place: nesting or studies beyond the limits; ER_E_NOMEM. Cost: linear.
 */
enum er_status er_fences_find(const char *text, size_t body, size_t n, const char *file,
                              struct er_fences *out, struct er_error *err);
void er_fences_clear(struct er_fences *fences);

#endif
