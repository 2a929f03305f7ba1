/* view_map.c - the columns that only a map has, and the axis that its slider gets. */
#include "note/levels.h"
#include "note/view.h"
#include "note/words.h"

#include <string.h>

static enum er_status find(const struct er_view *view, const struct er_figure *figure, const char *channel,
                           const char *name, int64_t *out, struct er_error *err)
{
    *out = name ? er_table_find(view->table, name) : -1;
    if (name && *out < 0) return er_view_no_column(view, figure, channel, name, err);
    if (name && !view->table->column[*out].numeric)
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                          "figure: %s: \"%s\" holds words, not numbers", channel, name);
    return ER_OK;
}

/* Different values of an axis, or one more than a slider shows. */
static enum er_status values(const struct er_view *view, int64_t column, struct er_arena *memory, int64_t *n)
{
    struct er_values found = {0};
    enum er_status status = ER_OK;
    if (view->table->column[column].numeric) {
        if (!er_levels_numbers(view->table, column, memory, &found)) status = ER_E_NOMEM;
    } else {
        int64_t *index = er_arena_alloc(memory, view->table->rows + 1, sizeof *index);
        status = index ? er_levels_words(view->table, column, ER_FIGURE_MAX_STEPS, memory, &found, index)
                       : ER_E_NOMEM;
    }
    *n = status == ER_E_LIMIT ? ER_FIGURE_MAX_STEPS + 1 : found.n;
    return status == ER_E_NOMEM ? status : ER_OK;
}

/* The one axis in which runs differ. */
static enum er_status choose_slider(struct er_view *view, struct er_arena *memory)
{
    int64_t varying = 0, last = -1, steps = 0;
    for (int64_t j = 0; j < view->table->columns; j++) {
        int64_t n = 0;
        if (!view->table->column[j].axis) continue;
        if (values(view, j, memory, &n) != ER_OK) return ER_E_NOMEM;
        if (n < 2) continue;
        varying++;
        last = j;
        steps = n;
    }
    if (varying == 1 && steps <= ER_FIGURE_MAX_STEPS) view->slider = last;
    return ER_OK;
}

static bool is_log(const char *scale, const struct er_table_column *column)
{
    return scale ? strcmp(scale, "log") == 0 : column->logarithmic;
}

enum er_status er_view_open_map(const struct er_figure *figure, struct er_arena *memory, struct er_view *view,
                                struct er_error *err)
{
    const struct er_table_column *column = view->table->column;
    int64_t colour = -1, x = -1;
    if (figure->n_y > 1)
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                          "figure: a map has one column along y");
    enum er_status status = find(view, figure, "x", figure->x, &x, err);
    if (status == ER_OK) status = find(view, figure, "colour", figure->colour, &colour, err);
    for (int r = 0; r < 2 && status == ER_OK; r++)
        status = find(view, figure, "regions", figure->n_regions == 2 ? figure->region[r] : NULL,
                      &view->region[r], err);
    if (status == ER_OK) status = find(view, figure, "contours", figure->contours, &view->contours, err);
    if (status == ER_OK) status = find(view, figure, "marks", figure->marks, &view->marks, err);
    if (status != ER_OK) return status;
    for (int r = 0; r < 2 && view->region[r] >= 0; r++) {
        view->region_title[r] = figure->region_label[r] ? figure->region_label[r]
                                                        : er_view_title(memory, &column[view->region[r]]);
        if (!view->region_title[r]) status = ER_E_NOMEM;
    }
    if (view->contours >= 0) {
        view->contours_title = er_view_title(memory, &column[view->contours]);
        view->contours_fraction = er_words_fraction(column[view->contours].name);
        view->contours_log = column[view->contours].logarithmic;
        if (!view->contours_title) status = ER_E_NOMEM;
    }
    view->colour_log = view->colour >= 0 && is_log(figure->colour_scale, &column[view->colour]);
    if (status == ER_OK && !figure->slider) status = choose_slider(view, memory);
    return status == ER_OK ? ER_OK : er_fail(err, status, "out of memory while drawing a figure");
}
