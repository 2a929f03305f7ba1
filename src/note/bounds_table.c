/* bounds_table.c - the table of bounds for a terminal. */
#include "note/bounds.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 6 }; /* beside the setting */

static const char *const name[COLUMNS] = {"bound",       "error_at_most", "test_error",
                                          "gap_at_most", "gap",           "says"};

/* A number, or, where ranges are shown, a text. */
static bool set(const struct er_bounds *b, struct er_table *t, struct er_cell *cell,
                const struct er_bounds_number *number)
{
    char text[64];
    cell->number = number->mean;
    if (!b->ranges || isnan(number->mean)) return true;
    snprintf(text, sizeof text, "%.4g (%.3g to %.3g)", number->mean, number->low, number->high);
    cell->text = er_arena_strdup(t->memory, text);
    return cell->text != NULL;
}

static bool add_line(const struct er_bounds *b, const struct er_bounds_line *line, struct er_table *t)
{
    struct er_cell *cell = t->cell + t->rows++ * t->columns;
    if (b->axis >= 0) {
        const struct er_cell *value = &b->runs->cell[line->row * b->runs->columns + b->axis];
        cell->number = value->number;
        if (value->text && !(cell->text = er_arena_strdup(t->memory, value->text))) return false;
        cell++;
    }
    cell[0].text = line->measure->name;
    const char *word = er_bounds_word(line);
    cell[5].text = word[0] ? word : NULL;
    return set(b, t, &cell[1], &line->guaranteed) && set(b, t, &cell[2], &line->error) &&
           set(b, t, &cell[3], &line->guaranteed_gap) && set(b, t, &cell[4], &line->gap);
}

enum er_status er_bounds_table(const struct er_bounds *bounds, struct er_table *out, struct er_error *err)
{
    struct er_table t = {0};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &t.memory, err);
    if (status != ER_OK) return status;
    const int64_t setting = bounds->axis >= 0;
    t.columns = COLUMNS + setting;
    t.column = er_arena_alloc(t.memory, t.columns, sizeof *t.column);
    t.cell = er_arena_alloc(t.memory, bounds->n * t.columns, sizeof *t.cell);
    bool ok = t.column && t.cell;
    if (ok && setting) {
        t.column[0] = bounds->runs->column[bounds->axis];
        t.column[0].name = er_arena_strdup(t.memory, t.column[0].name);
        t.column[0].unit = "";
        ok = t.column[0].name;
    }
    for (int64_t c = 0; ok && c < COLUMNS; c++)
        t.column[setting + c] =
            (struct er_table_column){.name = name[c],
                                     .unit = "",
                                     .numeric = c > 0 && c < COLUMNS - 1 && !bounds->ranges,
                                     .axis = c == 0};
    for (int64_t i = 0; ok && i < bounds->n; i++) ok = add_line(bounds, &bounds->line[i], &t);
    if (!ok) {
        er_table_clear(&t);
        return er_fail(err, ER_E_NOMEM, "out of memory for a table of bounds");
    }
    *out = t;
    return ER_OK;
}
