/* quote_rows.c - the rows of a study's tables that a quoted value is taken from. */
#include "note/quote_rows.h"

#include "note/quote_absent.h"
#include "note/quote_columns.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

bool er_quote_repeats(const struct er_table_column *column)
{
    const char *dot = strrchr(column->name, '.');
    return column->axis && strcmp(dot ? dot + 1 : column->name, "seed") == 0;
}

bool er_quote_same(const struct er_table *table, int64_t column, int64_t row, int64_t other)
{
    const struct er_cell *a = cell(table, row, column), *b = cell(table, other, column);
    if (!table->column[column].numeric) return strcmp(a->text ? a->text : "", b->text ? b->text : "") == 0;
    return a->number == b->number || (isnan(a->number) && isnan(b->number));
}

static bool compare(enum er_comparison is, double a, double b)
{
    const bool equal = a == b || fabs(a - b) < 1e-12 * fmax(fabs(a), fabs(b));
    switch (is) {
    case ER_EQUAL:
        return equal;
    case ER_UNEQUAL:
        return !equal;
    case ER_LESS:
        return a < b && !equal;
    case ER_AT_MOST:
        return a < b || equal;
    case ER_MORE:
        return a > b && !equal;
    default:
        return a > b || equal;
    }
}

/* Whether a cell with the word `text` is one with `wanted`: that word, or what it stands for. */
static bool is_word(const struct er_table *table, int64_t column, const char *text, const char *wanted)
{
    if (strcmp(text, wanted) == 0) return true;
    for (int64_t i = 0; i < table->aliases; i++) {
        const struct er_alias *alias = &table->alias[i];
        if (alias->column == column && strcmp(alias->whole, wanted) == 0 && strcmp(alias->word, text) == 0)
            return true;
    }
    return false;
}

bool er_quote_meets(const struct er_table *table, int64_t row, int64_t column,
                    const struct er_quote_condition *condition)
{
    const struct er_cell *c = cell(table, row, column);
    if (table->column[column].numeric)
        return !isnan(c->number) && compare(condition->is, c->number, condition->number);
    return c->text && is_word(table, column, c->text, condition->value.text) == (condition->is == ER_EQUAL);
}

static enum er_status check_condition(const struct er_quote_source *source,
                                      const struct er_table_column *column,
                                      const struct er_quote_condition *condition, struct er_error *err)
{
    if (column->numeric && !condition->numeric)
        return er_quote_fail(source->quote, condition->value.at, err,
                             "\"%s\" holds numbers, and \"%s\" is none", column->name, condition->value.text);
    if (!column->numeric && condition->is != ER_EQUAL && condition->is != ER_UNEQUAL)
        return er_quote_fail(source->quote, condition->value.at, err,
                             "\"%s\" holds words; they can be compared by = and != only", column->name);
    return ER_OK;
}

static bool meets_all(const struct er_quote_rows *rows, const struct er_quote_value *value, int64_t row)
{
    for (int i = 0; i < value->n_where; i++)
        if (!er_quote_meets(rows->table, row, rows->where[i], &value->where[i])) return false;
    return true;
}

/* The column that says of a run whether it diverged; -1 where that does not matter. */
static int64_t outcome_column(const struct er_quote_rows *rows, const struct er_quote_value *value)
{
    const int64_t outcome = er_table_find(rows->table, "outcome");
    for (int i = 0; i < value->n_where; i++)
        if (rows->where[i] == outcome) return -1;
    return value->statistic == ER_COUNT ? -1 : outcome;
}

static bool has_value(const struct er_table *table, int64_t row, int64_t column)
{
    if (column < 0) return true;
    const struct er_cell *c = cell(table, row, column);
    return table->column[column].numeric ? isfinite(c->number) : c->text != NULL;
}

enum er_status er_quote_rows_check(const struct er_quote_source *source, const struct er_quote_value *value,
                                   struct er_quote_rows *out, struct er_error *err)
{
    enum er_status status = er_quote_columns(source, value, out, err);
    for (int i = 0; status == ER_OK && i < value->n_where; i++)
        status = check_condition(source, &out->table->column[out->where[i]], &value->where[i], err);
    return status;
}

int64_t er_quote_run_end(const struct er_quote_rows *rows, int64_t i)
{
    const struct er_table *table = rows->table;
    int64_t end = i + 1;
    for (; end < rows->n; end++)
        for (int64_t j = 0; j < table->columns; j++)
            if (table->column[j].axis && !er_quote_same(table, j, rows->row[end], rows->row[i])) return end;
    return end;
}

/* Whether a run, a row of the table of runs, meets the conditions on settings. */
static bool meets_settings(const struct er_quote_source *source, const struct er_quote_value *value,
                           const struct er_quote_rows *rows, int64_t run)
{
    for (int i = 0; i < value->n_where; i++) {
        const struct er_table_column *column = &rows->table->column[rows->where[i]];
        const int64_t setting = column->axis ? er_table_find(source->runs, column->name) : -1;
        if (setting >= 0 && !er_quote_meets(source->runs, run, setting, &value->where[i])) return false;
    }
    return true;
}

static void count_absent(const struct er_quote_source *source, const struct er_quote_value *value,
                         struct er_quote_rows *rows)
{
    int64_t present = 0;
    for (int64_t i = 0; i < source->runs->rows; i++) rows->runs += meets_settings(source, value, rows, i);
    for (int64_t i = 0; i < rows->n; i = er_quote_run_end(rows, i)) present++;
    rows->absent = rows->runs - present;
}

enum er_status er_quote_rows_find(const struct er_quote_source *source, const struct er_quote_value *value,
                                  struct er_arena *memory, struct er_quote_rows *out, struct er_error *err)
{
    struct er_quote_rows rows = {.column = -1, .by = -1};
    if (source->runs->rows == 0)
        return er_quote_fail(source->quote, value->at, err, "study %s has no results", source->study);
    enum er_status status = er_quote_rows_check(source, value, &rows, err);
    if (status != ER_OK) return status;
    if (rows.table->rows == 0)
        return er_quote_fail(source->quote, value->at, err, "study %s has no curves", source->study);
    rows.row = er_arena_alloc(memory, rows.table->rows, sizeof *rows.row);
    if (!rows.row) return er_fail(err, ER_E_NOMEM, "out of memory while evaluating a quoted value");
    const int64_t outcome = outcome_column(&rows, value);
    for (int64_t i = 0; i < rows.table->rows; i++) {
        if (!meets_all(&rows, value, i)) continue;
        const char *word = outcome < 0 ? NULL : cell(rows.table, i, outcome)->text;
        if (word && strcmp(word, "diverged") == 0)
            rows.diverged++;
        else if (!has_value(rows.table, i, rows.column) || !has_value(rows.table, i, rows.by))
            rows.missing++;
        else
            rows.row[rows.n++] = i;
    }
    if (rows.n == 0 && rows.diverged + rows.missing == 0)
        status = er_quote_check_absent(source, value, &rows, err);
    else if (rows.n == 0 && value->statistic != ER_COUNT)
        status =
            er_quote_fail(source->quote, value->at, err,
                          "no %s has a value of \"%s\": %" PRId64 " diverged, %" PRId64 " without a value",
                          rows.curves ? "record" : "run", rows.table->column[rows.column].name, rows.diverged,
                          rows.missing);
    if (status != ER_OK) return status;
    if (rows.curves) count_absent(source, value, &rows);
    *out = rows;
    return ER_OK;
}

static bool is_over(const struct er_quote_value *value, const struct er_quote_rows *rows, int64_t column)
{
    for (int i = 0; i < value->n_over; i++)
        if (rows->over[i] == column) return true;
    return false;
}

enum er_status er_quote_rows_alike(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, struct er_error *err)
{
    for (int64_t j = 0; j < rows->table->columns; j++) {
        const struct er_table_column *column = &rows->table->column[j];
        if (!column->axis || er_quote_repeats(column) || is_over(value, rows, j)) continue;
        for (int64_t i = 1; i < rows->n; i++)
            if (!er_quote_same(rows->table, j, rows->row[i], rows->row[0]))
                return er_quote_fail_mixed(source, value, rows, j, err);
    }
    return ER_OK;
}
