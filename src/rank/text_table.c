/* text_table.c - a header and rows of as many cells. */
#include "rank/text_table.h"
#include "core/number.h"
#include "data/csv_cells.h"
#include "data/recognise.h"
#include "data/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 10000 };

static const size_t memory_most = (size_t)8 << 30;

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
}

static enum er_status check_name(const struct er_text_table *t, const struct er_csv_cell *cell,
                                 struct er_error *err)
{
    char shown[ER_SHOWN];
    if (t->columns == COLUMNS_MAX)
        return er_fail_at(err, ER_E_LIMIT, NULL, cell->line, cell->column, "more than %d columns",
                          COLUMNS_MAX);
    if (cell->length == 0 || !er_text_plain(cell->text, cell->length))
        return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                          "a column's name that is %s: the first line of a table of models has their names",
                          cell->length == 0 ? "empty" : "no UTF-8 text on one line");
    if (er_text_table_find(t, cell->text) >= 0)
        return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column, "two columns are named %s",
                          er_text_shown(cell->text, cell->length, shown));
    return ER_OK;
}

/* Names go into a growing list: at most twice as long as need be, so that the header's length bounds it. */
static enum er_status read_header(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_text_table *t,
                                  struct er_error *err)
{
    int64_t room = 0;
    do {
        enum er_status status = er_csv_cell_read(c, cell, err);
        if (status == ER_OK) status = check_name(t, cell, err);
        if (status != ER_OK) return status;
        if (t->columns == room) {
            const int64_t more = room ? 2 * room : 16;
            const char **name = er_arena_alloc(t->memory, more, sizeof *name);
            if (!name) return no_memory(err);
            if (room) memcpy(name, t->name, (size_t)room * sizeof *name);
            t->name = name;
            room = more;
        }
        t->name[t->columns] = er_arena_strdup(t->memory, cell->text);
        if (!t->name[t->columns]) return no_memory(err);
        t->columns++;
    } while (!cell->last);
    return ER_OK;
}

static enum er_status read_row(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_text_table *t,
                               struct er_error *err)
{
    struct er_text_cell *row = t->cell + t->rows * t->columns;
    for (int64_t i = 0; i < t->columns; i++) {
        const enum er_status status = er_csv_cell_read(c, cell, err);
        if (status != ER_OK) return status;
        if (!er_text_plain(cell->text, cell->length))
            return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                              "a cell that is no UTF-8 text on one line");
        if (cell->last != (i + 1 == t->columns))
            return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                              cell->last ? "the row ends after %" PRId64 " cells, the table has %" PRId64
                                         : "the row goes on after %" PRId64 " cells, the table has %" PRId64,
                              i + 1, t->columns);
        const char *text = cell->length ? er_arena_strdup(t->memory, cell->text) : "";
        if (!text) return no_memory(err);
        row[i] = (struct er_text_cell){text, (int32_t)cell->line, (int32_t)cell->column};
    }
    t->rows++;
    return ER_OK;
}

static enum er_status read_rows(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_text_table *t,
                                struct er_error *err)
{
    int64_t empty_line = 0;
    t->cell = er_arena_alloc(t->memory, er_csv_separators(c) + 1, sizeof *t->cell);
    if (!t->cell) return no_memory(err);
    while (c->at < c->n) {
        const size_t end = er_csv_line_end(c);
        if (end && !empty_line) empty_line = c->line;
        if (end) {
            er_csv_next_line(c, end);
            continue;
        }
        if (empty_line)
            return er_fail_at(err, ER_E_INPUT, NULL, empty_line, 1, "an empty line inside the table");
        const enum er_status status = read_row(c, cell, t, err);
        if (status != ER_OK) return status;
    }
    return t->rows > 0 ? ER_OK : er_fail_at(err, ER_E_INPUT, NULL, c->line, 0, "the table has no rows");
}

static enum er_status read_all(struct er_csv_cursor *c, struct er_csv_cell *cell, struct er_text_table *t,
                               struct er_error *err)
{
    if (c->n >= 3 && memcmp(c->text, "\xef\xbb\xbf", 3) == 0) c->at = c->line_start = 3;
    if (c->at == c->n || er_csv_line_end(c))
        return er_csv_fail_here(c, ER_E_INPUT, "the first line is empty", err);
    const enum er_status status = read_header(c, cell, t, err);
    return status == ER_OK ? read_rows(c, cell, t, err) : status;
}

enum er_status er_text_table_parse(const char *text, size_t n, struct er_text_table *out,
                                   struct er_error *err)
{
    struct er_text_table t = {0};
    struct er_csv_cursor c = {.text = text, .n = n, .line = 1};
    const char *looks = er_data_looks((const unsigned char *)text, n);
    if (*looks) return er_fail(err, ER_E_INPUT, "this is no table of comma-separated values%s", looks);
    if (n > INT32_MAX) return er_fail(err, ER_E_LIMIT, "a table of models of more than 2 GiB");
    enum er_status status = er_arena_new(memory_most, &t.memory, err);
    if (status != ER_OK) return status;
    struct er_csv_cell *cell = er_alloc(1, sizeof *cell);
    status = cell ? read_all(&c, cell, &t, err) : no_memory(err);
    er_free(cell);
    if (status == ER_OK)
        *out = t;
    else
        er_text_table_clear(&t);
    return status;
}

void er_text_table_clear(struct er_text_table *table)
{
    er_arena_free(table->memory);
    *table = (struct er_text_table){0};
}

int64_t er_text_table_find(const struct er_text_table *table, const char *name)
{
    for (int64_t i = 0; i < table->columns; i++)
        if (strcmp(table->name[i], name) == 0) return i;
    return -1;
}

enum er_status er_text_table_need(const struct er_text_table *table, const char *name, int64_t *column,
                                  struct er_error *err)
{
    char shown[ER_SHOWN], near[ER_SHOWN];
    *column = er_text_table_find(table, name);
    if (*column >= 0) return ER_OK;
    const char *nearest = er_nearest(name, table->name, table->columns);
    return er_fail(err, ER_E_NOT_FOUND, "there is no column \"%s\"%s%s%s",
                   er_text_shown(name, strlen(name), shown), nearest ? "; did you mean \"" : "",
                   nearest ? er_text_shown(nearest, strlen(nearest), near) : "", nearest ? "\"?" : "");
}

/* A row among others. */
struct row {
    const struct er_text_cell *cell; /* columns of them */
    int64_t columns, number;
};

static int texts_order(const struct row *x, const struct row *y)
{
    int order = 0;
    for (int64_t c = 0; c < x->columns && order == 0; c++) order = strcmp(x->cell[c].text, y->cell[c].text);
    return order;
}

/* Rows that say the same stay in the order of the file. */
static int by_texts(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    const int order = texts_order(x, y);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

enum er_status er_text_table_repeat(const struct er_text_table *table, int64_t *first, int64_t *again,
                                    struct er_error *err)
{
    *first = *again = -1;
    if (table->rows < 2) return ER_OK;
    struct row *row = er_alloc(table->rows, sizeof *row);
    if (!row) return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
    for (int64_t i = 0; i < table->rows; i++)
        row[i] = (struct row){&table->cell[i * table->columns], table->columns, i};
    qsort(row, (size_t)table->rows, sizeof *row, by_texts);
    for (int64_t i = 1; i < table->rows && *again < 0; i++)
        if (texts_order(&row[i - 1], &row[i]) == 0) {
            *first = row[i - 1].number;
            *again = row[i].number;
        }
    er_free(row);
    return ER_OK;
}
