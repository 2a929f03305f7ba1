/* csv_cells.c - cells of comma-separated values, quoted or bare. */
#include "data/csv_cells.h"

#include <string.h>

static int64_t column_here(const struct er_csv_cursor *c)
{
    return (int64_t)(c->at - c->line_start) + 1;
}

enum er_status er_csv_fail_here(const struct er_csv_cursor *c, enum er_status code, const char *what,
                                struct er_error *err)
{
    return er_fail_at(err, code, NULL, c->line, column_here(c), "%s", what);
}

size_t er_csv_line_end(const struct er_csv_cursor *c)
{
    if (c->at < c->n && c->text[c->at] == '\n') return 1;
    return c->n - c->at >= 2 && c->text[c->at] == '\r' && c->text[c->at + 1] == '\n' ? 2 : 0;
}

void er_csv_next_line(struct er_csv_cursor *c, size_t bytes)
{
    c->at += bytes;
    c->line += bytes > 0;
    c->line_start = c->at;
}

static void skip_blanks(struct er_csv_cursor *c)
{
    while (c->at < c->n && (c->text[c->at] == ' ' || c->text[c->at] == '\t')) c->at++;
}

static enum er_status put(const struct er_csv_cursor *c, struct er_csv_cell *cell, char byte,
                          struct er_error *err)
{
    if (byte == '\0') return er_csv_fail_here(c, ER_E_INPUT, "a NUL byte, which no text has", err);
    if (cell->length == ER_CSV_CELL_MAX)
        return er_fail_at(err, ER_E_LIMIT, NULL, cell->line, cell->column, "a cell of more than %d bytes",
                          ER_CSV_CELL_MAX);
    cell->text[cell->length++] = byte;
    return ER_OK;
}

/* The text between quotes; the cursor stands on the first quote, then behind the last one and blanks. */
static enum er_status read_quoted(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_error *err)
{
    for (c->at++; c->at < c->n; c->at++) {
        const char byte = c->text[c->at];
        if (byte == '"') {
            const bool doubled = c->at + 1 < c->n && c->text[c->at + 1] == '"';
            c->at += 1;
            if (!doubled) {
                skip_blanks(c);
                return ER_OK;
            }
        }
        enum er_status status = put(c, cell, byte, err);
        if (status != ER_OK) return status;
        if (byte == '\n') {
            c->line++;
            c->line_start = c->at + 1;
        }
    }
    return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column, "a quote that is never closed");
}

static enum er_status read_bare(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_error *err)
{
    for (; c->at < c->n && c->text[c->at] != ',' && !er_csv_line_end(c); c->at++) {
        if (c->text[c->at] == '"')
            return er_csv_fail_here(c, ER_E_INPUT, "a quote inside a cell that does not begin with one", err);
        if (c->text[c->at] == '\r')
            return er_csv_fail_here(c, ER_E_INPUT, "a carriage return without a line feed", err);
        enum er_status status = put(c, cell, c->text[c->at], err);
        if (status != ER_OK) return status;
    }
    while (cell->length > 0 && strchr(" \t", cell->text[cell->length - 1])) cell->length--;
    return ER_OK;
}

enum er_status er_csv_cell_read(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_error *err)
{
    skip_blanks(c);
    cell->line = c->line;
    cell->column = column_here(c);
    cell->length = 0;
    const bool quoted = c->at < c->n && c->text[c->at] == '"';
    enum er_status status = quoted ? read_quoted(c, cell, err) : read_bare(c, cell, err);
    if (status != ER_OK) return status;
    cell->text[cell->length] = '\0';
    cell->last = c->at == c->n || c->text[c->at] != ',';
    if (!cell->last) {
        c->at++;
        return ER_OK;
    }
    const size_t end = er_csv_line_end(c);
    if (c->at < c->n && !end)
        return er_csv_fail_here(c, ER_E_INPUT,
                                "text behind a closing quote, where a comma or the line's end belongs", err);
    er_csv_next_line(c, end);
    return ER_OK;
}

int64_t er_csv_separators(const struct er_csv_cursor *c)
{
    int64_t count = 0;
    for (size_t i = c->at; i < c->n; i++) count += c->text[i] == ',' || c->text[i] == '\n';
    return count;
}
