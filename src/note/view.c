/* view.c - a figure with its names resolved. */
#include "note/view.h"

#include "core/number.h"
#include "note/words.h"

#include <string.h>

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}

enum er_status er_view_no_column(const struct er_view *view, const struct er_figure *figure,
                                 const char *channel, const char *name, struct er_error *err)
{
    const struct er_table *table = view->table;
    const char *what = view->curves ? "the curves" : "the runs";
    const char **names = er_alloc(table->columns, sizeof *names);
    if (!names) return out_of_memory(err);
    for (int64_t i = 0; i < table->columns; i++) names[i] = table->column[i].name;
    const char *nearest = er_nearest(name, names, table->columns);
    er_free(names);
    if (nearest)
        er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                   "figure: %s: %s have no column \"%s\"; did you mean \"%s\"?", channel, what, name,
                   nearest);
    else
        er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                   "figure: %s: %s have no column \"%s\"", channel, what, name);
    return ER_E_INPUT;
}

/* The curves, when x or a quantity is only there, or when a line runs over a quantity that changes along a
 * curve. */
static bool wants_curves(const struct er_figure *figure, const struct er_table *runs,
                         const struct er_table *curves)
{
    if (figure->from) return strcmp(figure->from, "curves") == 0;
    const int64_t x = figure->x ? er_table_find(curves, figure->x) : -1;
    if (x >= 0 && !curves->column[x].axis && strcmp(figure->mark, "line") == 0) return true;
    if (x >= 0 && er_table_find(runs, figure->x) < 0) return true;
    for (int64_t i = 0; i < figure->n_y; i++)
        if (er_table_find(runs, figure->y[i]) < 0 && er_table_find(curves, figure->y[i]) >= 0) return true;
    for (int64_t i = 0; i < figure->n_points; i++)
        if (er_table_find(runs, figure->points[i]) < 0 && er_table_find(curves, figure->points[i]) >= 0)
            return true;
    return figure->slider && er_table_find(runs, figure->slider) < 0 &&
           er_table_find(curves, figure->slider) >= 0;
}

static enum er_status find_columns(const struct er_figure *figure, struct er_arena *memory,
                                   struct er_view *view, struct er_error *err)
{
    const struct er_table *table = view->table;
    const bool values = er_mark_is_distribution(view->mark);
    view->x = values ? -1 : er_table_find(table, figure->x);
    if (view->x < 0 && !values) return er_view_no_column(view, figure, "x", figure->x, err);
    view->colour = figure->colour ? er_table_find(table, figure->colour) : -1;
    if (figure->colour && view->colour < 0)
        return er_view_no_column(view, figure, "colour", figure->colour, err);
    view->slider = figure->slider ? er_table_find(table, figure->slider) : -1;
    if (figure->slider && view->slider < 0)
        return er_view_no_column(view, figure, "slider", figure->slider, err);
    view->seed = er_table_find(table, "seed");
    view->n_y = figure->n_y;
    view->n_points = figure->n_points;
    view->y = er_arena_alloc(memory, figure->n_y + figure->n_points, sizeof *view->y);
    if (!view->y) return out_of_memory(err);
    for (int64_t i = 0; i < figure->n_y + figure->n_points; i++) {
        const bool measured = i < figure->n_y;
        const char *name = measured ? figure->y[i] : figure->points[i - figure->n_y];
        view->y[i] = er_table_find(table, name);
        if (view->y[i] < 0) return er_view_no_column(view, figure, measured ? "y" : "points", name, err);
        if (!table->column[view->y[i]].numeric)
            return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                              "figure: %s: \"%s\" holds words, not numbers", measured ? "y" : "points", name);
    }
    view->x_numeric = view->x < 0 || table->column[view->x].numeric;
    return ER_OK;
}

static enum er_status choose_mark(const struct er_figure *figure, struct er_view *view, struct er_error *err)
{
    static const char *const mark[] = {"line", "point", "bar", "histogram", "strip", "ridgeline", "map"};
    for (size_t i = 0; i < sizeof mark / sizeof *mark; i++)
        if (strcmp(figure->mark, mark[i]) == 0) {
            view->mark = (enum er_mark)i;
            return ER_OK;
        }
    return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                      "figure: mark: \"%s\" is none of line, point, bar, histogram, strip, ridgeline, map",
                      figure->mark);
}

static bool is_log(const char *scale, const struct er_table_column *column)
{
    return column->numeric && (scale ? strcmp(scale, "log") == 0 : column->logarithmic);
}

static enum er_status choose_scales(const struct er_figure *figure, struct er_view *view,
                                    struct er_error *err)
{
    const struct er_table_column *column = view->table->column;
    if (view->mark == ER_MARK_MAP) return ER_OK; /* view_map.c */
    if (view->mark == ER_MARK_BAR) {
        if ((figure->x_scale && strcmp(figure->x_scale, "log") == 0) ||
            (figure->y_scale && strcmp(figure->y_scale, "log") == 0))
            return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                              "figure: a bar begins at 0 and has no logarithmic scale; use mark: point");
        return ER_OK;
    }
    if (view->x >= 0) view->x_log = is_log(figure->x_scale, &column[view->x]);
    view->y_log = view->n_y > 0;
    for (int64_t i = 0; i < view->n_y; i++)
        view->y_log = view->y_log && is_log(figure->y_scale, &column[view->y[i]]);
    if ((view->x_log && figure->at_x.drawn && figure->at_x.at <= 0) ||
        (view->y_log && figure->at_y.drawn && figure->at_y.at <= 0))
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                          "figure: a logarithmic axis has no place for a reference line at 0 or less");
    if (figure->at_x.drawn && !view->x_numeric)
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                          "figure: at_x: the x axis has words and no place for a number");
    return ER_OK;
}

const char *er_view_title(struct er_arena *memory, const struct er_table_column *column)
{
    struct er_buffer text = {0};
    er_words_title(&text, column);
    const char *copy = text.status == ER_OK ? er_arena_strdup(memory, text.data ? text.data : "") : NULL;
    er_buffer_clear(&text);
    return copy;
}

static const char *last_word(const char *text)
{
    const char *blank = strrchr(text, ' ');
    return blank ? blank + 1 : text;
}

/* What several quantities on one axis are called: the word that their names end with, else all of them. */
static const char *common_title(struct er_arena *memory, const char *const *quantity, int64_t n)
{
    bool common = true;
    for (int64_t i = 1; i < n; i++)
        common = common && strcmp(last_word(quantity[i]), last_word(quantity[0])) == 0;
    if (common) return n == 1 ? quantity[0] : last_word(quantity[0]);
    struct er_buffer text = {0};
    for (int64_t i = 0; i < n; i++) {
        if (i > 0) er_buffer_text(&text, ", ");
        er_buffer_text(&text, quantity[i]);
    }
    const char *copy = text.status == ER_OK ? er_arena_strdup(memory, text.data) : NULL;
    er_buffer_clear(&text);
    return copy;
}

static enum er_status choose_words(struct er_arena *memory, struct er_view *view, struct er_error *err)
{
    const struct er_table_column *column = view->table->column;
    if (view->x >= 0) {
        view->x_title = er_view_title(memory, &column[view->x]);
        view->x_fraction = er_words_fraction(column[view->x].name);
    }
    if (view->slider >= 0) {
        view->slider_title = er_view_title(memory, &column[view->slider]);
        view->slider_fraction = er_words_fraction(column[view->slider].name);
    }
    const int64_t n = view->n_y + view->n_points;
    if (view->colour >= 0) {
        view->colour_title = er_view_title(memory, &column[view->colour]);
        view->colour_fraction = er_words_fraction(column[view->colour].name);
    }
    view->quantity = er_arena_alloc(memory, n, sizeof *view->quantity);
    if ((view->x >= 0 && !view->x_title) || !view->quantity || (view->colour >= 0 && !view->colour_title) ||
        (view->slider >= 0 && !view->slider_title))
        return out_of_memory(err);
    view->y_fraction = true;
    for (int64_t i = 0; i < n; i++) {
        view->quantity[i] = er_view_title(memory, &column[view->y[i]]);
        if (!view->quantity[i]) return out_of_memory(err);
        view->y_fraction = view->y_fraction && er_words_fraction(column[view->y[i]].name);
    }
    view->y_title = common_title(memory, view->quantity, n);
    return view->y_title ? ER_OK : out_of_memory(err);
}

/* What was read as y lies along x, and counts along y. */
static void turn(struct er_view *view)
{
    view->x_title = view->y_title;
    view->x_fraction = view->y_fraction;
    view->x_log = view->y_log;
    view->y_title = view->mark != ER_MARK_HISTOGRAM ? "" : view->curves ? "values" : "runs";
    view->y_fraction = view->y_log = false;
}

enum er_status er_view_open(const struct er_figure *figure, const struct er_table *runs,
                            const struct er_table *curves, struct er_arena *memory, struct er_view *out,
                            struct er_error *err)
{
    struct er_view view = {.runs = runs, .curves = wants_curves(figure, runs, curves)};
    view.region[0] = view.region[1] = view.contours = view.marks = -1;
    view.table = view.curves ? curves : runs;
    view.median = figure->statistic && strcmp(figure->statistic, "median") == 0;
    if (figure->n_y < 1)
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column, "figure: y names no column");
    enum er_status status = choose_mark(figure, &view, err);
    if (status == ER_OK) status = find_columns(figure, memory, &view, err);
    if (status == ER_OK) status = choose_scales(figure, &view, err);
    if (status == ER_OK && view.mark == ER_MARK_MAP) status = er_view_open_map(figure, memory, &view, err);
    if (status == ER_OK) status = choose_words(memory, &view, err);
    if (status == ER_OK && er_mark_is_distribution(view.mark)) turn(&view);
    if (status == ER_OK) *out = view;
    return status;
}
