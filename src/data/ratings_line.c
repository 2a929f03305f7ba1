/* ratings_line.c - cells of one line after the other, without copying them. */
#include "data/ratings_line.h"

#include <string.h>

static const char *const separators[ER_SEPARATORS] = {"::", "\t", ",", ";", " "};

size_t er_line_end(const struct er_line_reader *r)
{
    if (r->at < r->n && r->text[r->at] == '\n') return 1;
    return r->n - r->at >= 2 && r->text[r->at] == '\r' && r->text[r->at + 1] == '\n' ? 2 : 0;
}

void er_line_next(struct er_line_reader *r, size_t bytes)
{
    r->at += bytes;
    r->line += bytes > 0;
    r->line_start = r->at;
}

static bool is_blank(const struct er_line_reader *r, char c)
{
    return c == ' ' || (c == '\t' && r->separator != ER_TAB);
}

static void skip_blanks(struct er_line_reader *r)
{
    while (r->at < r->n && is_blank(r, r->text[r->at])) r->at++;
}

/* Bytes of a separator here, 0 where none is. Blanks in a row are one, and none before the line's end. */
static size_t separator_here(const struct er_line_reader *r)
{
    if (r->separator == ER_BLANKS) {
        struct er_line_reader behind = *r;
        skip_blanks(&behind);
        return behind.at == r->n || er_line_end(&behind) ? 0 : behind.at - r->at;
    }
    const char *s = separators[r->separator];
    const size_t length = strlen(s);
    return r->n - r->at >= length && memcmp(r->text + r->at, s, length) == 0 ? length : 0;
}

/* The text between quotes; the reader stands on the first quote, then behind the last one. */
static enum er_status read_quoted(struct er_line_reader *r, struct er_rating_cell *cell, struct er_error *err)
{
    bool doubled = false;
    size_t copied = 0;
    cell->text = r->text + ++r->at;
    for (; r->at < r->n; r->at++) {
        const char byte = r->text[r->at];
        if (byte == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        }
        if (byte == '"' && (r->at + 1 == r->n || r->text[r->at + 1] != '"')) {
            cell->length = doubled ? copied : (size_t)(r->text + r->at - cell->text);
            if (doubled) cell->text = cell->own;
            r->at++;
            return ER_OK;
        }
        if (byte == '"' && !doubled) {
            copied = (size_t)(r->text + r->at - cell->text);
            if (copied < sizeof cell->own) memcpy(cell->own, cell->text, copied);
            doubled = true;
        }
        if (byte == '"') r->at++;
        if (!doubled) continue;
        if (copied >= sizeof cell->own)
            return er_fail_at(err, ER_E_LIMIT, NULL, cell->line, cell->column,
                              "a cell with quotes in it of more than %d bytes", ER_RATING_CELL_MAX);
        cell->own[copied++] = byte;
    }
    return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column, "a quote that is never closed");
}

static void read_bare(struct er_line_reader *r, struct er_rating_cell *cell)
{
    const char first = separators[r->separator][0];
    cell->text = r->text + r->at;
    for (; r->at < r->n; r->at++) {
        const char byte = r->text[r->at];
        if (byte == '\n' || (byte == '\r' && er_line_end(r))) break;
        if (byte != first && !(byte == '\t' && first == ' ')) continue;
        if (separator_here(r)) break;
        if (r->separator == ER_BLANKS) { /* none of those before the line's end begins a separator */
            skip_blanks(r);
            break;
        }
    }
    cell->length = (size_t)(r->text + r->at - cell->text);
    while (cell->length > 0 && is_blank(r, cell->text[cell->length - 1])) cell->length--;
}

enum er_status er_line_cell(struct er_line_reader *r, struct er_rating_cell *cell, struct er_error *err)
{
    skip_blanks(r);
    cell->line = r->line;
    cell->column = (int64_t)(r->at - r->line_start) + 1;
    if (r->at < r->n && r->text[r->at] == '"' && r->separator != ER_COLONS) {
        enum er_status status = read_quoted(r, cell, err);
        if (status != ER_OK) return status;
        if (!separator_here(r)) skip_blanks(r);
    } else {
        read_bare(r, cell);
    }
    const size_t between = separator_here(r);
    r->at += between;
    cell->last = between == 0;
    if (!cell->last) return ER_OK;
    const size_t end = er_line_end(r);
    if (r->at < r->n && !end)
        return er_fail_at(err, ER_E_INPUT, NULL, r->line, (int64_t)(r->at - r->line_start) + 1,
                          "text behind a closing quote, where the cell ends");
    er_line_next(r, end);
    return ER_OK;
}
