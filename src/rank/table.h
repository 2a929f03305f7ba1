/* table.h - whether a table of models is one. */
#ifndef ERMINE_RANK_TABLE_H
#define ERMINE_RANK_TABLE_H

#include <ermine/rank.h>

/* ER_E_USAGE (no measure, a level, a direction or a train size out of its range), ER_E_LIMIT. */
enum er_status er_rank_table_check(const struct er_rank_table *table, struct er_error *err);

/* er_rank_number_levels() and er_rank_word_levels() with at most `most` levels. */
enum er_status er_rank_levels_of_numbers(int64_t n, const double *value, int64_t most, int32_t *level,
                                         int64_t *levels, struct er_error *err);
enum er_status er_rank_levels_of_words(int64_t n, const char *const *word, int64_t most, int32_t *level,
                                       int64_t *levels, struct er_error *err);

#endif
