/* alternative.c - what a figure shows, in words and numbers, for those who do not see it.
 *
 * Of each line its course (alternative_line.c); of bars their values; of points that no line joins their range
 * and rank correlation.
 */
#include "note/alternative.h"

#include "note/course.h"
#include "note/map_words.h"
#include "note/words.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { MOST_VALUES = 8, MOST_PAIRS = 1000 };

void er_drawing_say_series(struct er_buffer *out, const struct er_drawing *drawing,
                           const struct er_series *series)
{
    const struct er_view *view = &drawing->view;
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool coloured = view->colour >= 0 && !aggregate->continuum && series->colour != ER_SHARED;
    const bool named = view->n_y > 1 || view->n_points > 0 || view->mark == ER_MARK_HISTOGRAM;
    if (named) er_buffer_text(out, view->quantity[series->y]);
    if (named && coloured) er_buffer_text(out, ", ");
    if (coloured && aggregate->colour.numeric) {
        er_buffer_format(out, "%s ", view->colour_title);
        er_words_number(out, aggregate->colour.number[series->colour], 3, view->colour_fraction);
    } else if (coloured) {
        er_buffer_text(out, aggregate->colour.text[series->colour]);
    }
    if (!named && !coloured) er_buffer_text(out, view->quantity[series->y]);
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
        er_say_x(out, drawing, series->point[i].x);
        er_buffer_char(out, ' ');
        er_say_y(out, drawing, series->point[i].mean);
    }
    if (series->points <= MOST_VALUES) return;
    er_buffer_format(out, ": %" PRId64 " values from ", series->points);
    er_say_y(out, drawing, series->point[low].mean);
    er_buffer_text(out, " (");
    er_say_x(out, drawing, series->point[low].x);
    er_buffer_text(out, ") to ");
    er_say_y(out, drawing, series->point[high].mean);
    er_buffer_text(out, " (");
    er_say_x(out, drawing, series->point[high].x);
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
    er_say_y(out, drawing, low);
    if (series->samples > 1) er_buffer_text(out, " and ");
    if (series->samples > 1) er_say_y(out, drawing, high);
    return say_correlation(out, series);
}

static void say_head(struct er_buffer *out, const struct er_drawing *drawing)
{
    static const char *const kind[] = {"Line chart", "Points", "Bars", "Histogram", "Strips", "Ridgelines"};
    const struct er_view *view = &drawing->view;
    const bool bins = view->mark == ER_MARK_HISTOGRAM, values = er_mark_is_distribution(view->mark);
    if (values)
        er_buffer_format(out, "%s: %s", kind[view->mark], view->x_title);
    else
        er_buffer_format(out, "%s: %s%s against %s", kind[view->mark],
                         view->median && drawing->aggregate.most > 1 ? "median of " : "", view->y_title,
                         view->x_title);
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        if (series->points == 0) continue;
        const struct er_summary *last = &series->point[series->points - 1];
        low = fmin(low, values && !bins ? series->sample[0].x : series->point[0].x);
        high = fmax(high, bins ? last->high : values ? series->sample[series->samples - 1].x : last->x);
    }
    if (view->x_numeric && high > low) {
        er_buffer_text(out, " from ");
        er_say_x(out, drawing, low);
        er_buffer_text(out, " to ");
        er_say_x(out, drawing, high);
    }
    er_buffer_text(out, view->x_log || view->y_log ? ", logarithmic." : ".");
}

static void say_reference(struct er_buffer *out, const struct er_drawing *drawing,
                          const struct er_reference *line, bool along_x)
{
    if (!line->drawn) return;
    er_buffer_text(out, " A line");
    if (line->label) er_buffer_format(out, ", %s,", line->label);
    er_buffer_format(out, " at %s ", along_x ? drawing->view.x_title : drawing->view.y_title);
    if (along_x)
        er_say_x(out, drawing, line->at);
    else
        er_say_y(out, drawing, line->at);
    er_buffer_char(out, '.');
}

/* The smallest and the largest of the last means, when there are several lines, and whose they are. */
static void say_ends(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_series *low = NULL, *high = NULL;
    double least = INFINITY, most = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        const double last = series->point[series->points - 1].mean;
        if (series->diverged) continue;
        if (last < least) low = series;
        if (last > most) high = series;
        least = fmin(least, last);
        most = fmax(most, last);
    }
    if (!low || !high) return;
    er_buffer_text(out, most > least ? " At their ends between " : " All end at ");
    er_say_y(out, drawing, least);
    if (most > least) {
        er_buffer_text(out, " (");
        er_drawing_say_series(out, drawing, low);
        er_buffer_text(out, ") and ");
        er_say_y(out, drawing, most);
        er_buffer_text(out, " (");
        er_drawing_say_series(out, drawing, high);
        er_buffer_char(out, ')');
    }
    er_buffer_char(out, '.');
}

static double end_of(const struct er_drawing *drawing)
{
    double end = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        if (series->points > 0) end = fmax(end, series->point[series->points - 1].x);
    }
    return end;
}

/* The sentence of a series. False when memory is out. */
static bool say_one(struct er_buffer *out, const struct er_drawing *drawing, const struct er_series *series,
                    double range, double end)
{
    const struct er_view *view = &drawing->view;
    bool made = true;
    er_buffer_char(out, ' ');
    er_drawing_say_series(out, drawing, series);
    const bool over = series->y >= view->n_y;
    if (!over && (view->mark == ER_MARK_LINE || er_drawing_has_mean_line(drawing)))
        made = er_say_course(out, drawing, series, range, end);
    else if (view->mark == ER_MARK_HISTOGRAM)
        er_say_bins(out, drawing, series);
    else if (er_mark_is_distribution(view->mark))
        er_say_distribution(out, drawing, series);
    else if (!over && (view->mark == ER_MARK_BAR || !view->x_numeric))
        say_values(out, drawing, series);
    else
        made = say_spread(out, drawing, series);
    er_buffer_char(out, '.');
    return made;
}

/* After the last sentence that fits. */
static void cut(struct er_buffer *text, size_t most)
{
    if (text->status != ER_OK || text->length <= most) return;
    size_t end = most;
    while (end > 1 && !(text->data[end - 1] == '.' && text->data[end] == ' ')) end--;
    text->data[end] = '\0';
    text->length = end;
}

/* What a figure without a slider shows, in at most `most` bytes. */
static enum er_status say_all(struct er_buffer *text, const struct er_drawing *drawing, size_t most)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool course = drawing->view.mark == ER_MARK_LINE || er_drawing_has_mean_line(drawing);
    const int64_t n = aggregate->n_series + aggregate->n_overlay;
    struct er_buffer ends = {0}, sentence = {0};
    bool made = true;
    if (drawing->view.mark == ER_MARK_MAP) {
        er_map_say_alternative(text, drawing);
        cut(text, most);
        return text->status;
    }
    if (n == 0) {
        er_buffer_format(text, "%s against %s: no results yet.", drawing->view.y_title,
                         drawing->view.x_title);
        return text->status;
    }
    say_head(text, drawing);
    if (course && aggregate->n_series > 1) say_ends(&ends, drawing);
    const bool values = er_mark_is_distribution(drawing->view.mark);
    say_reference(&ends, drawing, &drawing->figure->at_x, true);
    say_reference(&ends, drawing, &drawing->figure->at_y, values);
    const double range = er_say_range(drawing), end = end_of(drawing);
    for (int64_t s = 0; s < n && made; s++) {
        const int64_t over = s - aggregate->n_series;
        sentence.length = 0;
        made = say_one(&sentence, drawing, over < 0 ? &aggregate->series[s] : &aggregate->overlay[over],
                       range, end);
        static const size_t rest = sizeof " And 200 more." - 1;
        if (text->length + sentence.length + ends.length + rest > most) {
            er_buffer_format(text, " And %" PRId64 " more.", n - s);
            break;
        }
        er_buffer_add(text, sentence.data, sentence.length);
    }
    er_buffer_add(text, ends.data, ends.length);
    if (!made || sentence.status != ER_OK || ends.status != ER_OK) text->status = ER_E_NOMEM;
    er_buffer_clear(&ends);
    er_buffer_clear(&sentence);
    return text->status;
}

void er_drawing_say_step(struct er_buffer *out, const struct er_drawing *drawing, int64_t step)
{
    const struct er_values *slider = &drawing->aggregate.slider;
    if (slider->numeric)
        er_words_number(out, slider->number[step], 4, drawing->view.slider_fraction);
    else
        er_buffer_text(out, slider->text[step]);
}

/* "At degree 3: ..." */
static void say_step(struct er_buffer *text, const struct er_drawing *drawing, int64_t step)
{
    const struct er_drawing shown = er_drawing_step(drawing, step);
    er_buffer_format(text, "At %s ", drawing->view.slider_title);
    er_drawing_say_step(text, drawing, step);
    er_buffer_text(text, ": ");
    say_all(text, &shown, ER_ALTERNATIVE_MAX);
}

enum er_status er_drawing_step_alternative(const struct er_drawing *drawing, int64_t step, char **out,
                                           struct er_error *err)
{
    struct er_buffer text = {0};
    say_step(&text, drawing, step);
    return er_buffer_take(&text, out, err);
}

enum er_status er_drawing_alternative(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    struct er_buffer text = {0};
    if (drawing->view.slider >= 0 && drawing->aggregate.slider.n > 0)
        say_step(&text, drawing, 0);
    else
        say_all(&text, drawing, ER_ALTERNATIVE_MAX);
    return er_buffer_take(&text, out, err);
}
