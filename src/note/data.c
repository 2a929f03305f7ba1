/* data.c - a figure's data on the page: a table for reading, and all of it (within a limit) as CSV in a link.
 */
#include "note/html.h"
#include "note/section.h"
#include "note/thin.h"
#include "note/words.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static void write_cell(struct er_buffer *html, const struct er_table_column *column,
                       const struct er_cell *cell)
{
    if (!column->numeric) {
        er_buffer_text(html, "<td>");
        if (cell->text) er_html_string(html, cell->text);
    } else {
        er_buffer_text(html, "<td align=\"right\">");
        if (!isnan(cell->number)) er_words_number(html, cell->number, column->axis ? 6 : 4, false);
    }
    er_buffer_text(html, "</td>");
}

static void write_table(struct er_buffer *html, const struct er_table *data, const char *const *title)
{
    er_buffer_text(html, "<div class=\"scroll\"><table>\n<thead><tr>");
    for (int64_t j = 0; j < data->columns; j++) {
        er_buffer_text(html, data->column[j].numeric ? "<th align=\"right\">" : "<th>");
        er_html_string(html, title[j]);
        er_buffer_text(html, "</th>");
    }
    er_buffer_text(html, "</tr></thead>\n<tbody>\n");
    const int64_t rows = er_thin_count(data->rows, ER_PAGE_TABLE_ROWS);
    for (int64_t i = 0; i < rows; i++) {
        const struct er_cell *cell = data->cell + data->columns * er_thin(i, data->rows, ER_PAGE_TABLE_ROWS);
        er_buffer_text(html, "<tr>");
        for (int64_t j = 0; j < data->columns; j++) write_cell(html, &data->column[j], &cell[j]);
        er_buffer_text(html, "</tr>\n");
    }
    er_buffer_text(html, "</tbody>\n</table></div>\n");
}

/* CSV of `rows` rows of the data, at even steps. */
static enum er_status thinned_csv(const struct er_table *data, int64_t rows, char **csv, struct er_error *err)
{
    struct er_table few = *data;
    const size_t bytes = (size_t)data->columns * sizeof *few.cell;
    few.rows = rows;
    few.cell = er_alloc(rows, bytes);
    if (!few.cell) return er_fail(err, ER_E_NOMEM, "out of memory while writing a page");
    for (int64_t i = 0; i < rows; i++)
        memcpy(few.cell + few.columns * i, data->cell + data->columns * er_thin(i, data->rows, rows), bytes);
    enum er_status status = er_table_csv(&few, csv, err);
    er_free(few.cell);
    return status;
}

/* CSV of at most ER_PAGE_CSV_BYTES: of all rows, else of as many as fit; *rows: how many. */
static enum er_status fit_csv(const struct er_table *data, char **csv, int64_t *rows, struct er_error *err)
{
    char *text = NULL;
    enum er_status status = er_table_csv(data, &text, err);
    *rows = data->rows;
    while (status == ER_OK && text && *rows > 2) {
        const size_t bytes = strlen(text);
        if (bytes <= ER_PAGE_CSV_BYTES) break;
        const int64_t fit = (int64_t)((double)*rows * 0.95 * ER_PAGE_CSV_BYTES / (double)bytes);
        *rows = fit < 2 ? 2 : fit;
        er_free(text);
        text = NULL;
        status = thinned_csv(data, *rows, &text, err);
    }
    if (status == ER_OK) *csv = text;
    return status;
}

enum er_status er_data_write(const struct er_table *data, const char *const *title, const char *name,
                             struct er_buffer *html, struct er_error *err)
{
    char *csv = NULL;
    int64_t rows;
    enum er_status status = fit_csv(data, &csv, &rows, err);
    if (status != ER_OK) return status;
    er_buffer_text(html, "<details class=\"data\"><summary>Data</summary>");
    write_table(html, data, title);
    if (data->rows > ER_PAGE_TABLE_ROWS)
        er_buffer_format(html, "<p class=\"thinned\">%d of %" PRId64 " rows, at even steps.</p>\n",
                         ER_PAGE_TABLE_ROWS, data->rows);
    er_buffer_text(html, "<a class=\"csv\" download=\"");
    er_html_string(html, name);
    er_buffer_text(html, ".csv\" href=\"data:text/csv;charset=utf-8,");
    er_html_data(html, csv);
    if (rows < data->rows)
        er_buffer_format(html, "\">CSV (%" PRId64 " of %" PRId64 " rows)</a></details>\n", rows, data->rows);
    else
        er_buffer_text(html, "\">CSV</a></details>\n");
    er_free(csv);
    return ER_OK;
}
