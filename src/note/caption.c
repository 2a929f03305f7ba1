/* caption.c - a figure's title, and the sentences that say what was averaged, thinned and left out. */
#include "note/figure.h"

#include "note/map_words.h"
#include "note/words.h"

#include <inttypes.h>
#include <string.h>

static void capitalise(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - ('a' - 'A'));
}

enum er_status er_drawing_title(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    const struct er_view *view = &drawing->view;
    struct er_buffer text = {0};
    if (drawing->figure->title) {
        er_buffer_text(&text, drawing->figure->title);
    } else if (view->mark == ER_MARK_MAP) {
        er_map_say_title(&text, drawing);
    } else {
        for (int64_t i = 0; i < view->n_y; i++) {
            if (i > 0) er_buffer_text(&text, i + 1 < view->n_y ? ", " : " and ");
            er_words_column(&text, drawing->figure->y[i]);
        }
        for (int64_t i = 0; i < view->n_points; i++) {
            er_buffer_text(&text, i > 0 ? ", " : " with ");
            er_words_column(&text, drawing->figure->points[i]);
        }
        if (drawing->figure->x) er_buffer_text(&text, " against ");
        if (drawing->figure->x) er_words_column(&text, drawing->figure->x);
        if (view->colour >= 0) {
            er_buffer_text(&text, ", by ");
            er_words_column(&text, drawing->figure->colour);
        }
        if (view->slider >= 0) {
            er_buffer_text(&text, view->colour >= 0 ? " and " : ", by ");
            er_words_column(&text, drawing->figure->slider);
        }
    }
    enum er_status status = er_buffer_take(&text, out, err);
    if (status == ER_OK && !drawing->figure->title) capitalise(*out);
    return status;
}

/* "3 seeds", "2 to 3 seeds", "12 runs (over width, and 3 seeds)". */
static void say_members(struct er_buffer *out, const struct er_aggregate *aggregate)
{
    const char *what = aggregate->averaged ? "runs" : "seeds";
    if (aggregate->fewest < aggregate->most) er_buffer_format(out, "%" PRId64 " to ", aggregate->fewest);
    er_buffer_format(out, "%" PRId64 " %s", aggregate->most, what);
    if (!aggregate->averaged) return;
    er_buffer_format(out, " (over %s", aggregate->averaged);
    if (aggregate->seeds > 1) er_buffer_format(out, " and %" PRId64 " seeds", aggregate->seeds);
    er_buffer_char(out, ')');
}

/* "Counts of 300 runs (over rate and 3 seeds)." */
static void say_counts(struct er_buffer *out, const struct er_drawing *drawing, const char *what)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    int64_t n = 0;
    for (int64_t s = 0; s < aggregate->n_series; s++) n += aggregate->series[s].samples;
    if (n == 0) return;
    er_buffer_format(out, " %s of %" PRId64 " %s", what, n, n == 1 ? "value" : "values");
    if (aggregate->averaged || aggregate->seeds > 1) {
        er_buffer_text(out, " (over ");
        if (aggregate->averaged) er_buffer_text(out, aggregate->averaged);
        if (aggregate->averaged && aggregate->seeds > 1) er_buffer_text(out, " and ");
        if (aggregate->seeds > 1) er_buffer_format(out, "%" PRId64 " seeds", aggregate->seeds);
        er_buffer_char(out, ')');
    }
    er_buffer_char(out, '.');
}

/* "Points: test error, each of one run." Data of curves are the same for all runs. */
static void say_overlay(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    if (drawing->aggregate.n_overlay == 0) return;
    er_buffer_text(out, " Points: ");
    for (int64_t i = 0; i < view->n_points; i++) {
        if (i > 0) er_buffer_text(out, i + 1 < view->n_points ? ", " : " and ");
        er_buffer_text(out, view->quantity[view->n_y + i]);
    }
    er_buffer_text(out, view->curves ? "." : ", each of one run.");
    if (er_drawing_cuts(drawing))
        er_buffer_text(out, " Lines that go far beyond the points leave the figure.");
}

static void say_reference(struct er_buffer *out, const struct er_drawing *drawing, bool along_x)
{
    const struct er_view *view = &drawing->view;
    const struct er_reference *line = along_x ? &drawing->figure->at_x : &drawing->figure->at_y;
    const bool turned = !along_x && er_mark_is_distribution(view->mark);
    if (!line->drawn) return;
    er_buffer_text(out, " Dashed: ");
    if (line->label) er_buffer_format(out, "%s, at ", line->label);
    er_buffer_format(out, "%s ", along_x || turned ? view->x_title : view->y_title);
    er_words_number(out, line->at, 4, along_x || turned ? view->x_fraction : view->y_fraction);
    er_buffer_char(out, '.');
}

static void say_slider(struct er_buffer *out, const struct er_drawing *drawing)
{
    const int64_t n = drawing->aggregate.slider.n;
    if (drawing->view.slider < 0 || n == 0) return;
    er_buffer_format(out, " The slider sets %s: %" PRId64 " %s, ", drawing->view.slider_title, n,
                     n == 1 ? "value" : "values");
    er_drawing_say_step(out, drawing, 0);
    if (n > 2) er_buffer_text(out, drawing->aggregate.slider.numeric ? " to " : ", ..., ");
    if (n == 2) er_buffer_text(out, " and ");
    if (n > 1) er_drawing_say_step(out, drawing, n - 1);
    er_buffer_text(out, ". The data table holds all of them.");
}

static void say_aggregation(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const char *middle = drawing->view.median ? "Median" : "Mean";
    const char *what = drawing->view.curves ? "a value" : "a run";
    if (drawing->view.mark == ER_MARK_HISTOGRAM) say_counts(out, drawing, "Counts");
    if (drawing->view.mark == ER_MARK_STRIP) {
        say_counts(out, drawing, "Strips");
        er_buffer_format(out, " A tick is %s, the thick one the median of its row.", what);
    }
    if (drawing->view.mark == ER_MARK_RIDGELINE) {
        say_counts(out, drawing, "Densities");
        er_buffer_format(out, " A tick is %s; each ridge is as high as its own peak.", what);
    }
    if (aggregate->most < 2) return;
    switch (drawing->view.mark) {
    case ER_MARK_LINE:
        er_buffer_format(out, " %s of ", middle);
        say_members(out, aggregate);
        er_buffer_text(out, "; band: smallest to largest.");
        if (drawing->view.curves && aggregate->fewest < aggregate->most)
            er_buffer_format(out, " Where runs ended earlier, the %s is of those that went on.",
                             drawing->view.median ? "median" : "mean");
        break;
    case ER_MARK_POINT:
        if (er_drawing_has_mean_line(drawing)) {
            er_buffer_format(out, " A point is a run; line: %s of ",
                             drawing->view.median ? "median" : "mean");
            say_members(out, aggregate);
            er_buffer_char(out, '.');
        }
        break;
    case ER_MARK_BAR:
        er_buffer_format(out, " %s of ", middle);
        say_members(out, aggregate);
        er_buffer_text(out, "; a dot is a run, the rule goes from smallest to largest.");
        break;
    default:
        break;
    }
}

static void say_thinning(struct er_buffer *out, const struct er_drawing *drawing)
{
    int64_t longest = 0, points = 0, drawn_points = 0, runs = 0, drawn_runs = 0, over = 0, drawn_over = 0;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        const int64_t p = series->points, r = series->samples;
        if (p > longest) longest = p;
        points += p;
        runs += r;
        drawn_points += p < drawing->most_points ? p : drawing->most_points;
        drawn_runs += r < drawing->most_runs ? r : drawing->most_runs;
    }
    for (int64_t s = 0; s < drawing->aggregate.n_overlay; s++) {
        const int64_t r = drawing->aggregate.overlay[s].samples;
        over += r;
        drawn_over += r < drawing->most_runs ? r : drawing->most_runs;
    }
    const bool bars = drawing->view.mark == ER_MARK_BAR, counts = drawing->view.mark == ER_MARK_HISTOGRAM;
    if (drawing->view.mark == ER_MARK_LINE && longest > drawing->most_points)
        er_buffer_format(out, " Lines are drawn through at most %" PRId64 " of %" PRId64 " points.",
                         drawing->most_points, longest);
    if (bars && drawn_points < points)
        er_buffer_format(out, " %" PRId64 " of %" PRId64 " bars are drawn.", drawn_points, points);
    if (drawn_over < over)
        er_buffer_format(out, " %" PRId64 " of %" PRId64 " points are drawn.", drawn_over, over);
    if (drawing->view.mark != ER_MARK_LINE && !counts && drawn_runs < runs)
        er_buffer_format(out, " %" PRId64 " of %" PRId64 " runs are drawn.", drawn_runs, runs);
}

static void say_diverged(struct er_buffer *out, const struct er_drawing *drawing)
{
    bool shown = false, others = false;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        shown = shown || drawing->aggregate.series[s].diverged;
        others = others || !drawing->aggregate.series[s].diverged;
    }
    er_buffer_format(out, " %" PRId64 " of %" PRId64 " runs diverged%s.", drawing->aggregate.diverged,
                     drawing->view.runs->rows,
                     !shown   ? " and are left out"
                     : others ? "; a line of them alone leaves the figure"
                              : "");
}

static void say_lacking(struct er_buffer *out, const struct er_drawing *drawing)
{
    const int64_t n = drawing->aggregate.lacking, diverged = drawing->aggregate.diverged;
    if (drawing->view.curves && diverged > 0) say_diverged(out, drawing);
    if (n == 0) return;
    er_buffer_format(out, " %" PRId64 " %s without a value", n, n == 1 ? "run" : "runs");
    if (diverged == n)
        er_buffer_text(out, " (diverged)");
    else if (diverged > 0)
        er_buffer_format(out, " (%" PRId64 " diverged)", diverged);
    er_buffer_format(out, " %s left out.", n == 1 ? "is" : "are");
}

enum er_status er_drawing_caption(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    struct er_buffer text = {0};
    const char *own = drawing->figure->caption;
    if (own) er_buffer_text(&text, own);
    if (own && own[0] && !strchr(".!?", own[strlen(own) - 1])) er_buffer_char(&text, '.');
    if (drawing->view.mark == ER_MARK_MAP) er_map_say_caption(&text, drawing);
    say_aggregation(&text, drawing);
    say_overlay(&text, drawing);
    say_reference(&text, drawing, true);
    say_reference(&text, drawing, false);
    say_slider(&text, drawing);
    say_thinning(&text, drawing);
    const int64_t hidden = er_drawing_not_positive(drawing), infinite = drawing->aggregate.infinite;
    if (hidden > 0)
        er_buffer_format(&text, " %" PRId64 " %s of 0 or less %s no place on a logarithmic axis.", hidden,
                         hidden == 1 ? "value" : "values", hidden == 1 ? "has" : "have");
    if (infinite > 0)
        er_buffer_format(&text, " %" PRId64 " infinite %s left out.", infinite,
                         infinite == 1 ? "value is" : "values are");
    say_lacking(&text, drawing);
    if (drawing->aggregate.n_series == 0 && drawing->aggregate.lacking == 0 && drawing->map.runs == 0)
        er_buffer_text(&text, " No results yet.");
    if (!own && text.length > 0 && text.status == ER_OK) { /* begins with a blank */
        memmove(text.data, text.data + 1, text.length);
        text.length--;
    }
    return er_buffer_take(&text, out, err);
}
