/* alternative.c - what a figure shows, in words and numbers, for those who do not see it.
 *
 * Of each line: where it begins and ends, and where it turns between (note/course.h), measured along the axis
 * as drawn, so in decades on a logarithmic one. What is less than a fiftieth of the figure's height, a seventh
 * of the line's own, or the uncertainty of a mean over seeds, is no turn. Of bars: their values; of points that
 * no line joins: their range and rank correlation.
 */
#include "note/course.h"
#include "note/figure.h"
#include "note/words.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { MOST_VALUES = 8, MOST_PAIRS = 1000 };

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

/* Where a value is along the y axis; NaN where that has no place for it. */
static double height(const struct er_drawing *drawing, double y)
{
    if (!drawing->view.y_log) return y;
    return y > 0 ? log10(y) : (double)NAN;
}

/* The heights of all means, from the lowest to the highest. */
static double range_of(const struct er_drawing *drawing)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++)
        for (int64_t i = 0; i < drawing->aggregate.series[s].points; i++) {
            const double y = height(drawing, drawing->aggregate.series[s].point[i].mean);
            low = fmin(low, y);
            high = fmax(high, y);
        }
    return high - low;
}

/* A line as it is drawn. */
struct line {
    const struct er_summary **point;
    double *y;
    int64_t n;
    int64_t low, high;  /* indices of its extremes */
    double uncertainty; /* of a mean over seeds: half the range over the root of their number; 0: unknown */
};

static bool line_of(const struct er_drawing *drawing, const struct er_series *series, struct line *out)
{
    struct line line = {.point = er_alloc(series->points, sizeof *line.point),
                        .y = er_alloc(series->points, sizeof *line.y)};
    double sum = 0;
    for (int64_t i = 0; i < series->points && line.point && line.y; i++) {
        const struct er_summary *p = &series->point[i];
        const double y = height(drawing, p->mean);
        if (isnan(y)) continue;
        line.point[line.n] = p;
        line.y[line.n] = y;
        if (y < line.y[line.low]) line.low = line.n;
        if (y > line.y[line.high]) line.high = line.n;
        line.n++;
        const double low = height(drawing, p->low), high = height(drawing, p->high);
        if (!isnan(low) && !drawing->aggregate.averaged) sum += (high - low) / 2 / sqrt((double)p->n);
    }
    *out = line;
    if (!line.point || !line.y) return false;
    if (line.n > 0) out->uncertainty = sum / (double)line.n;
    return true;
}

static void say_place(struct er_buffer *out, const struct er_drawing *drawing, const struct er_summary *at)
{
    er_buffer_text(out, " at ");
    say_x(out, drawing, at->x);
}

/* " falls from A to B at x, then rises to C"; `end`: where the figure ends along x. */
static void say_turns(struct er_buffer *out, const struct er_drawing *drawing, const struct line *line,
                      const struct er_course *course, bool restless, double end)
{
    int way = course->first;
    er_buffer_text(out, way > 0 ? " rises" : " falls");
    if (restless) er_buffer_text(out, ", with ups and downs,");
    er_buffer_text(out, " from ");
    say_y(out, drawing, line->point[0]->mean);
    for (int64_t i = 0; i < course->turns; i++, way = -way) {
        const struct er_summary *at = line->point[course->turn[i]];
        er_buffer_text(out, " to ");
        say_y(out, drawing, at->mean);
        say_place(out, drawing, at);
        er_buffer_text(out, way > 0 ? ", then falls" : ", then rises");
    }
    const struct er_summary *last = line->point[line->n - 1];
    er_buffer_text(out, " to ");
    say_y(out, drawing, last->mean);
    if (last->x < end) say_place(out, drawing, last);
}

static void say_between(struct er_buffer *out, const struct er_drawing *drawing, const struct line *line)
{
    er_buffer_text(out, " between ");
    say_y(out, drawing, line->point[line->low]->mean);
    er_buffer_text(out, " and ");
    say_y(out, drawing, line->point[line->high]->mean);
}

static void say_line(struct er_buffer *out, const struct er_drawing *drawing, const struct line *line,
                     double range, double end)
{
    if (line->n == 0) {
        er_buffer_text(out, " has no value that the axis has a place for");
        return;
    }
    const double spread = line->y[line->high] - line->y[line->low];
    if (spread <= range / 50) {
        er_buffer_text(out, line->n > 1 ? " stays near " : " is ");
        say_y(out, drawing, line->point[line->n - 1]->mean);
        return;
    }
    if (spread <= 2 * line->uncertainty) {
        er_buffer_text(out, " stays");
        say_between(out, drawing, line);
        er_buffer_text(out, ", within the uncertainty of its seeds");
        return;
    }
    double least = fmax(fmax(spread / 7, range / 50), 2 * line->uncertainty);
    struct er_course course = er_course_find(line->y, line->n, least);
    const bool restless = course.turns > ER_COURSE_TURNS;
    while (course.turns > ER_COURSE_TURNS && least < spread / 2) {
        least *= 1.5;
        course = er_course_find(line->y, line->n, least);
    }
    if (course.turns > ER_COURSE_TURNS || course.first == 0) {
        er_buffer_text(out, " goes up and down");
        say_between(out, drawing, line);
        er_buffer_text(out, " and ends at ");
        say_y(out, drawing, line->point[line->n - 1]->mean);
        return;
    }
    say_turns(out, drawing, line, &course, restless, end);
}

/* False when memory is out. */
static bool say_course(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series, double range, double end)
{
    struct line line;
    const bool made = line_of(drawing, series, &line);
    if (made) say_line(out, drawing, &line, range, end);
    er_free(line.point);
    er_free(line.y);
    return made;
}

/* Names and values of bars, and of points at words; of many the smallest and the largest. */
static void say_values(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series)
{
    int64_t low = 0, high = 0;
    for (int64_t i = 0; i < series->points; i++) {
        if (series->point[i].mean < series->point[low].mean) low = i;
        if (series->point[i].mean > series->point[high].mean) high = i;
        if (series->points > MOST_VALUES) continue;
        er_buffer_text(out, i > 0 ? ", " : ": ");
        say_x(out, drawing, series->point[i].x);
        er_buffer_char(out, ' ');
        say_y(out, drawing, series->point[i].mean);
    }
    if (series->points <= MOST_VALUES) return;
    er_buffer_format(out, ": %" PRId64 " values from ", series->points);
    say_y(out, drawing, series->point[low].mean);
    er_buffer_text(out, " (");
    say_x(out, drawing, series->point[low].x);
    er_buffer_text(out, ") to ");
    say_y(out, drawing, series->point[high].mean);
    er_buffer_text(out, " (");
    say_x(out, drawing, series->point[high].x);
    er_buffer_char(out, ')');
}

/* Of a series of many points every so many-th. */
static bool say_correlation(struct er_buffer *out, const struct er_series *series)
{
    const int64_t n = series->samples, step = (n + MOST_PAIRS - 1) / MOST_PAIRS, taken = n / step;
    double *x = er_alloc(taken, sizeof *x), *y = er_alloc(taken, sizeof *y);
    const bool made = x && y;
    for (int64_t i = 0; made && i < taken; i++) {
        x[i] = series->sample[i * step].x;
        y[i] = series->sample[i * step].y;
    }
    const double tau = made && taken >= 5 ? er_course_kendall(x, y, taken) : (double)NAN;
    er_free(x);
    er_free(y);
    if (isnan(tau)) return made;
    er_buffer_text(out, tau > 0.2    ? ", mostly rising"
                        : tau < -0.2 ? ", mostly falling"
                                     : ", neither rising nor falling");
    er_buffer_format(out, " (Kendall's rank correlation %.2f)", tau);
    return true;
}

static bool say_spread(struct er_buffer *out, const struct er_drawing *drawing,
                       const struct er_series *series)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < series->samples; i++) {
        low = fmin(low, series->sample[i].y);
        high = fmax(high, series->sample[i].y);
    }
    er_buffer_format(out, ": %" PRId64 " %s ", series->samples,
                     series->samples == 1 ? "point at" : "points between");
    say_y(out, drawing, low);
    if (series->samples > 1) er_buffer_text(out, " and ");
    if (series->samples > 1) say_y(out, drawing, high);
    return say_correlation(out, series);
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

/* The smallest and the largest of the last means, when there are several lines, and whose they are. */
static void say_ends(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_series *low = NULL, *high = NULL;
    double least = INFINITY, most = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        const double last = series->point[series->points - 1].mean;
        if (last < least) low = series;
        if (last > most) high = series;
        least = fmin(least, last);
        most = fmax(most, last);
    }
    er_buffer_text(out, most > least ? " At their ends between " : " All end at ");
    say_y(out, drawing, least);
    if (most > least) {
        er_buffer_text(out, " (");
        say_series(out, drawing, low);
        er_buffer_text(out, ") and ");
        say_y(out, drawing, most);
        er_buffer_text(out, " (");
        say_series(out, drawing, high);
        er_buffer_char(out, ')');
    }
    er_buffer_char(out, '.');
}

static double end_of(const struct er_drawing *drawing)
{
    double end = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        end = fmax(end, series->point[series->points - 1].x);
    }
    return end;
}

enum er_status er_drawing_alternative(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool course = drawing->view.mark == ER_MARK_LINE || er_drawing_has_mean_line(drawing);
    const bool values = drawing->view.mark == ER_MARK_BAR || !drawing->view.x_numeric;
    struct er_buffer text = {0}, ends = {0}, sentence = {0};
    bool made = true;
    if (aggregate->n_series == 0) {
        er_buffer_format(&text, "%s against %s: no results yet.", drawing->view.y_title,
                         drawing->view.x_title);
        return er_buffer_take(&text, out, err);
    }
    say_head(&text, drawing);
    if (course && aggregate->n_series > 1) say_ends(&ends, drawing);
    const double range = range_of(drawing), end = end_of(drawing);
    for (int64_t s = 0; s < aggregate->n_series && made; s++) {
        const struct er_series *series = &aggregate->series[s];
        sentence.length = 0;
        er_buffer_char(&sentence, ' ');
        say_series(&sentence, drawing, series);
        if (course)
            made = say_course(&sentence, drawing, series, range, end);
        else if (values)
            say_values(&sentence, drawing, series);
        else
            made = say_spread(&sentence, drawing, series);
        er_buffer_char(&sentence, '.');
        static const size_t rest = sizeof " And 200 more." - 1;
        if (text.length + sentence.length + ends.length + rest > ER_ALTERNATIVE_MAX) {
            er_buffer_format(&text, " And %" PRId64 " more.", aggregate->n_series - s);
            break;
        }
        er_buffer_add(&text, sentence.data, sentence.length);
    }
    er_buffer_add(&text, ends.data, ends.length);
    if (!made || sentence.status != ER_OK || ends.status != ER_OK) text.status = ER_E_NOMEM;
    er_buffer_clear(&ends);
    er_buffer_clear(&sentence);
    return er_buffer_take(&text, out, err);
}
