/* quote_absent.c - what to say when no rows, or rows of several kinds, are found. */
#include "note/quote_absent.h"

#include "core/buffer.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

enum {
    MOST_WORDS = 200, /* different words among which the nearest is looked for */
    MOST_LISTED = 6,
    MOST_BYTES = 200 /* of a list in a message */
};

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while evaluating a quoted value");
}

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

/* The different words of a column in the order of the table, at most MOST_WORDS; how many. */
static int64_t distinct_words(const struct er_table *table, int64_t column, const char *word[MOST_WORDS])
{
    int64_t n = 0;
    for (int64_t i = 0; i < table->rows && n < MOST_WORDS; i++) {
        const char *text = cell(table, i, column)->text;
        int64_t j = 0;
        while (text && j < n && strcmp(word[j], text) != 0) j++;
        if (text && j == n) word[n++] = text;
    }
    return n;
}

static void list_words(struct er_buffer *out, const char *const *word, int64_t n)
{
    int64_t i = 0;
    for (; i < n && i < MOST_LISTED && out->length + strlen(word[i]) < MOST_BYTES; i++)
        er_buffer_format(out, "%s%s", i > 0 ? ", " : "", word[i]);
    if (i < n) er_buffer_text(out, i > 0 ? ", ..." : "...");
}

/* No row has the word that is wanted. */
static enum er_status fail_word(const struct er_quote_source *source,
                                const struct er_quote_condition *condition, const struct er_quote_rows *rows,
                                int64_t column, struct er_error *err)
{
    const char *word[MOST_WORDS] = {0}, *name = rows->table->column[column].name;
    struct er_buffer list = {0};
    const int64_t n = distinct_words(rows->table, column, word);
    const char *nearest = er_nearest(condition->value.text, word, n);
    list_words(&list, word, n);
    if (list.status != ER_OK) return no_memory(err);
    if (n == 0)
        er_quote_fail(source->quote, condition->column.at, err, "no %s has a value of \"%s\"",
                      rows->curves ? "record" : "run", name);
    else if (condition->is == ER_UNEQUAL)
        er_quote_fail(source->quote, condition->value.at, err, "every value of \"%s\" is \"%s\"", name,
                      condition->value.text);
    else if (nearest)
        er_quote_fail(source->quote, condition->value.at, err, "\"%s\" is never \"%s\"; did you mean \"%s\"?",
                      name, condition->value.text, nearest);
    else
        er_quote_fail(source->quote, condition->value.at, err, "\"%s\" is never \"%s\", but %s", name,
                      condition->value.text, list.data);
    er_buffer_clear(&list);
    return ER_E_INPUT;
}

/* No row has a number that is wanted: the values nearest to it on both sides. */
static enum er_status fail_number(const struct er_quote_source *source,
                                  const struct er_quote_condition *condition,
                                  const struct er_quote_rows *rows, int64_t column, struct er_error *err)
{
    const struct er_table *table = rows->table;
    const char *name = table->column[column].name, *comparison = er_comparison_name[condition->is];
    char wanted[ER_NUMBER_TEXT], text[2][ER_NUMBER_TEXT];
    double below = -(double)INFINITY, above = (double)INFINITY;
    for (int64_t i = 0; i < table->rows; i++) {
        const double number = cell(table, i, column)->number;
        if (number <= condition->number) below = fmax(below, number);
        if (number >= condition->number) above = fmin(above, number);
    }
    er_number_text(condition->number, wanted);
    er_number_text(isfinite(below) ? below : above, text[0]);
    er_number_text(above, text[1]);
    if (isinf(below) && isinf(above))
        return er_quote_fail(source->quote, condition->column.at, err, "no %s has a value of \"%s\"",
                             rows->curves ? "record" : "run", name);
    if (isinf(below) || isinf(above) || below == above)
        return er_quote_fail(source->quote, condition->value.at, err,
                             "\"%s\" is never %s %s; the nearest value is %s", name, comparison, wanted,
                             text[0]);
    return er_quote_fail(source->quote, condition->value.at, err,
                         "\"%s\" is never %s %s; the nearest values are %s and %s", name, comparison, wanted,
                         text[0], text[1]);
}

enum er_status er_quote_check_absent(const struct er_quote_source *source, const struct er_quote_value *value,
                                     const struct er_quote_rows *rows, struct er_error *err)
{
    for (int i = 0; i < value->n_where; i++) {
        const int64_t column = rows->where[i];
        int64_t row = 0;
        if (value->statistic == ER_COUNT && !rows->table->column[column].axis) continue;
        while (row < rows->table->rows && !er_quote_meets(rows->table, row, column, &value->where[i])) row++;
        if (row < rows->table->rows) continue;
        return (rows->table->column[column].numeric ? fail_number : fail_word)(source, &value->where[i], rows,
                                                                               column, err);
    }
    if (value->statistic == ER_COUNT) return ER_OK;
    return er_quote_fail(source->quote, value->where[0].column.at, err,
                         "each of these conditions is met by some %s, and all of them by none",
                         rows->curves ? "record" : "run");
}

enum er_status er_quote_fail_mixed(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, int64_t column, struct er_error *err)
{
    const struct er_table *table = rows->table;
    const char *name = table->column[column].name;
    const char *word[MOST_LISTED + 1] = {0};
    char number[MOST_LISTED + 1][ER_NUMBER_TEXT];
    struct er_buffer list = {0};
    int64_t n = 0;
    for (int64_t i = 0; i < rows->n && n <= MOST_LISTED; i++) {
        const struct er_cell *c = cell(table, rows->row[i], column);
        const char *text = table->column[column].numeric ? er_number_text(c->number, number[n])
                           : c->text                     ? c->text
                                                         : "none";
        int64_t j = 0;
        while (j < n && strcmp(word[j], text) != 0) j++;
        if (j == n) word[n++] = text;
    }
    list_words(&list, word, n);
    if (list.status != ER_OK) return no_memory(err);
    er_quote_fail(source->quote, value->at, err,
                  "this would mix runs that differ in %s (%s): say which with \"where %s = %s\", or take all "
                  "with \"over %s\"",
                  name, list.data, name, word[0], name);
    er_buffer_clear(&list);
    return ER_E_INPUT;
}
