/* average.c - means over seeds. */
#include "average.h"

#include <ermine/memory.h>

#include <math.h>
#include <string.h>

/* Which column of the runs each column of the averages is made from; -1: the number of runs. */
struct plan {
    const struct er_table *runs;
    int64_t *from;
    int64_t n, axes;
};

static bool wanted(const struct er_table_column *column, const char *const *name, int64_t names)
{
    for (int64_t i = 0; i < names; i++)
        if (strcmp(column->name, name[i]) == 0) return true;
    return false;
}

static void add_results(const char *const *name, int64_t names, struct plan *plan)
{
    const struct er_table *runs = plan->runs;
    int64_t before = plan->n;
    for (int64_t c = 0; c < runs->columns; c++)
        if (!runs->column[c].axis && wanted(&runs->column[c], name, names)) plan->from[plan->n++] = c;
    if (plan->n > before) return;
    for (int64_t c = 0; c < runs->columns; c++)
        if (!runs->column[c].axis) plan->from[plan->n++] = c;
}

static void make_plan(const struct er_table *runs, int64_t *from, struct plan *plan)
{
    *plan = (struct plan){.runs = runs, .from = from};
    for (int64_t c = 0; c < runs->columns; c++)
        if (runs->column[c].axis && strcmp(runs->column[c].name, "seed") != 0) plan->from[plan->n++] = c;
    plan->axes = plan->n;
    plan->from[plan->n++] = -1;
}

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cell(const struct er_table *t, int64_t column, int64_t a, int64_t b)
{
    const struct er_cell *x = cell(t, a, column), *y = cell(t, b, column);
    if (!t->column[column].numeric) return same_text(x->text, y->text);
    return !(x->number < y->number) && !(x->number > y->number);
}

static bool same_setting(const struct plan *plan, int64_t a, int64_t b)
{
    for (int64_t c = 0; c < plan->axes; c++)
        if (!same_cell(plan->runs, plan->from[c], a, b)) return false;
    return true;
}

static double mean(const struct er_table *t, int64_t column, int64_t first, int64_t end)
{
    double sum = 0, n = 0;
    for (int64_t r = first; r < end; r++) {
        double x = cell(t, r, column)->number;
        if (isnan(x)) continue;
        sum += x;
        n++;
    }
    return n > 0 ? sum / n : (double)NAN;
}

static const char *common(const struct er_table *t, int64_t column, int64_t first, int64_t end)
{
    for (int64_t r = first + 1; r < end; r++)
        if (!same_cell(t, column, first, r)) return "mixed";
    return cell(t, first, column)->text;
}

/* One row of averages from rows first..end-1. */
static bool add_row(const struct plan *plan, struct er_table *out, int64_t first, int64_t end)
{
    struct er_cell *row = &out->cell[out->rows * out->columns];
    for (int64_t c = 0; c < plan->n; c++) {
        int64_t from = plan->from[c];
        if (from < 0)
            row[c].number = (double)(end - first);
        else if (plan->runs->column[from].numeric)
            row[c].number =
                c < plan->axes ? cell(plan->runs, first, from)->number : mean(plan->runs, from, first, end);
        else {
            const char *text = common(plan->runs, from, first, end);
            row[c].text = text ? er_arena_strdup(out->memory, text) : NULL;
            if (text && !row[c].text) return false;
        }
    }
    out->rows++;
    return true;
}

static bool copy_columns(const struct plan *plan, struct er_table *out)
{
    for (int64_t c = 0; c < plan->n; c++) {
        if (plan->from[c] < 0) {
            out->column[c] = (struct er_table_column){.name = "runs", .unit = "", .numeric = true};
            continue;
        }
        out->column[c] = plan->runs->column[plan->from[c]];
        out->column[c].name = er_arena_strdup(out->memory, out->column[c].name);
        out->column[c].unit = er_arena_strdup(out->memory, out->column[c].unit);
        if (!out->column[c].name || !out->column[c].unit) return false;
    }
    return true;
}

enum er_status average_seeds(const struct er_table *runs, const char *const *name, int64_t names,
                             struct er_table *out, struct er_error *err)
{
    struct er_table table = {0};
    struct plan plan;
    int64_t *from = er_alloc(runs->columns + 1, sizeof *from);
    if (!from) return er_fail(err, ER_E_NOMEM, "out of memory");
    enum er_status status = er_arena_new(SIZE_MAX / 2, &table.memory, err);
    if (status != ER_OK) goto done;
    make_plan(runs, from, &plan);
    add_results(name, names, &plan);
    table.columns = plan.n;
    table.column = er_arena_alloc(table.memory, plan.n, sizeof *table.column);
    table.cell = er_arena_alloc(table.memory, plan.n * runs->rows, sizeof *table.cell);
    bool ok = table.column && table.cell && copy_columns(&plan, &table);
    for (int64_t first = 0, end = 0; ok && first < runs->rows; first = end) {
        do end++;
        while (end < runs->rows && same_setting(&plan, first, end));
        ok = add_row(&plan, &table, first, end);
    }
    if (!ok) status = er_fail(err, ER_E_NOMEM, "out of memory");
done:
    er_free(from);
    if (status == ER_OK)
        *out = table;
    else
        er_table_clear(&table);
    return status;
}
