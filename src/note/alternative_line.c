/* alternative_line.c - the course of a line in words: where it begins and ends, and where it turns between.
 *
 * Heights are measured along the axis as drawn, so in decades on a logarithmic one. What is less than a
 * fiftieth of the figure's height, a fifth of the line's own, or twice the uncertainty of a mean over seeds,
 * is no turn. A line with more than ER_COURSE_TURNS turns is restless: it is told again with larger steps.
 */
#include "note/alternative.h"

#include "note/course.h"
#include "note/words.h"

#include <ermine/memory.h>
#include <math.h>

void er_say_y(struct er_buffer *out, const struct er_drawing *drawing, double value)
{
    er_words_number(out, value, 3, drawing->view.y_fraction);
}

void er_say_x(struct er_buffer *out, const struct er_drawing *drawing, double x)
{
    if (drawing->view.x_numeric)
        er_words_number(out, x, 3, drawing->view.x_fraction);
    else
        er_buffer_text(out, drawing->aggregate.x.text[(int64_t)x]);
}

/* Where a value is along the y axis; NaN where that has no place for it. */
static double height(const struct er_drawing *drawing, double y)
{
    if (!drawing->view.y_log) return y;
    return y > 0 ? log10(y) : (double)NAN;
}

double er_say_range(const struct er_drawing *drawing)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++)
        for (int64_t i = 0; i < drawing->aggregate.series[s].points; i++) {
            if (drawing->aggregate.series[s].diverged) continue;
            const double y = height(drawing, drawing->aggregate.series[s].point[i].mean);
            low = fmin(low, y);
            high = fmax(high, y);
        }
    return high - low;
}

/* A line as it is drawn. */
struct line {
    struct er_summary *point;
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
        line.point[line.n] = *p;
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
    er_say_x(out, drawing, at->x);
}

/* " falls from A to B at x, then rises to C"; `end`: where the figure ends along x. */
static void say_turns(struct er_buffer *out, const struct er_drawing *drawing, const struct line *line,
                      const struct er_course *course, bool restless, double end)
{
    int way = course->first;
    er_buffer_text(out, way > 0 ? " rises" : " falls");
    if (restless) er_buffer_text(out, ", with ups and downs,");
    er_buffer_text(out, " from ");
    er_say_y(out, drawing, line->point[0].mean);
    for (int64_t i = 0; i < course->turns; i++, way = -way) {
        const struct er_summary *at = &line->point[course->turn[i]];
        er_buffer_text(out, " to ");
        er_say_y(out, drawing, at->mean);
        say_place(out, drawing, at);
        er_buffer_text(out, way > 0 ? ", then falls" : ", then rises");
    }
    const struct er_summary *last = &line->point[line->n - 1];
    er_buffer_text(out, " to ");
    er_say_y(out, drawing, last->mean);
    if (last->x < end) say_place(out, drawing, last);
}

static void say_between(struct er_buffer *out, const struct er_drawing *drawing, const struct line *line)
{
    er_buffer_text(out, " between ");
    er_say_y(out, drawing, line->point[line->low].mean);
    er_buffer_text(out, " and ");
    er_say_y(out, drawing, line->point[line->high].mean);
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
        er_say_y(out, drawing, line->point[line->n - 1].mean);
        return;
    }
    if (spread <= 2 * line->uncertainty) {
        er_buffer_text(out, " stays");
        say_between(out, drawing, line);
        er_buffer_text(out, ", within the uncertainty of its seeds");
        return;
    }
    double least = fmax(fmax(spread / 5, range / 50), 2 * line->uncertainty);
    struct er_course course = er_course_find(line->y, line->n, least);
    const bool restless = course.turns > ER_COURSE_TURNS;
    while (restless && course.turns > 1 && least < spread / 2) {
        least *= 1.5;
        course = er_course_find(line->y, line->n, least);
    }
    /* a way that goes back nearly whole is none */
    const double whole = line->y[line->n - 1] - line->y[0];
    const bool back = course.turns == 0 && course.first * whole <= 0;
    if ((restless && course.turns > 1) || back) {
        er_buffer_text(out, " goes up and down");
        say_between(out, drawing, line);
        er_buffer_text(out, " and ends at ");
        er_say_y(out, drawing, line->point[line->n - 1].mean);
        return;
    }
    say_turns(out, drawing, line, &course, restless, end);
}

bool er_say_course(struct er_buffer *out, const struct er_drawing *drawing, const struct er_series *series,
                   double range, double end)
{
    struct line line;
    if (series->diverged) {
        er_buffer_text(out, " diverges");
        return true;
    }
    const bool made = line_of(drawing, series, &line);
    if (made) say_line(out, drawing, &line, range, end);
    er_free(line.point);
    er_free(line.y);
    return made;
}
