/* tables.h - tables of results made by hand.
 */
#ifndef ERMINE_TESTS_SUPPORT_TABLES_H
#define ERMINE_TESTS_SUPPORT_TABLES_H

#include <ermine/table.h>

/* An empty table with these columns (n of them, borrowed) and room for `rows` rows, all without a value;
 * exits when memory is out. */
struct er_table table_make(const struct er_table_column *column, int64_t columns, int64_t rows);

/* Sets a cell of row i: a number, or a word (borrowed). The column must be there. */
void table_number(struct er_table *table, int64_t i, const char *column, double value);
void table_word(struct er_table *table, int64_t i, const char *column, const char *word);

#endif
