/* map.c - the rows of a map sorted into planes. */
#include "note/map.h"

#include "study/study.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}

static const struct er_cell *cell(const struct er_view *view, int64_t row, int64_t column)
{
    return &view->table->cell[row * view->table->columns + column];
}

int er_map_mark(const struct er_view *view, int64_t row)
{
    if (view->marks < 0) return ER_MARKED_CELL;
    const double mark = cell(view, row, view->marks)->number;
    return mark >= 0 && mark < ER_MARKED_END && mark == floor(mark) ? (int)mark : -1;
}

bool er_map_in(const struct er_view *view, int64_t row, int region)
{
    return cell(view, row, view->region[region])->number > 0.5;
}

/* Whether two rows have the same value of a column. */
static bool same_value(const struct er_table *table, int64_t a, int64_t b, int64_t column)
{
    const struct er_cell *x = &table->cell[a * table->columns + column],
                         *y = &table->cell[b * table->columns + column];
    if (!table->column[column].numeric) return strcmp(x->text ? x->text : "", y->text ? y->text : "") == 0;
    return x->number == y->number || (isnan(x->number) && isnan(y->number));
}

/* Whether two rows share all axes; seeds only where they are asked for. */
static bool share_axes(const struct er_table *table, int64_t a, int64_t b, bool seeds)
{
    for (int64_t j = 0; j < table->columns; j++) {
        const struct er_table_column *column = &table->column[j];
        if (!column->axis || (!seeds && er_study_is_repetition(column->name))) continue;
        if (!same_value(table, a, b, j)) return false;
    }
    return true;
}

bool er_map_same_setting(const struct er_view *view, int64_t a, int64_t b)
{
    return share_axes(view->table, a, b, false);
}

static void count(const struct er_view *view, struct er_map_run *run)
{
    for (int64_t i = run->begin; i < run->end; i++) {
        if (er_map_mark(view, i) != ER_MARKED_CELL) continue;
        run->cells++;
        if (view->region[0] < 0) continue;
        const bool first = er_map_in(view, i, 0), second = er_map_in(view, i, 1);
        for (int r = 0; r < 2; r++)
            run->known[r] = run->known[r] || !isnan(cell(view, i, view->region[r])->number);
        run->region[0] += first;
        run->region[1] += second;
        run->both += first && second;
    }
}

static enum er_status find_runs(const struct er_view *view, const int64_t *step, struct er_arena *memory,
                                struct er_map *out, struct er_error *err)
{
    const struct er_table *table = view->table;
    struct er_map_run *run = er_arena_alloc(memory, table->rows + 1, sizeof *run);
    if (!run) return out_of_memory(err);
    for (int64_t i = 0, end; i < table->rows; i = end) {
        for (end = i + 1; end < table->rows && share_axes(table, i, end, true);) end++;
        run[out->runs] = (struct er_map_run){.begin = i, .end = end, .step = step[i]};
        count(view, &run[out->runs++]);
    }
    out->run = run;
    return ER_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_cell(const struct er_view *view, int64_t row)
{
    return er_map_mark(view, row) == ER_MARKED_CELL && isfinite(cell(view, row, view->x)->number) &&
           isfinite(cell(view, row, view->y[0])->number);
}

/* The different values of a column among the cells of a run, rising. */
static const double *places(const struct er_view *view, const struct er_map_run *run, int64_t column,
                            struct er_arena *memory, int64_t *n)
{
    double *value = er_arena_alloc(memory, run->end - run->begin + 1, sizeof *value);
    int64_t found = 0;
    *n = 0;
    if (!value) return NULL;
    for (int64_t i = run->begin; i < run->end; i++)
        if (is_cell(view, i)) value[found++] = cell(view, i, column)->number;
    qsort(value, (size_t)found, sizeof *value, compare_numbers);
    for (int64_t i = 0; i < found; i++)
        if (*n == 0 || value[i] != value[*n - 1]) value[(*n)++] = value[i];
    return value;
}

static int64_t place(const double *value, int64_t n, double wanted)
{
    const struct er_values values = {.numeric = true, .n = n, .number = value};
    return er_levels_find(&values, wanted);
}

static enum er_status make_plane(const struct er_view *view, const struct er_figure *figure,
                                 const struct er_map_run *run, struct er_arena *memory,
                                 struct er_map_plane *out, struct er_error *err)
{
    out->x = places(view, run, view->x, memory, &out->nx);
    out->y = places(view, run, view->y[0], memory, &out->ny);
    if (!out->x || !out->y) return out_of_memory(err);
    /* a grid may lack cells, but not most of them */
    if (run->cells > 0 && (out->nx < 2 || out->ny < 2 || out->nx > 4 * run->cells / out->ny))
        return er_fail_at(err, ER_E_INPUT, NULL, figure->line, figure->column,
                          "figure: the cells of a map lie on a grid; %" PRId64 " of them at %" PRId64
                          " values of %s and %" PRId64 " of %s do not",
                          run->cells, out->nx, figure->x, out->ny, figure->y[0]);
    if (out->nx > ER_MAP_SIDE || out->ny > ER_MAP_SIDE)
        return er_fail_at(err, ER_E_LIMIT, NULL, figure->line, figure->column,
                          "figure: %" PRId64 " x %" PRId64 " cells; a map has at most %d along an axis",
                          out->nx, out->ny, ER_MAP_SIDE);
    int64_t *at = er_arena_alloc(memory, out->nx * out->ny + 1, sizeof *at);
    if (!at) return out_of_memory(err);
    for (int64_t i = 0; i < out->nx * out->ny; i++) at[i] = -1;
    for (int64_t i = run->begin; i < run->end; i++) {
        if (!is_cell(view, i)) continue;
        const int64_t column = place(out->x, out->nx, cell(view, i, view->x)->number);
        at[place(out->y, out->ny, cell(view, i, view->y[0])->number) * out->nx + column] = i;
    }
    out->cell = at;
    return ER_OK;
}

enum er_status er_map_make(const struct er_view *view, const struct er_figure *figure,
                           const struct er_aggregate *aggregate, struct er_arena *memory, struct er_map *out,
                           struct er_error *err)
{
    struct er_map made = {.planes = view->slider >= 0 ? aggregate->slider.n : 1};
    enum er_status status = find_runs(view, aggregate->step, memory, &made, err);
    struct er_map_plane *plane = er_arena_alloc(memory, made.planes + 1, sizeof *plane);
    if (!plane) return out_of_memory(err);
    for (int64_t s = 0; s < made.planes && status == ER_OK; s++) {
        plane[s].run = -1;
        for (int64_t r = 0; r < made.runs && plane[s].run < 0; r++)
            if (made.run[r].step == s) plane[s].run = r;
        if (plane[s].run >= 0)
            status = make_plane(view, figure, &made.run[plane[s].run], memory, &plane[s], err);
    }
    made.plane = plane;
    if (status == ER_OK) *out = made;
    return status;
}

double *er_map_values(const struct er_view *view, const struct er_map_plane *plane, int64_t column,
                      bool logarithmic, struct er_arena *memory)
{
    const int64_t n = plane->nx * plane->ny;
    double *value = er_arena_alloc(memory, n + 1, sizeof *value);
    for (int64_t i = 0; value && i < n; i++) {
        const double number = plane->cell[i] < 0 ? (double)NAN : cell(view, plane->cell[i], column)->number;
        value[i] = !logarithmic ? number : number >= 0 ? log10(number) : (double)NAN;
    }
    return value;
}

double er_map_place(const double *at, int64_t n, double cells)
{
    const int64_t i = (int64_t)fmin(fmax(floor(cells), 0), (double)(n - 2));
    return at[i] + (cells - (double)i) * (at[i + 1] - at[i]);
}
