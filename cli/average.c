/* average.c - means over the axes that are not asked for. */
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

/* Adds the axes (but the seed) or the results: those that are named, or all when none is. */
static void add_columns(const char *const *name, int64_t names, bool axes, struct plan *plan)
{
    const struct er_table_column *column = plan->runs->column;
    const int64_t before = plan->n;
    for (int all = 0; all < 2 && plan->n == before; all++)
        for (int64_t c = 0; c < plan->runs->columns; c++)
            if (column[c].axis == axes && !(axes && strcmp(column[c].name, "seed") == 0) &&
                (all || wanted(&column[c], name, names)))
                plan->from[plan->n++] = c;
}

static void make_plan(const struct er_table *runs, const char *const *name, int64_t names, int64_t *from,
                      struct plan *plan)
{
    *plan = (struct plan){.runs = runs, .from = from};
    add_columns(name, names, true, plan);
    plan->axes = plan->n;
    plan->from[plan->n++] = -1;
    add_columns(name, names, false, plan);
}

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A setting that is absent (NaN) is like another that is absent, and like no number. */
static bool same_number(double a, double b)
{
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    return !(a < b) && !(a > b);
}

static bool same_cell(const struct er_table *t, int64_t column, int64_t a, int64_t b)
{
    const struct er_cell *x = cell(t, a, column), *y = cell(t, b, column);
    if (!t->column[column].numeric) return same_text(x->text, y->text);
    return same_number(x->number, y->number);
}

static bool same_setting(const struct plan *plan, int64_t a, int64_t b)
{
    for (int64_t c = 0; c < plan->axes; c++)
        if (!same_cell(plan->runs, plan->from[c], a, b)) return false;
    return true;
}

/* The rows of each average as a chain: first[g], then next[] until -1; last[g] ends it. *n averages. */
struct chains {
    int64_t *first, *last, *next, n;
};

static void chain_rows(const struct plan *plan, struct chains *chain)
{
    for (int64_t r = 0; r < plan->runs->rows; r++) {
        int64_t g = chain->n - 1; /* most rows are like the one before */
        while (g >= 0 && !same_setting(plan, chain->first[g], r)) g--;
        if (g < 0)
            chain->first[g = chain->n++] = r;
        else
            chain->next[chain->last[g]] = r;
        chain->last[g] = r;
        chain->next[r] = -1;
    }
}

static double mean(const struct er_table *t, int64_t column, int64_t row, const int64_t *next)
{
    double sum = 0, n = 0;
    for (; row >= 0; row = next[row]) {
        double x = cell(t, row, column)->number;
        if (isnan(x)) continue;
        sum += x;
        n++;
    }
    return n > 0 ? sum / n : (double)NAN;
}

static const char *common(const struct er_table *t, int64_t column, int64_t first, const int64_t *next)
{
    for (int64_t row = next[first]; row >= 0; row = next[row])
        if (!same_cell(t, column, first, row)) return "mixed";
    return cell(t, first, column)->text;
}

/* The average of the rows from `first` on. */
static bool add_row(const struct plan *plan, int64_t first, const int64_t *next, struct er_table *out)
{
    const struct er_table *runs = plan->runs;
    struct er_cell *row = &out->cell[out->rows * out->columns];
    for (int64_t c = 0; c < plan->n; c++) {
        const int64_t from = plan->from[c];
        if (from < 0)
            for (int64_t r = first; r >= 0; r = next[r]) row[c].number++;
        else if (runs->column[from].numeric)
            row[c].number = c < plan->axes ? cell(runs, first, from)->number : mean(runs, from, first, next);
        else {
            const char *text = common(runs, from, first, next);
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

enum er_status average_runs(const struct er_table *runs, const char *const *name, int64_t names,
                            struct er_table *out, struct er_error *err)
{
    struct er_table table = {0};
    struct plan plan;
    struct er_arena *scratch = NULL;
    enum er_status status = er_arena_new(SIZE_MAX / 2, &scratch, err);
    if (status == ER_OK) status = er_arena_new(SIZE_MAX / 2, &table.memory, err);
    if (status != ER_OK) goto done;
    int64_t *from = er_arena_alloc(scratch, runs->columns + 1, sizeof *from);
    struct chains chain = {.first = er_arena_alloc(scratch, runs->rows, sizeof(int64_t)),
                           .last = er_arena_alloc(scratch, runs->rows, sizeof(int64_t)),
                           .next = er_arena_alloc(scratch, runs->rows, sizeof(int64_t))};
    bool ok = from && chain.first && chain.last && chain.next;
    if (ok) {
        make_plan(runs, name, names, from, &plan);
        chain_rows(&plan, &chain);
        table.columns = plan.n;
        table.column = er_arena_alloc(table.memory, plan.n, sizeof *table.column);
        table.cell = er_arena_alloc(table.memory, plan.n * chain.n, sizeof *table.cell);
        ok = table.column && table.cell && copy_columns(&plan, &table);
        for (int64_t g = 0; ok && g < chain.n; g++) ok = add_row(&plan, chain.first[g], chain.next, &table);
    }
    if (!ok) status = er_fail(err, ER_E_NOMEM, "out of memory");
done:
    er_arena_free(scratch);
    if (status == ER_OK)
        *out = table;
    else
        er_table_clear(&table);
    return status;
}
