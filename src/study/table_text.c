/* table_text.c - a table for people at a terminal.
 *
 *     width (units)  seed  outcome      test_error
 *               512     0  train_error      0.1275
 *
 * Numbers stand right, words left. A table that is wider than the terminal is cut into blocks of columns, one
 * below the other, each beginning with the axes again, so that nothing is lost. Where the axes leave no room
 * for a result beside them, the rows of all blocks are numbered instead.
 */
#include <ermine/table.h>

#include "core/buffer.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GAP = 2, WIDEST_WORD = 40, CELL_BYTES = 4 * WIDEST_WORD + 8 };

/* One character: its bytes and the terminal cells it takes. What is not UTF-8, and what would move the cursor
 * or give the terminal orders, counts as one replacement character (*shown false). */
static int character(const unsigned char *text, int *cells, bool *shown)
{
    static const uint32_t wide[][2] = {
        {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},
        {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    int length = text[0] < 0x80 ? 1 : text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    uint32_t code = length == 1 ? text[0] : text[0] & (0xffu >> (length + 1));
    *cells = 1;
    *shown = false;
    if (text[0] >= 0x80 && (text[0] < 0xc2 || text[0] > 0xf4)) return 1;
    for (int i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) return i;
        code = code << 6 | (text[i] & 0x3fu);
    }
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e)) return length;
    *shown = true;
    if ((code >= 0x300 && code <= 0x36f) || code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f)) *cells = 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (code >= wide[i][0] && code <= wide[i][1]) *cells = 2;
    return length;
}

/* A word as it is shown, at most WIDEST_WORD cells of it, and how many cells that are. */
static int show_word(const char *text, char out[CELL_BYTES])
{
    int cells = 0, used = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        int wide;
        bool shown;
        int length = character(c, &wide, &shown);
        if (cells + wide > WIDEST_WORD - 1 && (c[length] || cells + wide > WIDEST_WORD)) {
            memcpy(out + used, "\xe2\x80\xa6", 4); /* an ellipsis and the NUL */
            return cells + 1;
        }
        if (used + length + 4 >= CELL_BYTES) break; /* a heap of combining marks */
        memcpy(out + used, shown ? (const char *)c : "?", shown ? (size_t)length : 1);
        used += shown ? length : 1;
        cells += wide;
        c += length;
    }
    out[used] = '\0';
    return cells;
}

/* Whole numbers in full up to 15 digits; others to 4 significant digits, without the zeros of "1e-05". */
static int show_number(double value, char out[CELL_BYTES])
{
    if (isnan(value)) return snprintf(out, CELL_BYTES, "-");
    if (isinf(value)) return snprintf(out, CELL_BYTES, value > 0 ? "inf" : "-inf");
    double rounded = fabs(value);
    if (rounded < 1e15 && (rounded == floor(rounded) || rounded >= 9999.5))
        return snprintf(out, CELL_BYTES, "%.0f", value == 0 ? 0.0 : value);
    int length = snprintf(out, CELL_BYTES, "%.4g", value);
    char *exponent = strchr(out, 'e');
    if (exponent && exponent[2] == '0') {
        memmove(exponent + 2, exponent + 3, strlen(exponent + 3) + 1);
        length--;
    }
    if (exponent && exponent[1] == '+') {
        memmove(exponent + 1, exponent + 2, strlen(exponent + 2) + 1);
        length--;
    }
    return length;
}

static int show_cell(const struct er_table *table, int64_t row, int64_t column, char out[CELL_BYTES])
{
    const struct er_cell *cell = &table->cell[row * table->columns + column];
    if (table->column[column].numeric) return show_number(cell->number, out);
    return show_word(cell->text ? cell->text : "-", out);
}

static int show_name(const struct er_table_column *column, char out[CELL_BYTES])
{
    char name[256];
    if (!column->unit[0] || strcmp(column->unit, column->name) == 0) return show_word(column->name, out);
    snprintf(name, sizeof name, "%s (%s)", column->name, column->unit);
    return show_word(name, out);
}

struct layout {
    const struct er_table *table;
    int64_t rows;   /* that are shown */
    int *cells;     /* the width of each column */
    int64_t repeat; /* axes that begin each block */
    int width;      /* of the terminal; 0: no limit */
    int head;       /* the width of those axes, or of the row's number, with the gap behind */
    int number;     /* the width of the row's number; 0: none */
};

static void measure(struct layout *layout)
{
    char text[CELL_BYTES];
    const struct er_table *table = layout->table;
    for (int64_t j = 0; j < table->columns; j++) {
        layout->cells[j] = show_name(&table->column[j], text);
        for (int64_t i = 0; i < layout->rows; i++) {
            int cells = show_cell(table, i, j, text);
            if (cells > layout->cells[j]) layout->cells[j] = cells;
        }
    }
    int64_t axes = 0;
    int head = 0;
    while (axes < table->columns && table->column[axes].axis) head += layout->cells[axes++] + GAP;
    int all = head, widest = 0;
    for (int64_t j = axes; j < table->columns; j++) {
        all += layout->cells[j] + (j + 1 < table->columns ? GAP : 0);
        if (layout->cells[j] > widest) widest = layout->cells[j];
    }
    layout->repeat = head + widest <= layout->width ? axes : 0;
    layout->head = head;
    if (layout->repeat > 0 || axes == 0 || layout->width <= 0 || all <= layout->width) return;
    layout->number = snprintf(text, sizeof text, "%" PRId64, layout->rows);
    if (layout->number < 3) layout->number = 3; /* "row" */
    layout->head = layout->number + GAP;
}

/* The block that begins at `first`: as many columns as fit, at least one. */
static int64_t block_end(const struct layout *layout, int64_t first)
{
    int used = first > 0 || layout->number > 0 ? layout->head : 0;
    int64_t end = first;
    for (; end < layout->table->columns; end++) {
        used += layout->cells[end] + (end > first ? GAP : 0);
        if (layout->width > 0 && used > layout->width && end > first) break;
    }
    return end;
}

static void put(struct er_buffer *out, const struct layout *layout, int64_t row, int64_t column, bool last)
{
    char text[CELL_BYTES];
    const struct er_table_column *c = &layout->table->column[column];
    int cells = row < 0 ? show_name(c, text) : show_cell(layout->table, row, column, text);
    int pad = layout->cells[column] - cells;
    if (c->numeric)
        er_buffer_format(out, "%*s%s", pad, "", text);
    else
        er_buffer_format(out, "%s%*s", text, last ? 0 : pad, "");
    if (!last) er_buffer_format(out, "%*s", GAP, "");
}

static void put_block(struct er_buffer *out, const struct layout *layout, int64_t first, int64_t end)
{
    int64_t repeat = first > 0 ? layout->repeat : 0;
    for (int64_t row = -1; row < layout->rows; row++) {
        if (layout->number > 0 && row < 0) er_buffer_format(out, "%*s%*s", layout->number, "row", GAP, "");
        if (layout->number > 0 && row >= 0)
            er_buffer_format(out, "%*" PRId64 "%*s", layout->number, row + 1, GAP, "");
        for (int64_t j = 0; j < repeat; j++) put(out, layout, row, j, false);
        for (int64_t j = first; j < end; j++) put(out, layout, row, j, j + 1 == end);
        er_buffer_char(out, '\n');
    }
}

enum er_status er_table_text(const struct er_table *table, int width, int64_t limit, char **out,
                             struct er_error *err)
{
    struct er_buffer text = {0};
    struct layout layout = {.table = table, .rows = table->rows, .width = width};
    if (limit > 0 && limit < table->rows) layout.rows = limit;
    layout.cells = er_alloc(table->columns, sizeof *layout.cells);
    if (!layout.cells) return er_fail(err, ER_E_NOMEM, "table: out of memory");
    measure(&layout);
    for (int64_t first = 0, end; first < table->columns; first = end) {
        end = block_end(&layout, first);
        if (first > 0) er_buffer_char(&text, '\n');
        if (end == first + 1 && table->columns > 1)
            er_buffer_format(&text, "column %" PRId64 " of %" PRId64 ":\n", end, table->columns);
        else if (first > 0 || end < table->columns)
            er_buffer_format(&text, "columns %" PRId64 " to %" PRId64 " of %" PRId64 ":\n", first + 1, end,
                             table->columns);
        put_block(&text, &layout, first, end);
    }
    if (layout.rows < table->rows)
        er_buffer_format(&text, "... and %" PRId64 " more rows of %" PRId64 "\n", table->rows - layout.rows,
                         table->rows);
    er_free(layout.cells);
    return er_buffer_take(&text, out, err);
}
