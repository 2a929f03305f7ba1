/* ratings_line.h - the cells of a text whose lines are ratings: what parts them, quotes, places for messages.
 *
 *     cell = blanks text blanks | blanks "text with "" for a quote" blanks        end of a line = LF | CR LF
 */
#ifndef ERMINE_DATA_RATINGS_LINE_H
#define ERMINE_DATA_RATINGS_LINE_H

#include <ermine/status.h>
#include <stdbool.h>

/* What parts two cells. */
enum er_separator { ER_COLONS, ER_TAB, ER_COMMA, ER_SEMICOLON, ER_BLANKS, ER_SEPARATORS };

struct er_line_reader {
    const char *text;
    size_t n, at, line_start;
    int64_t line;
    enum er_separator separator;
};

enum { ER_RATING_CELL_MAX = 1024 }; /* bytes of a quoted cell that has quotes in it */

struct er_rating_cell {
    const char *text; /* without quotes and outer blanks; into the reader's text, or into `own` */
    size_t length;
    int64_t line, column; /* of its first byte, from 1 */
    bool last;            /* of its line */
    char own[ER_RATING_CELL_MAX];
};

/* Bytes of the line end here: 0 (none), 1 or 2. */
size_t er_line_end(const struct er_line_reader *r);

/* Moves behind a line end of `bytes` bytes. */
void er_line_next(struct er_line_reader *r, size_t bytes);

/* Reads a cell and what ends it. ER_E_INPUT: a quote that is never closed, text behind a closing one.
 * ER_E_LIMIT. */
enum er_status er_line_cell(struct er_line_reader *r, struct er_rating_cell *cell, struct er_error *err);

#endif
