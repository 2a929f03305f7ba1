/* alternative.c - what a figure shows, in words and numbers, for those who do not see it.
 *
 * Of each series: its first and last mean in the order of x, and whether it rises, falls or has its extreme
 * in between. A series that moves by less than a hundredth of the figure's range "stays near" its mean.
 */
#include "note/figure.h"

#include "note/words.h"

#include <inttypes.h>
#include <math.h>

static void say_y(struct er_buffer *out, const struct er_drawing *drawing, double value)
{
    er_words_number(out, value, 3, drawing->view.y_fraction);
}

static void say_x(struct er_buffer *out, const struct er_drawing *drawing, double x)
{
    if (drawing->view.x_numeric)
        er_words_number(out, x, 3, drawing->view.x_fraction);
    else
        er_buffer_text(out, drawing->aggregate.x.text[(int64_t)x]);
}

/* "training loss, corrupted labels 50 %"; nothing when the figure has one series only. */
static void say_series(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series)
{
    const struct er_view *view = &drawing->view;
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool coloured = view->colour >= 0 && !aggregate->continuum;
    if (view->n_y > 1) er_buffer_text(out, view->quantity[series->y]);
    if (view->n_y > 1 && coloured) er_buffer_text(out, ", ");
    if (coloured && aggregate->colour.numeric) {
        er_buffer_format(out, "%s ", view->colour_title);
        er_words_number(out, aggregate->colour.number[series->colour], 3, view->colour_fraction);
    } else if (coloured) {
        er_buffer_text(out, aggregate->colour.text[series->colour]);
    }
    if (view->n_y == 1 && !coloured) er_buffer_text(out, view->quantity[series->y]);
}

static double range_of(const struct er_drawing *drawing)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++)
        for (int64_t i = 0; i < drawing->aggregate.series[s].points; i++) {
            low = fmin(low, drawing->aggregate.series[s].point[i].mean);
            high = fmax(high, drawing->aggregate.series[s].point[i].mean);
        }
    return high - low;
}

static void say_extreme(struct er_buffer *out, const struct er_drawing *drawing, const char *what,
                        const struct er_summary *at)
{
    er_buffer_format(out, ", with its %s ", what);
    say_y(out, drawing, at->mean);
    er_buffer_text(out, " at ");
    say_x(out, drawing, at->x);
}

static void say_course(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series, double range)
{
    const struct er_summary *point = series->point, *first = &point[0], *last = &point[series->points - 1];
    const struct er_summary *low = first, *high = first;
    for (int64_t i = 0; i < series->points; i++) {
        if (point[i].mean < low->mean) low = &point[i];
        if (point[i].mean > high->mean) high = &point[i];
    }
    const double least = range / 100;
    if (high->mean - low->mean <= least) {
        er_buffer_text(out, series->points > 1 ? " stays near " : " is ");
        say_y(out, drawing, last->mean);
        return;
    }
    const double move = last->mean - first->mean;
    er_buffer_text(out, move > least ? " rises from " : move < -least ? " falls from " : " goes from ");
    say_y(out, drawing, first->mean);
    er_buffer_text(out, " to ");
    say_y(out, drawing, last->mean);
    if (high->mean > fmax(first->mean, last->mean) + least) say_extreme(out, drawing, "highest", high);
    if (low->mean < fmin(first->mean, last->mean) - least) say_extreme(out, drawing, "lowest", low);
}

/* Names and values of bars, and of points that no line joins. */
static void say_values(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series)
{
    for (int64_t i = 0; i < series->points; i++) {
        er_buffer_text(out, i > 0 ? ", " : ": ");
        say_x(out, drawing, series->point[i].x);
        er_buffer_char(out, ' ');
        say_y(out, drawing, series->point[i].mean);
    }
}

static void say_spread(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < series->samples; i++) {
        low = fmin(low, series->sample[i].y);
        high = fmax(high, series->sample[i].y);
    }
    er_buffer_format(out, ": %" PRId64 " points between ", series->samples);
    say_y(out, drawing, low);
    er_buffer_text(out, " and ");
    say_y(out, drawing, high);
}

static void say_head(struct er_buffer *out, const struct er_drawing *drawing)
{
    static const char *const kind[] = {"Line chart", "Points", "Bars"};
    const struct er_view *view = &drawing->view;
    er_buffer_format(out, "%s: %s against %s", kind[view->mark], view->y_title, view->x_title);
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        low = fmin(low, series->point[0].x);
        high = fmax(high, series->point[series->points - 1].x);
    }
    if (view->x_numeric && high > low) {
        er_buffer_text(out, " from ");
        say_x(out, drawing, low);
        er_buffer_text(out, " to ");
        say_x(out, drawing, high);
    }
    er_buffer_text(out, view->x_log || view->y_log ? ", logarithmic." : ".");
}

/* The smallest and the largest of the last means, when there are several lines. */
static void say_ends(struct er_buffer *out, const struct er_drawing *drawing)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        low = fmin(low, series->point[series->points - 1].mean);
        high = fmax(high, series->point[series->points - 1].mean);
    }
    er_buffer_text(out, high > low ? " At their ends between " : " All end at ");
    say_y(out, drawing, low);
    if (high > low) er_buffer_text(out, " and ");
    if (high > low) say_y(out, drawing, high);
    er_buffer_char(out, '.');
}

enum er_status er_drawing_alternative(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool course = drawing->view.mark == ER_MARK_LINE || er_drawing_has_mean_line(drawing);
    struct er_buffer text = {0}, ends = {0}, sentence = {0};
    if (aggregate->n_series == 0) {
        er_buffer_format(&text, "%s against %s: no results yet.", drawing->view.y_title,
                         drawing->view.x_title);
        return er_buffer_take(&text, out, err);
    }
    say_head(&text, drawing);
    if (course && aggregate->n_series > 1) say_ends(&ends, drawing);
    const double range = range_of(drawing);
    for (int64_t s = 0; s < aggregate->n_series; s++) {
        const struct er_series *series = &aggregate->series[s];
        sentence.length = 0;
        er_buffer_char(&sentence, ' ');
        say_series(&sentence, drawing, series);
        if (course)
            say_course(&sentence, drawing, series, range);
        else if (series->points <= 8 && drawing->view.mark == ER_MARK_BAR)
            say_values(&sentence, drawing, series);
        else
            say_spread(&sentence, drawing, series);
        er_buffer_char(&sentence, '.');
        static const size_t rest = sizeof " And 200 more." - 1;
        if (text.length + sentence.length + ends.length + rest > ER_ALTERNATIVE_MAX) {
            er_buffer_format(&text, " And %" PRId64 " more.", aggregate->n_series - s);
            break;
        }
        er_buffer_add(&text, sentence.data, sentence.length);
    }
    er_buffer_add(&text, ends.data, ends.length);
    if (sentence.status != ER_OK || ends.status != ER_OK) text.status = ER_E_NOMEM;
    er_buffer_clear(&ends);
    er_buffer_clear(&sentence);
    return er_buffer_take(&text, out, err);
}
