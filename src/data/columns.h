/* columns.h - the target in a table of numbers, and what is wrong with a value there. */
#ifndef ERMINE_DATA_COLUMNS_H
#define ERMINE_DATA_COLUMNS_H

#include <ermine/data.h>

/* The column named `target`; NULL: the last. ER_E_NOT_FOUND names the nearest, ER_E_INPUT: two of that name,
 * or no room for a target and an input. */
enum er_status er_columns_find(const struct er_columns *table, const char *target, int64_t *column,
                               struct er_error *err);

/* ER_E_INPUT: "row 3, column age: the `what` 1e300 `flaw`". */
enum er_status er_columns_fail(const struct er_columns *table, int64_t row, int64_t column, const char *what,
                               const char *flaw, struct er_error *err);

#endif
