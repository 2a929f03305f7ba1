/* quote_columns.c - columns by their names as they stand in a quoted value. */
#include "note/quote_columns.h"

#include "core/number.h"

#include <ermine/study.h>
#include <string.h>

enum { AMBIGUOUS = -2, NONE = -1 };

/* Whether `name` is the end of the path, after a full stop. */
static bool ends_in(const char *path, const char *name)
{
    const size_t n = strlen(path), m = strlen(name);
    return n > m + 1 && path[n - m - 1] == '.' && strcmp(path + n - m, name) == 0;
}

static int64_t look_up(const struct er_table *table, const char *name)
{
    const int64_t whole = er_table_find(table, name);
    int64_t found = NONE;
    for (int64_t i = 0; whole < 0 && i < table->columns; i++)
        if (ends_in(table->column[i].name, name)) found = found == NONE ? i : AMBIGUOUS;
    return whole >= 0 ? whole : found;
}

static enum er_status fail_ambiguous(const struct er_quote_source *source, const struct er_table *table,
                                     const struct er_quote_word *name, struct er_error *err)
{
    const char *path[2] = {"", ""};
    int n = 0;
    for (int64_t i = 0; n < 2 && i < table->columns; i++)
        if (ends_in(table->column[i].name, name->text)) path[n++] = table->column[i].name;
    return er_quote_fail(source->quote, name->at, err,
                         "\"%s\" is short for %s and for %s; write as much of the name as tells them apart",
                         name->text, path[0], path[1]);
}

/* Whether a setting of runs is called so, in this study or another. */
static bool is_setting(const char *name)
{
    for (int64_t i = 0; er_schema_row(i); i++) {
        const char *path = er_schema_row(i)->path;
        if (er_schema_row(i)->keyed != ER_SCHEMA_UNKEYED && (strcmp(path, name) == 0 || ends_in(path, name)))
            return true;
    }
    return false;
}

/* The whole names and the last parts of all columns. */
static enum er_status fail_unknown(const struct er_quote_source *source, const struct er_quote_rows *rows,
                                   const struct er_quote_word *name, struct er_error *err)
{
    const struct er_table *table = rows->table;
    const char *what = rows->curves ? "the curves" : "the runs";
    const char **names = er_alloc(2 * table->columns, sizeof *names);
    if (!names) return er_fail(err, ER_E_NOMEM, "out of memory while evaluating a quoted value");
    for (int64_t i = 0; i < table->columns; i++) {
        const char *path = table->column[i].name, *dot = strrchr(path, '.');
        names[2 * i] = path;
        names[2 * i + 1] = dot ? dot + 1 : path;
    }
    const char *nearest = er_nearest(name->text, names, 2 * table->columns);
    if (nearest)
        er_quote_fail(source->quote, name->at, err,
                      "%s of study %s have no column \"%s\"; did you mean \"%s\"?", what, source->study,
                      name->text, nearest);
    else
        er_quote_fail(source->quote, name->at, err, "%s of study %s have no column \"%s\"%s", what,
                      source->study, name->text,
                      is_setting(name->text) ? "; as a setting it does not vary in this study" : "");
    er_free(names);
    return ER_E_INPUT;
}

static bool only_in_curves(const struct er_quote_source *source, const struct er_quote_word *name)
{
    return name->text && look_up(source->runs, name->text) == NONE &&
           look_up(source->curves, name->text) != NONE;
}

static bool wants_curves(const struct er_quote_source *source, const struct er_quote_value *value)
{
    bool wants = value->along || value->statistic == ER_FIRST || value->statistic == ER_LAST ||
                 only_in_curves(source, &value->column) || only_in_curves(source, &value->by);
    for (int i = 0; i < value->n_over; i++) wants = wants || only_in_curves(source, &value->over[i]);
    for (int i = 0; i < value->n_where; i++) wants = wants || only_in_curves(source, &value->where[i].column);
    return wants;
}

static enum er_status find(const struct er_quote_source *source, const struct er_quote_rows *rows,
                           const struct er_quote_word *name, int64_t *out, struct er_error *err)
{
    *out = name->text ? look_up(rows->table, name->text) : NONE;
    if (*out == AMBIGUOUS) return fail_ambiguous(source, rows->table, name, err);
    return *out == NONE && name->text ? fail_unknown(source, rows, name, err) : ER_OK;
}

static enum er_status want_numbers(const struct er_quote_source *source, const struct er_table *table,
                                   int64_t column, size_t at, struct er_error *err)
{
    if (column < 0 || table->column[column].numeric) return ER_OK;
    return er_quote_fail(source->quote, at, err, "\"%s\" holds words, not numbers; they can be counted",
                         table->column[column].name);
}

enum er_status er_quote_columns(const struct er_quote_source *source, const struct er_quote_value *value,
                                struct er_quote_rows *out, struct er_error *err)
{
    out->curves = wants_curves(source, value);
    out->table = out->curves ? source->curves : source->runs;
    enum er_status status = find(source, out, &value->column, &out->column, err);
    if (status == ER_OK) status = find(source, out, &value->by, &out->by, err);
    for (int i = 0; status == ER_OK && i < value->n_over; i++)
        status = find(source, out, &value->over[i], &out->over[i], err);
    for (int i = 0; status == ER_OK && i < value->n_where; i++)
        status = find(source, out, &value->where[i].column, &out->where[i], err);
    if (status == ER_OK && value->statistic != ER_COUNT)
        status = want_numbers(source, out->table, out->column, value->column.at, err);
    if (status == ER_OK) status = want_numbers(source, out->table, out->by, value->by.at, err);
    for (int i = 0; status == ER_OK && i < value->n_over; i++)
        if (!out->table->column[out->over[i]].axis)
            status = er_quote_fail(source->quote, value->over[i].at, err,
                                   "\"%s\" is a result; a mean is taken over settings",
                                   out->table->column[out->over[i]].name);
    return status;
}
