/* data.c - a figure's data on the page: a table for reading, and as CSV in a link; what is left out of either
 * is said, and how to get all of it.
 */
#include "note/html.h"
#include "note/section.h"
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

/* Writes a figure's numbers in some form. */
typedef enum er_status writer(struct er_buffer *html, const struct er_table *data, const char *const *title,
                              struct er_error *err);

static enum er_status write_table(struct er_buffer *html, const struct er_table *data,
                                  const char *const *title, struct er_error *err)
{
    (void)err;
    er_buffer_text(html, "<div class=\"scroll\"><table>\n<thead><tr>");
    for (int64_t j = 0; j < data->columns; j++) {
        er_buffer_text(html, data->column[j].numeric ? "<th align=\"right\">" : "<th>");
        er_html_string(html, title[j]);
        er_buffer_text(html, "</th>");
    }
    er_buffer_text(html, "</tr></thead>\n<tbody>\n");
    for (int64_t i = 0; i < data->rows; i++) {
        const struct er_cell *cell = data->cell + data->columns * i;
        er_buffer_text(html, "<tr>");
        for (int64_t j = 0; j < data->columns; j++) write_cell(html, &data->column[j], &cell[j]);
        er_buffer_text(html, "</tr>\n");
    }
    er_buffer_text(html, "</tbody>\n</table></div>\n");
    return ER_OK;
}

static enum er_status write_csv(struct er_buffer *html, const struct er_table *data, const char *const *title,
                                struct er_error *err)
{
    char *csv = NULL;
    (void)title;
    enum er_status status = er_table_csv(data, &csv, err);
    if (status == ER_OK) er_html_data(html, csv);
    er_free(csv);
    return status;
}

/* Writes `most` rows, or fewer so that they fit into `bytes`; *rows: how many. A row of each series stays. */
static enum er_status write_fitting(const struct er_drawing *drawing, int64_t most, size_t bytes,
                                    writer *write, struct er_buffer *html, int64_t *rows,
                                    struct er_error *err)
{
    const size_t begin = html->length;
    for (int64_t before = INT64_MAX;; before = *rows) {
        struct er_table data;
        const char *const *title;
        html->length = begin;
        enum er_status status = er_drawing_table(drawing, most, &data, &title, err);
        if (status != ER_OK) return status;
        status = write(html, &data, title, err);
        *rows = data.rows;
        er_table_clear(&data);
        const size_t written = html->length - begin;
        if (status != ER_OK || written <= bytes || *rows >= before) return status;
        most = (int64_t)((double)*rows * 0.95 * (double)bytes / (double)written);
    }
}

/* A word of a command line; in quotes when a shell would read more into it. */
static void write_word(struct er_buffer *html, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    if (word[0] && word[0] != '-' && word[strspn(word, plain)] == '\0') {
        er_html_string(html, word);
        return;
    }
    er_html_string(html, "'");
    for (const char *c = word, *end; *c; c = end) {
        end = c + strcspn(c, "'");
        er_html_text(html, c, (size_t)(end - c));
        if (*end) er_html_string(html, "'\\''");
        end += *end != '\0';
    }
    er_html_string(html, "'");
}

static void write_left_out(struct er_buffer *html, const struct er_drawing *drawing,
                           const struct er_data_place *place, int64_t shown, int64_t saved)
{
    const int64_t rows = er_drawing_rows(drawing);
    if (shown == rows && saved == rows) return;
    er_buffer_format(html,
                     "<p class=\"thinned\">%" PRId64 " of %" PRId64
                     " rows: ends and extremes, and others between them. ",
                     shown, rows);
    if (saved == rows)
        er_buffer_text(html, "The CSV has all.");
    else {
        er_buffer_text(html, "Every run's numbers: <code>ermine show ");
        write_word(html, place->file);
        if (place->study) er_buffer_text(html, " --study ");
        if (place->study) write_word(html, place->study);
        er_buffer_format(html, "%s --csv</code>", drawing->view.curves ? " --curves" : "");
    }
    er_buffer_text(html, "</p>\n");
}

enum er_status er_data_write(const struct er_drawing *drawing, size_t bytes,
                             const struct er_data_place *place, struct er_buffer *html, struct er_error *err)
{
    enum { LEAST_ROW = 8 }; /* bytes of a row of CSV that has two columns */
    struct er_buffer csv = {0};
    int64_t shown, saved;
    const size_t for_table = bytes / 5 * 2, for_csv = bytes - for_table;
    er_buffer_text(html, "<details class=\"data\"><summary>Data</summary>");
    enum er_status status =
        write_fitting(drawing, ER_PAGE_TABLE_ROWS, for_table, write_table, html, &shown, err);
    if (status == ER_OK)
        status =
            write_fitting(drawing, (int64_t)(for_csv / LEAST_ROW), for_csv, write_csv, &csv, &saved, err);
    if (status == ER_OK && csv.status != ER_OK)
        status = er_fail(err, ER_E_NOMEM, "out of memory while writing a page");
    if (status == ER_OK) {
        write_left_out(html, drawing, place, shown, saved);
        er_buffer_text(html, "<a class=\"csv\" download=\"");
        er_html_string(html, place->id);
        er_buffer_text(html, ".csv\" href=\"data:text/csv;charset=utf-8,");
        er_buffer_add(html, csv.data, csv.length);
        er_buffer_text(html, "\">CSV");
        if (saved < er_drawing_rows(drawing))
            er_buffer_format(html, " (%" PRId64 " of %" PRId64 " rows)", saved, er_drawing_rows(drawing));
        er_buffer_text(html, "</a></details>\n");
    }
    er_buffer_clear(&csv);
    return status;
}
