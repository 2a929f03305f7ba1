/* csv.c - tables of numbers as comma-separated values.
 *
 *     table = [header end] row end ... row [end ...]        row = cell, cell, ...        end = LF | CR LF
 *     cell  = blanks text blanks | blanks "text with "" for a quote" blanks
 *
 * The first line is read twice: once to count its cells and see whether they are numbers, once for names or
 * values. A cell costs the file at least one byte, its separator; so what is allocated, 8 bytes for each
 * separator, is bounded by the length of the text.
 * Source: RFC 4180, and more lenient: a byte order mark, blanks around cells and empty lines at the end are
 * dropped.
 */
#include "core/number.h"
#include "data/csv_cells.h"
#include "data/recognise.h"
#include "data/shown.h"

#include <ermine/data.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS_MAX = 100000 };

/* A word that other programs write where a number is missing or not finite; NumPy, R, pandas, spreadsheets.
 */
static bool is_missing_word(const char *text)
{
    static const char *const word[] = {"nan",  "+nan", "-nan", "na",   "n/a", "null",
                                       "none", "?",    "inf",  "+inf", "-inf"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (strcasecmp(text, word[i]) == 0) return true;
    return false;
}

/* Numbers and words that stand for them: the first line is a row, and not one to be dropped as a header. */
static enum er_status fail_missing(const struct er_csv_cell *cell, struct er_error *err)
{
    char shown[ER_SHOWN];
    return er_fail_at(
        err, ER_E_INPUT, NULL, cell->line, cell->column,
        "\"%s\" beside numbers in the first line, which has no names; leave the cell empty where "
        "a value is missing",
        er_text_shown(cell->text, cell->length, shown));
}

/* Counts the cells of the first line and says whether they are names. */
static enum er_status survey(struct er_csv_cursor c, struct er_csv_cell *cell, int64_t *columns, bool *header,
                             struct er_error *err)
{
    int64_t numbers = 0;
    int64_t words = 0;
    int64_t missing = 0;
    struct er_error first = {0}; /* of the words for a missing number */
    *columns = 0;
    do {
        double value;
        enum er_status status = er_csv_cell_read(&c, cell, err);
        if (status != ER_OK) return status;
        if (*columns == COLUMNS_MAX)
            return er_fail_at(err, ER_E_LIMIT, NULL, cell->line, cell->column, "more than %d columns",
                              COLUMNS_MAX);
        *columns += 1;
        if (er_number_real(cell->text, &value))
            numbers++;
        else if (cell->length > 0)
            words++;
        if (is_missing_word(cell->text) && missing++ == 0) fail_missing(cell, &first);
    } while (!cell->last);
    if (numbers > 0 && missing > 0 && missing == words) {
        if (err) *err = first;
        return ER_E_INPUT;
    }
    *header = words > 0 || numbers == 0;
    return ER_OK;
}

/* Takes the names from the first line when it is a header; columns without one are v1, v2, ... by place. */
static enum er_status read_names(struct er_csv_cursor *c, struct er_csv_cell *cell, bool header,
                                 struct er_columns *t, struct er_error *err)
{
    t->name = er_alloc(t->columns, sizeof *t->name);
    if (!t->name) return er_fail(err, ER_E_NOMEM, "CSV: out of memory for %" PRId64 " names", t->columns);
    for (int64_t i = 0; i < t->columns; i++) {
        cell->length = 0;
        enum er_status status = header ? er_csv_cell_read(c, cell, err) : ER_OK;
        if (status != ER_OK) return status;
        if (cell->length == 0) snprintf(cell->text, sizeof cell->text, "v%" PRId64, i + 1);
        if (!er_text_plain(cell->text, cell->length))
            return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                              "a column's name that is not UTF-8 text on one line");
        t->name[i] = er_strdup(cell->text);
        if (!t->name[i]) return er_fail(err, ER_E_NOMEM, "CSV: out of memory for %" PRId64 " names", i);
    }
    return ER_OK;
}

static enum er_status fail_number(const struct er_csv_cell *cell, const char *name, struct er_error *err)
{
    char shown[ER_SHOWN];
    char shown_name[ER_SHOWN];
    const char *hint = strpbrk(cell->text, ";\t") ? "; cells are separated by commas"
                       : strlen(cell->text) <= 4  ? "; leave the cell empty where a value is missing"
                                                  : "";
    return er_fail_at(
        err, ER_E_INPUT, NULL, cell->line, cell->column, "column %s: \"%s\" is not a finite number%s",
        er_text_shown(name, strlen(name), shown_name), er_text_shown(cell->text, cell->length, shown), hint);
}

static enum er_status read_row(struct er_csv_cursor *c, struct er_csv_cell *cell, const struct er_columns *t,
                               double *row, struct er_error *err)
{
    for (int64_t i = 0; i < t->columns; i++) {
        enum er_status status = er_csv_cell_read(c, cell, err);
        if (status != ER_OK) return status;
        if (cell->length == 0)
            row[i] = NAN;
        else if (!er_number_real(cell->text, &row[i]))
            return fail_number(cell, t->name[i], err);
        if (cell->last != (i + 1 == t->columns))
            return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                              cell->last ? "the row ends after %" PRId64 " cells, the table has %" PRId64
                                         : "the row goes on after %" PRId64 " cells, the table has %" PRId64,
                              i + 1, t->columns);
    }
    return ER_OK;
}

static enum er_status read_rows(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_columns *t,
                                struct er_error *err)
{
    const int64_t room = er_csv_separators(c) + 1;
    t->value = er_alloc(room, sizeof *t->value);
    if (!t->value) return er_fail(err, ER_E_NOMEM, "CSV: out of memory for %" PRId64 " cells", room);
    int64_t empty_line = 0;
    while (c->at < c->n) {
        const size_t end = er_csv_line_end(c);
        if (end && !empty_line) empty_line = c->line;
        if (end) {
            er_csv_next_line(c, end);
            continue;
        }
        if (empty_line)
            return er_fail_at(err, ER_E_INPUT, NULL, empty_line, 1, "an empty line inside the table");
        enum er_status status = read_row(c, cell, t, t->value + t->rows * t->columns, err);
        if (status != ER_OK) return status;
        t->rows++;
    }
    if (t->rows == 0) return er_fail_at(err, ER_E_INPUT, NULL, c->line, 0, "the table has no rows");
    return ER_OK;
}

enum er_status er_csv_parse(const char *text, size_t n, struct er_columns *out, struct er_error *err)
{
    struct er_csv_cursor c = {.text = text, .n = n, .line = 1};
    struct er_columns t = {0};
    bool header = false;
    const char *looks = er_data_looks((const unsigned char *)text, n);
    if (*looks) return er_fail(err, ER_E_INPUT, "this is no table of comma-separated numbers%s", looks);
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) c.at = c.line_start = 3;
    if (c.at == n || er_csv_line_end(&c))
        return er_csv_fail_here(&c, ER_E_INPUT, "the first line is empty", err);
    struct er_csv_cell *cell = er_alloc(1, sizeof *cell);
    if (!cell) return er_fail(err, ER_E_NOMEM, "CSV: out of memory");
    enum er_status status = survey(c, cell, &t.columns, &header, err);
    if (status != ER_OK) goto fail;
    status = read_names(&c, cell, header, &t, err);
    if (status == ER_OK) status = read_rows(&c, cell, &t, err);
    if (status != ER_OK) goto fail;
    er_free(cell);
    *out = t;
    return ER_OK;
fail:
    er_free(cell);
    er_columns_clear(&t);
    return status;
}
