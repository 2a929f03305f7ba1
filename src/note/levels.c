/* levels.c - the different values of a column. */
#include "note/levels.h"

#include "note/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bool er_levels_numbers(const struct er_table *table, int64_t column, struct er_arena *memory,
                       struct er_values *out)
{
    double *number = er_arena_alloc(memory, table->rows, sizeof *number);
    if (!number) return false;
    int64_t n = 0, kept = 0;
    for (int64_t i = 0; i < table->rows; i++)
        if (isfinite(cell(table, i, column)->number)) number[n++] = cell(table, i, column)->number;
    qsort(number, (size_t)n, sizeof *number, compare_numbers);
    for (int64_t i = 0; i < n; i++)
        if (kept == 0 || number[i] != number[kept - 1]) number[kept++] = number[i];
    *out = (struct er_values){.numeric = true, .n = kept, .number = number};
    return true;
}

/* A copy in UTF-8. */
static const char *clean(struct er_arena *memory, const char *text)
{
    char *copy = er_arena_strdup(memory, text);
    if (copy) er_utf8_clean(copy);
    return copy;
}

enum er_status er_levels_words(const struct er_table *table, int64_t column, int64_t limit,
                               struct er_arena *memory, struct er_values *out, int64_t *index)
{
    const char **raw = er_arena_alloc(memory, limit, sizeof *raw);
    const char **text = er_arena_alloc(memory, limit, sizeof *text);
    if (!raw || !text) return ER_E_NOMEM;
    int64_t n = 0, last = 0;
    for (int64_t i = 0; i < table->rows; i++) {
        const char *word = cell(table, i, column)->text;
        index[i] = -1;
        if (!word) continue;
        if (last >= n || strcmp(raw[last], word) != 0) /* neighbouring rows mostly agree */
            for (last = 0; last < n && strcmp(raw[last], word) != 0;) last++;
        if (last == n) {
            if (n == limit) return ER_E_LIMIT;
            raw[n] = word;
            text[n] = clean(memory, word);
            if (!text[n++]) return ER_E_NOMEM;
        }
        index[i] = last;
    }
    *out = (struct er_values){.n = n, .text = text};
    return ER_OK;
}

int64_t er_levels_find(const struct er_values *values, double number)
{
    int64_t low = 0, high = values->n;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (values->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
