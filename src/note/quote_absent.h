/* quote_absent.h - what to say when no rows, or rows of several kinds, are found: with the values that there
 * are. */
#ifndef ERMINE_NOTE_QUOTE_ABSENT_H
#define ERMINE_NOTE_QUOTE_ABSENT_H

#include "note/quote_rows.h"

/* Whether a row meets one condition, which fits its column. */
bool er_quote_meets(const struct er_table *table, int64_t row, int64_t column,
                    const struct er_quote_condition *condition);

/* No row meets the conditions: ER_E_INPUT at the first that none meets, or ER_E_NOMEM. ER_OK when rows are
 * counted and every setting that is asked for exists: there are 0 of them. */
enum er_status er_quote_check_absent(const struct er_quote_source *source, const struct er_quote_value *value,
                                     const struct er_quote_rows *rows, struct er_error *err);

/* The rows differ in the setting `column`: ER_E_INPUT or ER_E_NOMEM. */
enum er_status er_quote_fail_mixed(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, int64_t column, struct er_error *err);

#endif
