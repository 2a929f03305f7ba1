/* bounds_page.c - the table of bounds on the page. */
#include "note/bounds.h"

#include "note/html.h"
#include "note/quantity.h"
#include "note/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { DIGITS = 3, COLUMNS = 6 };

static void write_number(struct er_buffer *html, double value)
{
    const struct er_quantity quantity = {.value = value, .unit = "", .rule = ER_DIGITS, .digits = DIGITS};
    er_quantity_write(html, &quantity);
}

static void write_cell(const struct er_bounds *b, const struct er_bounds_number *number,
                       struct er_buffer *html)
{
    er_buffer_text(html, "<td align=\"right\">");
    if (!isnan(number->mean)) {
        write_number(html, number->mean);
        if (b->ranges && number->low < number->high) {
            er_buffer_text(html, "<br><small>");
            write_number(html, number->low);
            er_buffer_text(html, " to ");
            write_number(html, number->high);
            er_buffer_text(html, "</small>");
        }
    }
    er_buffer_text(html, "</td>");
}

/* The first cell of a line: the value of the setting, or the bound. */
static void write_first(const struct er_bounds *b, const struct er_bounds_line *line, struct er_buffer *html)
{
    er_buffer_text(html, "<th scope=\"row\">");
    if (b->axis < 0) {
        er_html_string(html, line->measure->title);
    } else {
        const struct er_table_column *column = &b->runs->column[b->axis];
        const struct er_cell *value = &b->runs->cell[line->row * b->runs->columns + b->axis];
        if (column->numeric && !isnan(value->number))
            er_words_number(html, value->number, 6, er_words_fraction(column->name));
        if (!column->numeric && value->text) er_html_string(html, value->text);
    }
    er_buffer_text(html, "</th>");
}

/* The name of a bound stands above its lines, where it has one for each value of a setting. */
static void write_name(const struct er_bounds *b, int64_t i, struct er_buffer *html)
{
    const struct er_measure *measure = b->line[i].measure;
    if (b->axis < 0 || (i > 0 && b->line[i - 1].measure == measure)) return;
    er_buffer_format(html, "<tr><th scope=\"rowgroup\" colspan=\"%d\">", COLUMNS);
    er_html_string(html, measure->title);
    er_buffer_text(html, "</th></tr>\n");
}

static void write_title(const struct er_table_column *column, struct er_buffer *html)
{
    struct er_buffer words = {0};
    er_words_title(&words, column);
    if (words.length > 0) er_html_text(html, words.data, words.length);
    if (words.status != ER_OK) html->status = words.status;
    er_buffer_clear(&words);
}

static void write_head(const struct er_bounds *b, struct er_buffer *html)
{
    static const char *const title[] = {"guarantees a test error of at most", "measured test error",
                                        "guarantees a gap of at most", "measured gap"};
    er_buffer_text(html, "<thead><tr><th scope=\"col\">");
    if (b->axis >= 0)
        write_title(&b->runs->column[b->axis], html);
    else
        er_buffer_text(html, "bound");
    er_buffer_text(html, "</th>");
    for (size_t c = 0; c < sizeof title / sizeof title[0]; c++)
        er_buffer_format(html, "<th scope=\"col\" align=\"right\">%s</th>", title[c]);
    er_buffer_text(html, "<td></td></tr></thead>\n");
}

static void write_line(const struct er_bounds *b, int64_t i, struct er_buffer *html)
{
    const struct er_bounds_line *line = &b->line[i];
    const char *word = er_bounds_word(line);
    write_name(b, i, html);
    er_buffer_text(html, "<tr>");
    write_first(b, line, html);
    write_cell(b, &line->guaranteed, html);
    write_cell(b, &line->error, html);
    write_cell(b, &line->guaranteed_gap, html);
    write_cell(b, &line->gap, html);
    er_buffer_text(html, word[0] ? "<td><em>" : "<td>");
    er_html_string(html, word);
    er_buffer_text(html, word[0] ? "</em></td></tr>\n" : "</td></tr>\n");
}

static bool has_stochastic(const struct er_bounds *b)
{
    for (int64_t i = 0; i < b->n; i++)
        if (b->line[i].measure->guarantee == ER_GUARANTEE_STOCHASTIC) return true;
    return false;
}

/* Whether some run learns labels that were drawn anew, which its test set has not. */
static bool has_random_labels(const struct er_study *study)
{
    for (int64_t i = 0; i < er_study_runs(study); i++) {
        const struct er_point *point = er_study_point(study, i);
        if (er_point_real(point, "data.labels.corrupt", 0) > 0 ||
            strcmp(er_point_text(point, "data.condition", ""), "random-labels") == 0)
            return true;
    }
    return false;
}

static void write_caption(const struct er_study *study, const struct er_bounds *b, struct er_buffer *html)
{
    er_buffer_format(
        html,
        "<caption><strong>What is guaranteed, and what was measured.</strong> Each bound holds with "
        "probability %g at least, one at a time. ",
        1 - ER_MEASURE_DELTA);
    if (b->most > 1)
        er_buffer_format(html, "%s over %s%" PRId64 " runs. ", b->ranges ? "Means and ranges" : "Means",
                         b->fewest < b->most ? "up to " : "", b->most);
    er_buffer_text(html, "<em>Vacuous</em>: 1 or more, which any network keeps.");
    if (has_stochastic(b))
        er_buffer_text(html,
                       " A bound of the stochastic network is for weights that are drawn anew for every "
                       "prediction, and says nothing of the measured errors, which are the network's.");
    if (has_random_labels(study))
        er_buffer_text(
            html, " Training labels were drawn at random, test labels were not: all bounds but that of the "
                  "test set are about labels drawn alike.");
    er_buffer_text(html, "</caption>\n");
}

enum er_status er_bounds_write(const struct er_study *study, const struct er_table *runs,
                               struct er_buffer *html, struct er_error *err)
{
    struct er_bounds bounds;
    const enum er_status status = er_bounds_make(runs, &bounds, err);
    if (status != ER_OK) return status;
    if (bounds.n > 0) {
        er_buffer_text(html, "<div class=\"scroll\"><table class=\"bounds\">\n");
        write_caption(study, &bounds, html);
        write_head(&bounds, html);
        er_buffer_text(html, "<tbody>\n");
        for (int64_t i = 0; i < bounds.n; i++) write_line(&bounds, i, html);
        er_buffer_text(html, "</tbody>\n</table></div>\n");
    }
    er_bounds_clear(&bounds);
    return ER_OK;
}
