/* delimiter.h - the delimiter rows of tables, as wide as md4c wants them.
 *
 * GFM asks for one hyphen a cell (|-|:-:|), md4c 0.4.8 for three characters. md4c reads a copy of the note
 * with the hyphens that are missing; what it hands over is looked up in the note itself, so that a row that
 * is no table's, in a code block say, comes back as it was.
 */
#ifndef ERMINE_NOTE_DELIMITER_H
#define ERMINE_NOTE_DELIMITER_H

#include <ermine/status.h>

/* `added` bytes were put in before byte `at` of the text. */
struct er_widening_gap {
    size_t at, added, before; /* before: bytes added by earlier gaps */
};

struct er_widening {
    char *text; /* n bytes and a NUL */
    size_t n;
    struct er_widening_gap *gap;
    int64_t gaps, room;
};

/* Copies text[0..n), widening each row below a line of as many cells. er_widening_clear() frees it.
 * ER_E_NOMEM. Cost: linear. */
enum er_status er_widening_make(const char *text, size_t n, struct er_widening *out, struct er_error *err);
void er_widening_clear(struct er_widening *widening);

/* The byte of the text for byte `at` of the copy; for one that was put in, the one after it. */
size_t er_widening_origin(const struct er_widening *widening, size_t at);

#endif
