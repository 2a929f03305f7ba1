/* text_column.c - a column of texts as numbers, or as levels. */
#include "rank/text_column.h"
#include "core/number.h"
#include "data/shown.h"
#include "rank/table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
}

static bool missing(const char *text)
{
    static const char *const word[] = {"", "nan", "inf", "+inf", "-inf", "na", "null"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (strcasecmp(word[i], text) == 0) return true;
    return false;
}

static const struct er_text_cell *cell_of(const struct er_text_table *t, int64_t row, int64_t column)
{
    return &t->cell[row * t->columns + column];
}

enum er_status er_text_column_fail(const struct er_text_table *t, int64_t row, int64_t column,
                                   const char *flaw, struct er_error *err)
{
    char shown[ER_SHOWN], name[ER_SHOWN];
    const struct er_text_cell *cell = cell_of(t, row, column);
    return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column, "column %s: \"%s\" %s",
                      er_text_shown(t->name[column], strlen(t->name[column]), name),
                      er_text_shown(cell->text, strlen(cell->text), shown), flaw);
}

enum er_status er_text_column_numbers(const struct er_text_table *t, int64_t column, struct er_arena *memory,
                                      const double **out, struct er_error *err)
{
    double *value = er_arena_alloc(memory, t->rows, sizeof *value);
    if (!value) return no_memory(err);
    for (int64_t i = 0; i < t->rows; i++) {
        const char *text = cell_of(t, i, column)->text;
        if (missing(text))
            value[i] = NAN;
        else if (!er_number_real(text, &value[i]))
            return er_text_column_fail(t, i, column,
                                       "is not a number; leave the cell empty where a value is missing", err);
    }
    *out = value;
    return ER_OK;
}

/* Levels of a column: of numbers where all cells are, else of words. `numbers` and `words` have a row's number of places. */
static enum er_status find_levels(const struct er_text_table *t, int64_t column, int64_t most,
                                  double *numbers, const char **words, int32_t *level, int64_t *levels,
                                  struct er_error *err)
{
    bool all = true;
    for (int64_t i = 0; i < t->rows; i++) {
        words[i] = cell_of(t, i, column)->text;
        all = all && er_number_real(words[i], &numbers[i]);
    }
    return all ? er_rank_levels_of_numbers(t->rows, numbers, most, level, levels, err)
               : er_rank_levels_of_words(t->rows, words, most, level, levels, err);
}

enum er_status er_text_column_levels(const struct er_text_table *t, int64_t column, int64_t most,
                                     struct er_arena *memory, const int32_t **level, int64_t *levels,
                                     struct er_error *err)
{
    const int64_t n = t->rows;
    double *numbers = er_alloc(n, sizeof *numbers);
    const char **words = er_alloc(n, sizeof *words);
    int32_t *found = er_arena_alloc(memory, n, sizeof *found);
    enum er_status status = numbers && words && found
                                ? find_levels(t, column, most, numbers, words, found, levels, err)
                                : no_memory(err);
    er_free(numbers);
    er_free(words);
    *level = found;
    return status;
}
