/* text_table.h - a table of comma-separated values as texts, each with its place in the file.
 *
 *     header end row end ... row [end ...]        all of as many cells; the header names every column, each name once
 */
#ifndef ERMINE_RANK_TEXT_TABLE_H
#define ERMINE_RANK_TEXT_TABLE_H

#include <ermine/memory.h>

struct er_text_cell {
    const char *text; /* "" where empty */
    int32_t line, column;
};

struct er_text_table {
    int64_t columns, rows;
    const char **name;         /* columns */
    struct er_text_cell *cell; /* rows x columns */
    struct er_arena *memory;   /* holds all of it */
};

/* ER_E_INPUT, ER_E_LIMIT with line and column, without file. At most 24 bytes and the text are kept of a cell. */
enum er_status er_text_table_parse(const char *text, size_t n, struct er_text_table *out,
                                   struct er_error *err);
void er_text_table_clear(struct er_text_table *table);

/* The column of that name, or -1. */
int64_t er_text_table_find(const struct er_text_table *table, const char *name);

/* The column of that name; ER_E_NOT_FOUND names the nearest. */
enum er_status er_text_table_need(const struct er_text_table *table, const char *name, int64_t *column,
                                  struct er_error *err);

/* Two rows of the same texts, the first such pair in the order of what they say; -1 and -1 where there is none. Cost: sorting
 * the rows. ER_E_NOMEM. */
enum er_status er_text_table_repeat(const struct er_text_table *table, int64_t *first, int64_t *again,
                                    struct er_error *err);

#endif
