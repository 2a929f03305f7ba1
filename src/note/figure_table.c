/* figure_table.c - the numbers of a figure as a table: one row a mean (lines, bars), a run (points) or a bin.
 *
 *     slider | x | colour | quantity | mean, smallest, largest, runs
 *     slider | x | colour | quantity | seed | value
 *     slider | from, to | colour | quantity | count
 *
 * Columns that say nothing are left out: quantity when there is one, which then names the value; the range
 * when every mean is of one value. Points over lines follow the lines, as means of one value.
 */
#include "note/figure.h"
#include "note/map_table.h"
#include "note/thin.h"

#include <math.h>

enum { MOST_COLUMNS = 9 };

struct filler {
    const struct er_drawing *drawing;
    struct er_table table;
    const char **title;
    bool failed;
};

static void add_column(struct filler *f, const char *name, const char *title, bool numeric, bool axis)
{
    const int64_t i = f->table.columns++;
    char *copy = er_arena_strdup(f->table.memory, name), *words = er_arena_strdup(f->table.memory, title);
    f->failed = f->failed || !copy || !words;
    f->table.column[i] = (struct er_table_column){.name = copy, .unit = "", .numeric = numeric, .axis = axis};
    f->title[i] = words;
}

static void add_columns(struct filler *f, bool runs)
{
    const struct er_view *view = &f->drawing->view;
    const struct er_table_column *column = view->table->column;
    const bool one = view->n_y + view->n_points == 1;
    if (view->slider >= 0)
        add_column(f, column[view->slider].name, view->slider_title, column[view->slider].numeric, true);
    if (view->x >= 0) add_column(f, column[view->x].name, view->x_title, view->x_numeric, true);
    const bool bins = view->mark == ER_MARK_HISTOGRAM;
    if (bins) add_column(f, "from", one ? view->quantity[0] : "from", true, false);
    if (bins) add_column(f, "to", "to", true, false);
    if (view->colour >= 0)
        add_column(f, column[view->colour].name, view->colour_title, column[view->colour].numeric, true);
    if (!one) add_column(f, "quantity", "quantity", false, true);
    if (runs) {
        if (view->seed >= 0) add_column(f, "seed", "seed", true, true);
        add_column(f, one ? column[view->y[0]].name : "value", one ? view->quantity[0] : "value", true,
                   false);
        return;
    }
    if (bins) {
        add_column(f, view->y_title, view->y_title, true, false);
        return;
    }
    const bool range = f->drawing->aggregate.most > 1;
    const char *middle = view->median ? "median" : "mean";
    add_column(f, one ? column[view->y[0]].name : middle,
               one     ? view->quantity[0]
               : range ? middle
                       : "value",
               true, false);
    if (!range) return;
    add_column(f, "smallest", "smallest", true, false);
    add_column(f, "largest", "largest", true, false);
    add_column(f, "runs", "runs", true, false);
}

static void set_level(struct filler *f, struct er_cell *cell, const struct er_values *values, int64_t i)
{
    if (values->numeric)
        cell->number = values->number[i];
    else if (!(cell->text = er_arena_strdup(f->table.memory, values->text[i])))
        f->failed = true;
}

/* The cells that all rows begin with; the next free cell. */
static struct er_cell *begin_row(struct filler *f, const struct er_series *series, double x,
                                 int64_t table_row)
{
    const struct er_view *view = &f->drawing->view;
    const struct er_aggregate *aggregate = &f->drawing->aggregate;
    struct er_cell *cell = f->table.cell + f->table.columns * f->table.rows++;
    if (view->slider >= 0) set_level(f, cell++, &aggregate->slider, series->step);
    const bool bins = view->mark == ER_MARK_HISTOGRAM;
    if (view->x_numeric && (view->x >= 0 || bins))
        cell++->number = x;
    else if (!view->x_numeric &&
             !(cell++->text = er_arena_strdup(f->table.memory, aggregate->x.text[(int64_t)x])))
        f->failed = true;
    if (bins) cell++; /* where a bin ends */
    if (view->colour >= 0) {
        if (aggregate->continuum)
            cell->number = view->table->cell[table_row * view->table->columns + view->colour].number;
        else if (series->colour == ER_SHARED)
            cell->number = (double)NAN; /* words: none */
        else
            set_level(f, cell, &aggregate->colour, series->colour);
        cell++;
    }
    if (view->n_y + view->n_points > 1 &&
        !((cell++)->text = er_arena_strdup(f->table.memory, view->quantity[series->y])))
        f->failed = true;
    return cell;
}

static void add_run(struct filler *f, const struct er_series *series, const struct er_sample *s)
{
    const struct er_view *view = &f->drawing->view;
    struct er_cell *cell = begin_row(f, series, s->x, s->row);
    if (view->seed >= 0)
        (cell++)->number = view->table->cell[s->row * view->table->columns + view->seed].number;
    cell->number = s->y;
}

static void add_mean(struct filler *f, const struct er_series *series, const struct er_summary *p)
{
    struct er_cell *cell = begin_row(f, series, p->x, 0);
    cell[0].number = p->mean;
    if (f->drawing->view.mark == ER_MARK_HISTOGRAM) {
        f->table.cell[f->table.columns * (f->table.rows - 1) + (f->drawing->view.slider >= 0) + 1].number =
            p->high;
        return;
    }
    if (f->drawing->aggregate.most < 2) return;
    cell[1].number = p->low;
    cell[2].number = p->high;
    cell[3].number = (double)p->n;
}

static bool of_runs(const struct er_drawing *drawing, const struct er_series *series)
{
    const enum er_mark mark = drawing->view.mark;
    return mark == ER_MARK_POINT || mark == ER_MARK_STRIP || mark == ER_MARK_RIDGELINE ||
           series->y >= drawing->view.n_y;
}

static int64_t rows_of(const struct er_drawing *drawing, const struct er_series *series)
{
    return of_runs(drawing, series) ? series->samples : series->points;
}

/* The series, and the points over them after those. */
static int64_t lists(const struct er_drawing *drawing)
{
    return drawing->aggregate.n_series + drawing->aggregate.n_overlay;
}

static const struct er_series *list(const struct er_drawing *drawing, int64_t i)
{
    const struct er_aggregate *aggregate = &drawing->aggregate;
    return i < aggregate->n_series ? &aggregate->series[i] : &aggregate->overlay[i - aggregate->n_series];
}

int64_t er_drawing_rows(const struct er_drawing *drawing)
{
    int64_t rows = 0;
    if (drawing->view.mark == ER_MARK_MAP) return er_map_rows(drawing);
    for (int64_t s = 0; s < lists(drawing); s++) rows += rows_of(drawing, list(drawing, s));
    return rows;
}

/* At most `share` rows of a series; `keep` has room for a flag a row. */
static void add_series(struct filler *f, const struct er_series *series, int64_t share, bool *keep)
{
    const int64_t n = rows_of(f->drawing, series);
    const bool runs = of_runs(f->drawing, series);
    if (runs)
        er_thin_runs(series->sample, n, share, keep);
    else
        er_thin_line(series->point, n, f->drawing->view.x_log, share, keep);
    for (int64_t i = 0; i < n && !f->failed; i++) {
        if (!keep[i]) continue;
        if (runs && series->y >= f->drawing->view.n_y)
            add_mean(
                f, series,
                &(struct er_summary){series->sample[i].x, series->sample[i].y, (double)NAN, (double)NAN, 1});
        else if (runs)
            add_run(f, series, &series->sample[i]);
        else
            add_mean(f, series, &series->point[i]);
    }
}

enum er_status er_drawing_table(const struct er_drawing *drawing, int64_t most, struct er_table *out,
                                const char *const **title, struct er_error *err)
{
    if (drawing->view.mark == ER_MARK_MAP) return er_map_table(drawing, most, out, title, err);
    const int64_t n = lists(drawing);
    struct filler f = {.drawing = drawing};
    enum er_status status = er_arena_new((size_t)4 << 30, &f.table.memory, err);
    if (status != ER_OK) return status;
    int64_t *size = er_arena_alloc(f.table.memory, n + 1, sizeof *size), longest = 1;
    f.table.column = er_arena_alloc(f.table.memory, MOST_COLUMNS, sizeof *f.table.column);
    f.title = er_arena_alloc(f.table.memory, MOST_COLUMNS, sizeof *f.title);
    if (!size || !f.table.column || !f.title) goto fail;
    for (int64_t s = 0; s < n; s++) {
        size[s] = rows_of(drawing, list(drawing, s));
        if (size[s] > longest) longest = size[s];
    }
    const int64_t share = er_thin_share(size, n, most);
    int64_t rows = 0;
    for (int64_t s = 0; s < n; s++) rows += size[s] < share ? size[s] : share;
    bool *keep = er_arena_alloc(f.table.memory, longest, sizeof *keep);
    add_columns(&f, of_runs(drawing, &(struct er_series){0}));
    f.table.cell = f.failed || !keep
                       ? NULL
                       : er_arena_alloc(f.table.memory, rows, (size_t)f.table.columns * sizeof *f.table.cell);
    if (!f.table.cell) goto fail;
    for (int64_t s = 0; s < n; s++) add_series(&f, list(drawing, s), share, keep);
    if (f.failed) goto fail;
    *out = f.table;
    *title = f.title;
    return ER_OK;
fail:
    er_table_clear(&f.table);
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}
