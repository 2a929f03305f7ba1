/* text_column.h - a column of a table of texts as numbers, or as levels. Results are the arena's. */
#ifndef ERMINE_RANK_TEXT_COLUMN_H
#define ERMINE_RANK_TEXT_COLUMN_H

#include "rank/text_table.h"

/* (*out)[rows]: numbers, NaN where the cell is empty, "nan", "na", "null" or infinite. ER_E_INPUT with the place of what is none. */
enum er_status er_text_column_numbers(const struct er_text_table *t, int64_t column, struct er_arena *memory,
                                      const double **out, struct er_error *err);

/* (*level)[rows]: of numbers where all cells are, else of words. ER_E_LIMIT: more than `most`. */
enum er_status er_text_column_levels(const struct er_text_table *t, int64_t column, int64_t most,
                                     struct er_arena *memory, const int32_t **level, int64_t *levels,
                                     struct er_error *err);

/* ER_E_INPUT at a cell: column NAME: "TEXT" FLAW. */
enum er_status er_text_column_fail(const struct er_text_table *t, int64_t row, int64_t column,
                                   const char *flaw, struct er_error *err);

#endif
