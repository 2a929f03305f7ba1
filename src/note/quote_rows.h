/* quote_rows.h - the rows of a study's tables that a quoted value is taken from.
 *
 * A column may be called by the end of its path, `corrupt` for data.labels.corrupt, where no other column of
 * the table ends so; a whole name wins. The curves are read when they are asked for (`along curves`), when
 * the statistic is first or last, and when a column is named that only they have; the runs otherwise.
 *
 * Left out, and counted: rows of runs that diverged, unless rows are counted or a condition is on the
 * outcome; rows whose value, or whose column to be least or greatest, is missing or infinite. (A curve
 * counts as far as it goes.) Runs that meet the conditions on settings, and of whose records none meets the
 * others, are counted as absent. A row without a value in a column meets no condition on it. Numbers are equal
 * when they differ by less than 1e-12 of them.
 */
#ifndef ERMINE_NOTE_QUOTE_ROWS_H
#define ERMINE_NOTE_QUOTE_ROWS_H

#include "note/quote_read.h"

#include <ermine/table.h>

/* What a value is taken from. */
struct er_quote_source {
    const struct er_quote *quote; /* for places */
    const char *study;
    const struct er_table *runs, *curves;
};

struct er_quote_rows {
    const struct er_table *table;
    bool curves;
    int64_t column, by; /* -1: none */
    int64_t over[ER_QUOTE_MAX_PARTS], where[ER_QUOTE_MAX_PARTS + 2];
    int64_t *row, n; /* rising; at least one, unless they are counted */
    int64_t diverged, missing;
    int64_t runs,
        absent; /* of the curves: runs with these settings, and how many of them have no record here */
};

/* Whether the value fits the tables, which need no rows: of *out, all but the rows are set. ER_E_INPUT at the word
 * that is wrong: a column that is not there or not the only one, with the nearest; a comparison that does not
 * fit. */
enum er_status er_quote_rows_check(const struct er_quote_source *source, const struct er_quote_value *value,
                                   struct er_quote_rows *out, struct er_error *err);

/* Arrays are allocated from `memory`. ER_E_INPUT as er_quote_rows_check(), and for conditions that no row meets, with the
 * values that there are; rows that all are left out. ER_E_NOMEM. Cost: rows times conditions. */
enum er_status er_quote_rows_find(const struct er_quote_source *source, const struct er_quote_value *value,
                                  struct er_arena *memory, struct er_quote_rows *out, struct er_error *err);

/* ER_E_INPUT when the rows differ in a setting that is neither a seed nor one that the value is over: a mean
 * of them would mix what the study tells apart. */
enum er_status er_quote_rows_alike(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, struct er_error *err);

/* Whether the column is an axis that repeats a run: `seed`, `data.seed`. */
bool er_quote_repeats(const struct er_table_column *column);

/* Whether the column has the same value in both rows. */
bool er_quote_same(const struct er_table *table, int64_t column, int64_t row, int64_t other);

/* Of the curves: the place behind the last row, from place i on, of the run that row[i] is of. */
int64_t er_quote_run_end(const struct er_quote_rows *rows, int64_t i);

#endif
