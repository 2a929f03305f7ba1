/* table.c - a table of results as CSV and as JSON. */
#include <ermine/table.h>

#include "core/buffer.h"
#include "core/number.h"

#include <ermine/memory.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void er_table_clear(struct er_table *table)
{
    er_arena_free(table->memory);
    *table = (struct er_table){0};
}

int64_t er_table_find(const struct er_table *table, const char *column)
{
    for (int64_t i = 0; i < table->columns; i++)
        if (strcmp(table->column[i].name, column) == 0) return i;
    return -1;
}

/* RFC 4180: quoted when it holds a comma, a quote, or a line end; quotes are doubled. */
static void csv_text(struct er_buffer *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        er_buffer_text(out, text);
        return;
    }
    er_buffer_char(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"') er_buffer_char(out, '"');
        er_buffer_char(out, *c);
    }
    er_buffer_char(out, '"');
}

static void csv_number(struct er_buffer *out, double value)
{
    char text[ER_NUMBER_TEXT];
    if (isinf(value))
        er_buffer_text(out, value > 0 ? "inf" : "-inf");
    else if (!isnan(value))
        er_buffer_text(out, er_number_text(value, text));
}

enum er_status er_table_csv(const struct er_table *table, char **out, struct er_error *err)
{
    struct er_buffer csv = {0};
    for (int64_t j = 0; j < table->columns; j++) {
        if (j > 0) er_buffer_char(&csv, ',');
        csv_text(&csv, table->column[j].name);
    }
    er_buffer_char(&csv, '\n');
    for (int64_t i = 0; i < table->rows; i++)
        for (int64_t j = 0; j < table->columns; j++) {
            const struct er_cell *cell = &table->cell[i * table->columns + j];
            if (table->column[j].numeric)
                csv_number(&csv, cell->number);
            else if (cell->text)
                csv_text(&csv, cell->text);
            er_buffer_char(&csv, j + 1 < table->columns ? ',' : '\n');
        }
    return er_buffer_take(&csv, out, err);
}

/* Numbers are written by us, in the shortest exact form; jansson knows how to escape a text and what UTF-8
 * is. */
static enum er_status json_word(struct er_buffer *out, const char *text, struct er_error *err)
{
    json_t *string = json_string(text);
    char *escaped = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
    json_decref(string);
    if (!escaped) return er_fail(err, ER_E_INPUT, "table: a text is not UTF-8, JSON cannot hold it");
    er_buffer_text(out, escaped);
    free(escaped);
    return ER_OK;
}

static enum er_status json_cell(struct er_buffer *out, const struct er_table_column *column,
                                const struct er_cell *cell, struct er_error *err)
{
    char text[ER_NUMBER_TEXT];
    if (!column->numeric && cell->text) return json_word(out, cell->text, err);
    er_buffer_text(out,
                   column->numeric && isfinite(cell->number) ? er_number_text(cell->number, text) : "null");
    return ER_OK;
}

static enum er_status json_columns(struct er_buffer *out, const struct er_table *table, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t j = 0; status == ER_OK && j < table->columns; j++) {
        er_buffer_text(out, j > 0 ? ",\n    {\"name\": " : "\n    {\"name\": ");
        status = json_word(out, table->column[j].name, err);
        er_buffer_text(out, ", \"unit\": ");
        if (status == ER_OK) status = json_word(out, table->column[j].unit, err);
        er_buffer_char(out, '}');
    }
    return status;
}

static enum er_status json_rows(struct er_buffer *out, const struct er_table *table, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < table->rows; i++) {
        er_buffer_text(out, i > 0 ? ",\n    {" : "\n    {");
        for (int64_t j = 0; status == ER_OK && j < table->columns; j++) {
            if (j > 0) er_buffer_text(out, ", ");
            status = json_word(out, table->column[j].name, err);
            er_buffer_text(out, ": ");
            if (status == ER_OK)
                status = json_cell(out, &table->column[j], &table->cell[i * table->columns + j], err);
        }
        er_buffer_char(out, '}');
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

enum er_status er_table_json(const struct er_table *table, char **out, struct er_error *err)
{
    struct er_buffer json = {0};
    er_buffer_text(&json, "{\n  \"format\": \"ermine-table\",\n  \"version\": 1,\n  \"columns\": [");
    enum er_status status = json_columns(&json, table, err);
    er_buffer_text(&json, table->columns ? "\n  ],\n  \"rows\": [" : "],\n  \"rows\": [");
    if (status == ER_OK) status = json_rows(&json, table, err);
    er_buffer_text(&json, table->rows ? "\n  ]\n}\n" : "]\n}\n");
    if (status == ER_OK) return er_buffer_take(&json, out, err);
    er_buffer_clear(&json);
    return status;
}
