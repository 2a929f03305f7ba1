/* quote_columns.h - columns by their names as they stand in a quoted value. */
#ifndef ERMINE_NOTE_QUOTE_COLUMNS_H
#define ERMINE_NOTE_QUOTE_COLUMNS_H

#include "note/quote_rows.h"

/* Chooses the table and finds all columns that the value names; of *out, table, curves, column, by, over and
 * where are set. Errors as er_quote_rows_find(). */
enum er_status er_quote_columns(const struct er_quote_source *source, const struct er_quote_value *value,
                                struct er_quote_rows *out, struct er_error *err);

#endif
