/* distinct.c - an axis whose alternatives differ: the same settings twice would pass for two independent
 * runs.
 *
 * Two alternatives are the same when every row that the axis sets has the same canonical text in both, what
 * is not written being the row's default: 0.1 and 1e-1 are, and {} and {momentum: 0}. Lists that are no part
 * of a run's key, such as what is kept of it, do not make another run.
 */
#include "study/grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One alternative: its settings of the axis' n rows. */
struct entry {
    const struct er_setting **setting;
    int64_t n, at;
};

static int compare_settings(const struct entry *a, const struct entry *b)
{
    int order = 0;
    for (int64_t i = 0; i < a->n && order == 0; i++) {
        const struct er_setting *x = a->setting[i], *y = b->setting[i];
        if (x == y || (x->row->type == ER_SCHEMA_LIST && !x->row->keyed)) continue;
        order = strcmp(x->text, y->text);
        if (order == 0 && x->row->type != ER_SCHEMA_MAP) order = x->present - y->present;
    }
    return order;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const int order = compare_settings(x, y);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* The rows that an axis sets, each once. */
static int64_t rows_of(const struct er_grid *grid, const struct er_grid_axis *axis, bool *seen, int64_t *row)
{
    int64_t n = 0;
    for (int64_t i = 0; i < axis->n; i++)
        for (int64_t k = 0; k < axis->alternative[i].n; k++) seen[axis->alternative[i].row[k]] = true;
    for (int64_t r = 0; r < grid->schema->n; r++)
        if (seen[r]) row[n++] = r;
    return n;
}

static const struct er_setting *setting_of(const struct er_grid *grid, const struct er_alternative *choice,
                                           int64_t row)
{
    for (int64_t k = 0; k < choice->n; k++)
        if (choice->row[k] == row) return choice->setting[k];
    return grid->usual[row];
}

static enum er_status refuse(const struct er_grid *grid, const struct er_grid_axis *axis, int64_t first,
                             int64_t second, struct er_error *err)
{
    const struct er_alternative *choice = &axis->alternative[second];
    const struct er_setting *old = axis->alternative[first].setting[0], *again = choice->setting[0];
    char value[ER_SHORT_TEXT];
    if (choice->n == 1 && again->row->type != ER_SCHEMA_MAP)
        return er_fail_at(err, ER_E_INPUT, grid->reading.file, again->line, again->column,
                          "%s: %s is in the list twice", again->row->path, er_short_text(again->text, value));
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, again->line, again->column,
                      "%s: this says the same as line %" PRId64 ", column %" PRId64
                      "; for runs that differ by chance there is seeds",
                      grid->schema->row[axis->row].row->path, old->line, old->column);
}

enum er_status er_grid_distinct(const struct er_grid *grid, const struct er_grid_axis *axis,
                                struct er_error *err)
{
    enum er_status status = ER_OK;
    const struct er_setting **setting = NULL;
    struct entry *entry = er_alloc(axis->n, sizeof *entry);
    bool *seen = er_alloc(grid->schema->n, sizeof *seen);
    int64_t *row = er_alloc(grid->schema->n, sizeof *row), n = 0;
    if (entry && seen && row) {
        n = rows_of(grid, axis, seen, row);
        setting = er_alloc(axis->n * n, sizeof(void *));
    }
    if (!setting) {
        status = er_fail(err, ER_E_NOMEM, "study: out of memory");
        goto done;
    }
    for (int64_t i = 0; i < axis->n; i++) {
        entry[i] = (struct entry){.setting = &setting[i * n], .n = n, .at = i};
        for (int64_t k = 0; k < n; k++) entry[i].setting[k] = setting_of(grid, &axis->alternative[i], row[k]);
    }
    qsort(entry, (size_t)axis->n, sizeof *entry, compare);
    for (int64_t i = 1; i < axis->n && status == ER_OK; i++)
        if (compare_settings(&entry[i - 1], &entry[i]) == 0)
            status = refuse(grid, axis, entry[i - 1].at, entry[i].at, err);
done:
    er_free(entry);
    er_free(seen);
    er_free(row);
    er_free((void *)setting);
    return status;
}
