/* map_words.c - a map in words: its title, its caption, and what it shows for those who do not see it. */
#include "note/map_words.h"

#include "math/student.h"
#include "note/sketch.h"
#include "note/words.h"

#include <inttypes.h>
#include <math.h>

static double number(const struct er_drawing *drawing, int64_t row, int64_t column)
{
    return drawing->view.table->cell[row * drawing->view.table->columns + column].number;
}

static void say_share(struct er_buffer *out, int64_t n, int64_t of)
{
    er_words_number(out, (double)n / (double)of, 3, true);
}

/* A share, or that there are no values. */
static void say_known(struct er_buffer *out, bool known, int64_t n, int64_t of)
{
    if (known)
        say_share(out, n, of);
    else
        er_buffer_text(out, "missing");
}

/* "training error 0 and low risk", "training loss". */
static void say_shown(struct er_buffer *out, const struct er_view *view)
{
    bool any = view->colour >= 0;
    if (any) er_buffer_text(out, view->colour_title);
    if (view->region[0] >= 0)
        er_buffer_format(out, "%s and %s", view->region_title[0], view->region_title[1]);
    any = any || view->region[0] >= 0;
    if (view->contours < 0 || view->contours == view->colour) return;
    er_buffer_format(out, "%s%s", any ? ", with lines of equal " : "lines of equal ", view->contours_title);
}

void er_map_say_title(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    say_shown(out, view);
    if (view->marks < 0) er_buffer_format(out, " over %s and %s", view->x_title, view->y_title);
    if (view->marks >= 0) er_buffer_text(out, " on a plane through minima");
    if (view->slider >= 0) er_buffer_format(out, ", by %s", view->slider_title);
}

/* The run that is shown first; NULL: there is none. */
static const struct er_map_run *shown(const struct er_drawing *drawing)
{
    const bool none = drawing->map.planes < 1 || drawing->map.plane[0].run < 0;
    return none ? NULL : &drawing->map.run[drawing->map.plane[0].run];
}

/* Points of a run, or places of paths. */
static int64_t count_marks(const struct er_drawing *drawing, const struct er_map_run *run, int first, int end)
{
    int64_t n = 0;
    for (int64_t i = run->begin; i < run->end; i++) {
        const int mark = er_map_mark(&drawing->view, i);
        n += mark >= first && mark < end;
    }
    return n;
}

/* "training error 0, 18.8 % of the cells." The colours are the theme's, whatever the columns are called. */
static void say_region(struct er_buffer *out, const struct er_drawing *drawing, const struct er_map_run *run,
                       int region)
{
    er_buffer_format(out, "%s, ", drawing->view.region_title[region]);
    say_known(out, run->known[region], run->region[region], run->cells);
}

/* " Green: training error 0, 18.8 % of the cells. ... Both: 13.7 %, so P(magenta | green) is 73 %." */
static void say_regions(struct er_buffer *out, const struct er_drawing *drawing, const struct er_map_run *run)
{
    const struct er_view *view = &drawing->view;
    if (view->region[0] < 0 || run->cells == 0) return;
    er_buffer_text(out, " Green: ");
    say_region(out, drawing, run, 0);
    er_buffer_format(out, "%s. Magenta, hatched: ", run->known[0] ? " of the cells" : "");
    say_region(out, drawing, run, 1);
    if (run->known[0] && run->known[1]) {
        er_buffer_text(out, ". Both: ");
        say_share(out, run->both, run->cells);
        if (run->region[0] > 0) {
            er_buffer_text(out, ", so P(magenta | green) is ");
            say_share(out, run->both, run->region[0]);
        }
    }
    er_buffer_char(out, '.');
}

/* Whether a run counts beside the one that is shown: it differs by seeds alone, and has a P(magenta | green), which is
 * written. */
static bool has_share(const struct er_drawing *drawing, const struct er_map_run *beside,
                      const struct er_map_run *run, double *value)
{
    if (run->region[0] == 0 || !run->known[1]) return false;
    *value = (double)run->both / (double)run->region[0];
    return er_map_same_setting(&drawing->view, beside->begin, run->begin);
}

/* " Over 5 seeds P(magenta | green) is 71 % in the mean, 95 % interval 60 % to 82 %." */
static void say_interval(struct er_buffer *out, const struct er_drawing *drawing,
                         const struct er_map_run *beside)
{
    const struct er_map *map = &drawing->map;
    int64_t n = 0;
    double sum = 0, squares = 0, value;
    for (int64_t r = 0; r < map->runs; r++)
        if (has_share(drawing, beside, &map->run[r], &value)) {
            sum += value;
            n++;
        }
    if (n < 2) return;
    const double mean = sum / (double)n;
    for (int64_t r = 0; r < map->runs; r++)
        if (has_share(drawing, beside, &map->run[r], &value)) squares += (value - mean) * (value - mean);
    const double half =
        er_student_two_sided(0.95, (double)(n - 1)) * sqrt(squares / (double)(n - 1) / (double)n);
    er_buffer_format(out, " Over %" PRId64 " seeds P(magenta | green) is ", n);
    er_words_number(out, mean, 3, true);
    er_buffer_text(out, " in the mean, 95 % interval ");
    er_words_number(out, fmax(mean - half, 0), 3, true);
    er_buffer_text(out, " to ");
    er_words_number(out, fmin(mean + half, 1), 3, true);
    er_buffer_char(out, '.');
}

void er_map_say_caption(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    const struct er_map_run *run = shown(drawing);
    if (!run) return;
    say_regions(out, drawing, run);
    if (view->region[0] >= 0) say_interval(out, drawing, run);
    if (view->contours >= 0) er_buffer_format(out, " Lines: equal %s.", view->contours_title);
    const int64_t points = count_marks(drawing, run, ER_MARKED_POINT, ER_MARKED_PATH);
    if (points > 0) er_buffer_text(out, points > 1 ? " Dots: the minima." : " Dot: the minimum.");
    if (count_marks(drawing, run, ER_MARKED_PATH, ER_MARKED_END) > 0)
        er_buffer_text(out, " Paths: training on its way there, projected onto the plane.");
    if (points > 1)
        er_buffer_text(out,
                       " A plane through several minima is a chosen view, not a typical one: a random plane "
                       "through one of them shows one bowl.");
    if (drawing->map.runs > drawing->map.planes)
        er_buffer_format(out, " Of %" PRId64 " runs, each with a plane of its own, %s shown.",
                         drawing->map.runs,
                         view->slider >= 0 ? "the first at each value is" : "the first is");
}

/* "A at (0, 0) has both.", "C at (5, 9) has training error 0 only.". */
static void say_points(struct er_buffer *out, const struct er_drawing *drawing, const struct er_map_run *run)
{
    const struct er_view *view = &drawing->view;
    for (int64_t i = run->begin; i < run->end; i++) {
        const int mark = er_map_mark(view, i);
        if (mark < ER_MARKED_POINT || mark >= ER_MARKED_PATH) continue;
        er_buffer_format(out, " %c at (", 'A' + mark - ER_MARKED_POINT);
        er_words_number(out, number(drawing, i, view->x), 3, view->x_fraction);
        er_buffer_text(out, ", ");
        er_words_number(out, number(drawing, i, view->y[0]), 3, view->y_fraction);
        er_buffer_char(out, ')');
        if (view->region[0] >= 0) {
            const bool first = er_map_in(view, i, 0), second = er_map_in(view, i, 1);
            er_buffer_format(out, " has %s%s", first == second ? (first ? "both" : "neither") : "",
                             first == second ? "" : view->region_title[first ? 0 : 1]);
            if (first != second) er_buffer_text(out, " only");
        }
        er_buffer_char(out, '.');
    }
}

static void say_range(struct er_buffer *out, const char *title, double low, double high, bool fraction)
{
    er_buffer_format(out, "%s from ", title);
    er_words_number(out, low, 3, fraction);
    er_buffer_text(out, " to ");
    er_words_number(out, high, 3, fraction);
}

static void say_column(struct er_buffer *out, const struct er_drawing *drawing, int64_t column,
                       const char *title, bool logarithmic, bool fraction)
{
    const struct er_sketch_levels range = er_sketch_bands(drawing, column, logarithmic);
    if (!(range.low <= range.high)) return;
    er_buffer_text(out, " Values of ");
    say_range(out, title, range.low, range.high, fraction);
    er_buffer_text(out, logarithmic ? ", logarithmic." : ".");
}

void er_map_say_alternative(struct er_buffer *out, const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    const struct er_map_run *run = shown(drawing);
    er_buffer_text(out, "Map: ");
    say_shown(out, view);
    if (!run || run->cells == 0) {
        er_buffer_text(out, ": no results yet.");
        return;
    }
    const struct er_map_plane *plane = &drawing->map.plane[0];
    er_buffer_text(out, ", ");
    say_range(out, view->x_title, plane->x[0], plane->x[plane->nx - 1], view->x_fraction);
    er_buffer_text(out, ", ");
    say_range(out, view->y_title, plane->y[0], plane->y[plane->ny - 1], view->y_fraction);
    er_buffer_format(out, ", %" PRId64 " x %" PRId64 " cells.", plane->nx, plane->ny);
    if (view->region[0] >= 0) {
        er_buffer_format(out, " Cells with %s: ", view->region_title[0]);
        say_known(out, run->known[0], run->region[0], run->cells);
        er_buffer_format(out, "; with %s: ", view->region_title[1]);
        say_known(out, run->known[1], run->region[1], run->cells);
        er_buffer_text(out, "; with both: ");
        say_known(out, run->known[0] && run->known[1], run->both, run->cells);
        er_buffer_char(out, '.');
    }
    if (view->marks >= 0) say_points(out, drawing, run);
    if (view->colour >= 0)
        say_column(out, drawing, view->colour, view->colour_title, view->colour_log, view->colour_fraction);
    if (view->contours >= 0 && view->contours != view->colour)
        say_column(out, drawing, view->contours, view->contours_title, view->contours_log,
                   view->contours_fraction);
}
