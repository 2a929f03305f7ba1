/* map_table.c - the numbers of a map: the points and paths of what is shown, then its cells.
 *
 *     slider | what | x | y | colour | column of the iso-lines | two regions
 *
 * "what" is a cell, a point's letter, or the path to it; it is left out where nothing is marked.
 */
#include "note/map_table.h"

enum { MOST_COLUMNS = 8 };

struct filler {
    const struct er_drawing *drawing;
    struct er_table table;
    const char **title;
    int64_t column[MOST_COLUMNS]; /* of the figure's table; -1: what, -2: the slider */
    bool failed;
};

static void add_column(struct filler *f, int64_t from, const char *name, const char *title, bool numeric,
                       bool axis)
{
    const int64_t i = f->table.columns++;
    char *copy = er_arena_strdup(f->table.memory, name), *words = er_arena_strdup(f->table.memory, title);
    f->failed = f->failed || !copy || !words;
    f->table.column[i] = (struct er_table_column){.name = copy, .unit = "", .numeric = numeric, .axis = axis};
    f->title[i] = words;
    f->column[i] = from;
}

static void add_measured(struct filler *f, int64_t column, const char *title, bool axis)
{
    const struct er_table_column *of = &f->drawing->view.table->column[column];
    for (int64_t i = 0; i < f->table.columns; i++)
        if (f->column[i] == column) return;
    add_column(f, column, of->name, title, of->numeric, axis);
}

static void add_columns(struct filler *f)
{
    const struct er_view *view = &f->drawing->view;
    if (view->slider >= 0) add_measured(f, view->slider, view->slider_title, true);
    if (view->marks >= 0) add_column(f, -1, "what", "what", false, true);
    add_measured(f, view->x, view->x_title, true);
    add_measured(f, view->y[0], view->y_title, true);
    if (view->colour >= 0) add_measured(f, view->colour, view->colour_title, false);
    if (view->contours >= 0) add_measured(f, view->contours, view->contours_title, false);
    for (int r = 0; r < 2 && view->region[r] >= 0; r++)
        add_measured(f, view->region[r], view->region_title[r], false);
}

static const char *what(int mark)
{
    static const char *const words[] = {"cell", "A", "B", "C", "path to A", "path to B", "path to C"};
    return mark < 0 ? NULL : words[mark];
}

static void add_row(struct filler *f, int64_t row)
{
    const struct er_table *from = f->drawing->view.table;
    struct er_cell *cell = f->table.cell + f->table.columns * f->table.rows++;
    for (int64_t j = 0; j < f->table.columns; j++) {
        if (f->column[j] < 0)
            cell[j].text = what(er_map_mark(&f->drawing->view, row));
        else
            cell[j] = from->cell[row * from->columns + f->column[j]];
    }
}

/* The run that is shown at a value of the slider; NULL: none. */
static const struct er_map_run *shown(const struct er_drawing *drawing, int64_t plane)
{
    const int64_t run = drawing->map.plane[plane].run;
    return run < 0 ? NULL : &drawing->map.run[run];
}

int64_t er_map_rows(const struct er_drawing *drawing)
{
    int64_t rows = 0;
    for (int64_t s = 0; s < drawing->map.planes; s++) {
        const struct er_map_run *run = shown(drawing, s);
        if (run) rows += run->end - run->begin;
    }
    return rows;
}

/* Marked rows, then cells, one in `every`. */
static void add_plane(struct filler *f, int64_t plane, int64_t every)
{
    const struct er_map_run *run = shown(f->drawing, plane);
    for (int cells = 0; cells < 2 && run; cells++) {
        int64_t n = 0;
        for (int64_t i = run->begin; i < run->end; i++)
            if ((er_map_mark(&f->drawing->view, i) == ER_MARKED_CELL) == cells &&
                n++ % (cells ? every : 1) == 0)
                add_row(f, i);
    }
}

static int64_t marked(const struct er_drawing *drawing)
{
    int64_t n = 0;
    for (int64_t s = 0; s < drawing->map.planes; s++) {
        const struct er_map_run *run = shown(drawing, s);
        if (run) n += run->end - run->begin - run->cells;
    }
    return n;
}

enum er_status er_map_table(const struct er_drawing *drawing, int64_t most, struct er_table *out,
                            const char *const **title, struct er_error *err)
{
    struct filler f = {.drawing = drawing};
    enum er_status status = er_arena_new((size_t)4 << 30, &f.table.memory, err);
    if (status != ER_OK) return status;
    const int64_t rows = er_map_rows(drawing), cells = rows - marked(drawing);
    const int64_t room = most > rows - cells ? most - (rows - cells) : 1;
    const int64_t every = cells > room ? (cells + room - 1) / room : 1;
    f.table.column = er_arena_alloc(f.table.memory, MOST_COLUMNS, sizeof *f.table.column);
    f.title = er_arena_alloc(f.table.memory, MOST_COLUMNS, sizeof *f.title);
    if (f.table.column && f.title) add_columns(&f);
    if (f.table.columns > 0 && !f.failed)
        f.table.cell =
            er_arena_alloc(f.table.memory, rows + 1, (size_t)f.table.columns * sizeof *f.table.cell);
    if (!f.table.cell) {
        er_table_clear(&f.table);
        return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
    }
    for (int64_t s = 0; s < drawing->map.planes; s++) add_plane(&f, s, every);
    *out = f.table;
    *title = f.title;
    return ER_OK;
}
