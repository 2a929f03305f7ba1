/* csv_cells.h - cells of comma-separated values, one after the other.
 *
 *     cell = blanks text blanks | blanks "text with "" for a quote" blanks          line end = LF | CR LF
 *
 * Source: RFC 4180, and more lenient: blanks around cells are dropped.
 */
#ifndef ERMINE_DATA_CSV_CELLS_H
#define ERMINE_DATA_CSV_CELLS_H

#include <ermine/status.h>
#include <stdbool.h>

enum { ER_CSV_CELL_MAX = 4096 };

/* A place in a text of n bytes. Begins as {.text, .n, .line = 1}, behind a byte order mark. */
struct er_csv_cursor {
    const char *text;
    size_t n, at, line_start;
    int64_t line;
};

struct er_csv_cell {
    int64_t line, column; /* of its first byte */
    size_t length;
    bool last;                      /* of its line */
    char text[ER_CSV_CELL_MAX + 1]; /* without quotes and outer blanks */
};

/* Reads a cell and what ends it. ER_E_INPUT, ER_E_LIMIT with line and column. */
enum er_status er_csv_cell_read(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_error *err);

/* An error at the cursor. */
enum er_status er_csv_fail_here(const struct er_csv_cursor *c, enum er_status code, const char *what,
                                struct er_error *err);

/* 0, 1 or 2 bytes of line end here. */
size_t er_csv_line_end(const struct er_csv_cursor *c);

/* Moves behind a line end of `bytes` bytes. */
void er_csv_next_line(struct er_csv_cursor *c, size_t bytes);

/* The numbers of cells that a text may have from the cursor on: what it takes is bounded by its length. */
int64_t er_csv_separators(const struct er_csv_cursor *c);

#endif
