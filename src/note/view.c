/* view.c - a figure with its names resolved. */
#include "note/view.h"

#include "core/number.h"
#include "note/words.h"

#include <string.h>

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}

static enum er_status fail_column(const struct er_figure *figure, const char *channel, const char *name,
                                  const struct er_table *table, const char *what, struct er_error *err)
{
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
    const int64_t x = er_table_find(curves, figure->x);
    if (x >= 0 && !curves->column[x].axis && strcmp(figure->mark, "line") == 0) return true;
    if (x >= 0 && er_table_find(runs, figure->x) < 0) return true;
    for (int64_t i = 0; i < figure->n_y; i++)
        if (er_table_find(runs, figure->y[i]) < 0 && er_table_find(curves, figure->y[i]) >= 0) return true;
    return false;
}

static enum er_status find_columns(const struct er_figure *figure, struct er_arena *memory,
                                   struct er_view *view, struct er_error *err)
{
    const struct er_table *table = view->table;
    const char *what = view->curves ? "the curves" : "the runs";
    view->x = er_table_find(table, figure->x);
    if (view->x < 0) return fail_column(figure, "x", figure->x, table, what, err);
    view->colour = figure->colour ? er_table_find(table, figure->colour) : -1;
    if (figure->colour && view->colour < 0)
        return fail_column(figure, "colour", figure->colour, table, what, err);
    view->seed = er_table_find(table, "seed");
    view->n_y = figure->n_y;
    view->y = er_arena_alloc(memory, figure->n_y, sizeof *view->y);
    if (!view->y) return out_of_memory(err);
    for (int64_t i = 0; i < figure->n_y; i++) {
        view->y[i] = er_table_find(table, figure->y[i]);
        if (view->y[i] < 0) return fail_column(figure, "y", figure->y[i], table, what, err);
        if (!table->column[view->y[i]].numeric)
            return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                              "figure: y: \"%s\" holds words, not numbers", figure->y[i]);
    }
    view->x_numeric = table->column[view->x].numeric;
    return ER_OK;
}

static enum er_status choose_mark(const struct er_figure *figure, struct er_view *view, struct er_error *err)
{
    static const char *const mark[] = {"line", "point", "bar"};
    for (int i = 0; i < 3; i++)
        if (strcmp(figure->mark, mark[i]) == 0) {
            view->mark = (enum er_mark)i;
            return ER_OK;
        }
    return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                      "figure: mark: \"%s\" is none of line, point, bar", figure->mark);
}

static bool is_log(const char *scale, const struct er_table_column *column)
{
    return column->numeric && (scale ? strcmp(scale, "log") == 0 : column->logarithmic);
}

static enum er_status choose_scales(const struct er_figure *figure, struct er_view *view,
                                    struct er_error *err)
{
    const struct er_table_column *column = view->table->column;
    if (view->mark == ER_MARK_BAR) {
        if ((figure->x_scale && strcmp(figure->x_scale, "log") == 0) ||
            (figure->y_scale && strcmp(figure->y_scale, "log") == 0))
            return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                              "figure: a bar begins at 0 and has no logarithmic scale; use mark: point");
        return ER_OK;
    }
    view->x_log = is_log(figure->x_scale, &column[view->x]);
    view->y_log = view->n_y > 0;
    for (int64_t i = 0; i < view->n_y; i++)
        view->y_log = view->y_log && is_log(figure->y_scale, &column[view->y[i]]);
    return ER_OK;
}

static const char *title(struct er_arena *memory, const struct er_table_column *column)
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
    view->x_title = title(memory, &column[view->x]);
    view->x_fraction = er_words_fraction(column[view->x].name);
    if (view->colour >= 0) {
        view->colour_title = title(memory, &column[view->colour]);
        view->colour_fraction = er_words_fraction(column[view->colour].name);
    }
    view->quantity = er_arena_alloc(memory, view->n_y, sizeof *view->quantity);
    if (!view->x_title || !view->quantity || (view->colour >= 0 && !view->colour_title))
        return out_of_memory(err);
    view->y_fraction = true;
    for (int64_t i = 0; i < view->n_y; i++) {
        view->quantity[i] = title(memory, &column[view->y[i]]);
        if (!view->quantity[i]) return out_of_memory(err);
        view->y_fraction = view->y_fraction && er_words_fraction(column[view->y[i]].name);
    }
    view->y_title = common_title(memory, view->quantity, view->n_y);
    return view->y_title ? ER_OK : out_of_memory(err);
}

enum er_status er_view_open(const struct er_figure *figure, const struct er_table *runs,
                            const struct er_table *curves, struct er_arena *memory, struct er_view *out,
                            struct er_error *err)
{
    struct er_view view = {.runs = runs, .curves = wants_curves(figure, runs, curves)};
    view.table = view.curves ? curves : runs;
    if (figure->n_y < 1)
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column, "figure: y names no column");
    enum er_status status = choose_mark(figure, &view, err);
    if (status == ER_OK) status = find_columns(figure, memory, &view, err);
    if (status == ER_OK) status = choose_scales(figure, &view, err);
    if (status == ER_OK) status = choose_words(memory, &view, err);
    if (status == ER_OK) *out = view;
    return status;
}
