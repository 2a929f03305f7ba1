/* levels.h - the different values of a column: what colours, a slider and words along x are made of.
 */
#ifndef ERMINE_NOTE_LEVELS_H
#define ERMINE_NOTE_LEVELS_H

#include <ermine/memory.h>
#include <ermine/table.h>

/* The different values of a column: numbers rising, words in the order of the table. */
struct er_values {
    bool numeric;
    int64_t n;
    const double *number;
    const char **text; /* UTF-8 */
};

/* The different finite numbers of a column. False when memory is out. */
bool er_levels_numbers(const struct er_table *table, int64_t column, struct er_arena *memory,
                       struct er_values *out);

/* The different words of a column, and for each row the index of its word (-1: none). ER_E_LIMIT when there are
 * more than `limit`, ER_E_NOMEM; neither has a message. */
enum er_status er_levels_words(const struct er_table *table, int64_t column, int64_t limit,
                               struct er_arena *memory, struct er_values *out, int64_t *index);

/* The index of a number that is among them. */
int64_t er_levels_find(const struct er_values *values, double number);

#endif
