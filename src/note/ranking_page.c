/* ranking_page.c - the table of a ranking on the page. */
#include "note/ranking.h"

#include "note/html.h"
#include "note/quantity.h"

#include <ermine/measure.h>
#include <math.h>

static const struct {
    const char *title;
    int decimals;
} column[ER_RANKING_NUMBERS] = {[ER_RANKING_TAU] = {"Kendall&#39;s &tau;", 2},
                                [ER_RANKING_PSI] = {"&Psi;", 2},
                                [ER_RANKING_CMI] = {"<var>K</var>", 3},
                                [ER_RANKING_SIGN] = {"robust sign error", 2},
                                [ER_RANKING_PGDL] = {"PGDL score", 1}};

static void write_number(struct er_buffer *html, double value, int decimals)
{
    const struct er_quantity quantity = {.value = value, .unit = "", .rule = ER_DECIMALS, .digits = decimals};
    er_quantity_write(html, &quantity);
}

static void write_cell(struct er_buffer *html, const struct er_ranking_number *number, int decimals)
{
    er_buffer_text(html, "<td align=\"right\">");
    if (!isnan(number->mean)) {
        write_number(html, number->mean, decimals);
        if (!isnan(number->low) && !isnan(number->high)) {
            er_buffer_text(html, "<br><small>");
            write_number(html, number->low, decimals);
            er_buffer_text(html, " to ");
            write_number(html, number->high, decimals);
            er_buffer_text(html, "</small>");
        }
    }
    er_buffer_text(html, "</td>");
}

/* Baselines are no measures: they have their names. */
static void write_measure(struct er_buffer *html, const char *name)
{
    const struct er_measure *measure = er_measure_find(name);
    er_html_string(html, measure ? measure->title : name);
}

static void write_line(struct er_buffer *html, const struct er_ranking_line *line)
{
    er_buffer_text(html, "<tr><th scope=\"row\">");
    write_measure(html, line->measure);
    er_buffer_text(html, "</th>");
    for (int k = 0; k < ER_RANKING_NUMBERS; k++) write_cell(html, &line->number[k], column[k].decimals);
    er_buffer_text(html, "</tr>\n");
}

/* Which measures are why models are left out, the first ones. */
static void write_missing(struct er_buffer *html, const struct er_ranking *r)
{
    enum { MOST_NAMED = 6 };
    int64_t lacking = 0;
    for (int64_t i = 0; i < r->n; i++) {
        if (!(r->line[i].missing > 0)) continue;
        if (++lacking > MOST_NAMED) continue;
        er_buffer_text(html, lacking == 1 ? " Not defined for all models: " : ", ");
        write_measure(html, r->line[i].measure);
        er_buffer_format(html, " (not for %.0f)", r->line[i].missing);
    }
    if (lacking > MOST_NAMED) er_buffer_format(html, " and %d more", (int)(lacking - MOST_NAMED));
    if (lacking > 0) er_buffer_text(html, ".");
}

static void write_caption(struct er_buffer *html, const struct er_ranking *r)
{
    double fewest = r->line[0].models, most = fewest, all = 0;
    bool repeated = false;
    for (int64_t i = 0; i < r->n; i++) {
        fewest = fmin(fewest, r->line[i].models);
        most = fmax(most, r->line[i].models);
        all = fmax(all, r->line[i].models + r->line[i].dropped);
        repeated = repeated || r->line[i].runs > 1;
    }
    er_buffer_text(
        html, "<caption><strong>How well each measure predicts the gap, by &Psi;.</strong> Small numbers are "
              "intervals by the bootstrap. <var>K</var> and a score near 0, or a robust sign error of 1: no "
              "prediction. ");
    if (repeated) er_buffer_text(html, "Means over seeds. ");
    er_buffer_format(html, fewest < most ? "%.0f to %.0f" : "%.0f", fewest, most);
    er_buffer_format(html, " of %.0f models are compared", all);
    if (fewest < all)
        er_buffer_text(html, "; the others diverged, ended by another rule than the one that was asked for, "
                             "have no gap, or lack a measure that most have");
    er_buffer_text(html, ".");
    write_missing(html, r);
    er_buffer_text(html, "</caption>\n");
}

static void write_table(struct er_buffer *html, const struct er_ranking *r)
{
    er_buffer_text(html, "<div class=\"scroll\"><table class=\"bounds\">\n");
    write_caption(html, r);
    er_buffer_text(html, "<thead><tr><th scope=\"col\">measure</th>");
    for (int k = 0; k < ER_RANKING_NUMBERS; k++)
        er_buffer_format(html, "<th scope=\"col\" align=\"right\">%s</th>", column[k].title);
    er_buffer_text(html, "</tr></thead>\n<tbody>\n");
    for (int64_t i = 0; i < r->n; i++) write_line(html, &r->line[i]);
    er_buffer_text(html, "</tbody>\n</table></div>\n");
}

enum er_status er_ranking_write(const struct er_study *study, const struct er_table *runs,
                                struct er_buffer *html, struct er_error *err)
{
    const char *measure =
        er_study_runs(study) > 0 ? er_point_text(er_study_point(study, 0), "rank.measure", NULL) : NULL;
    struct er_ranking ranking;
    const enum er_status status = er_ranking_make(runs, measure, &ranking, err);
    if (status != ER_OK) return status;
    if (ranking.n > 0) write_table(html, &ranking);
    er_ranking_clear(&ranking);
    return ER_OK;
}
