/* <ermine/table.h> - a table of results: named columns of numbers or words.
 *
 * What `ermine show` prints, what CSV and JSON hold, and what figures are drawn from.
 */
#ifndef ERMINE_TABLE_H
#define ERMINE_TABLE_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_table_column {
    const char *name, *unit; /* unit "" for a pure number */
    bool numeric, logarithmic;
    bool axis; /* a setting that varies over the study, not a result */
};

struct er_cell {
    double number;    /* numeric columns; NaN: no value */
    const char *text; /* other columns; NULL: no value */
};

/* A word of a column that stands for a longer text, as a preset does for its layers. Quoted values may ask for
 * it by either. Both texts are the table's: a table of a study holds them in its memory, and who fills `alias` otherwise
 * keeps them for as long as the table. */
struct er_alias {
    const char *word, *whole;
    int64_t column;
};

struct er_table {
    struct er_table_column *column;
    int64_t columns, rows;
    struct er_cell *cell; /* rows x columns */
    const struct er_alias *alias;
    int64_t aliases;
    struct er_arena *memory; /* holds all of it */
};

/** Frees what the table holds and zeroes it. */
ER_API void er_table_clear(struct er_table *table);

/** The index of a column, or -1. */
ER_API int64_t er_table_find(const struct er_table *table, const char *column);

/** CSV (RFC 4180, LF line ends, header first, numbers in shortest exact form, missing values empty,
 * infinities "inf" and "-inf"); freed by er_free(). ER_E_NOMEM. */
ER_API enum er_status er_table_csv(const struct er_table *table, char **out, struct er_error *err);

/** JSON: {"format": "ermine-table", "version": 1, "columns": [{"name", "unit"}], "rows": [{name: value}]}.
 * Numbers are in shortest exact form;
 * NaN and infinities are null. Freed by er_free(). ER_E_NOMEM; ER_E_INPUT when a text is not UTF-8. */
ER_API enum er_status er_table_json(const struct er_table *table, char **out, struct er_error *err);

/** Text for a terminal of `width` characters (0: any width): columns aligned, numbers right and to 4
 * significant digits (whole numbers in full), a missing value "-", words cut at 40 characters, control
 * characters "?". A table that is too wide is cut into blocks of columns that each begin with the axes and
 * say which columns they hold. When `limit` > 0, at most that many rows and a last line that says how many
 * were left out. Freed by er_free(). ER_E_NOMEM. */
ER_API enum er_status er_table_text(const struct er_table *table, int width, int64_t limit, char **out,
                                    struct er_error *err);

#endif
