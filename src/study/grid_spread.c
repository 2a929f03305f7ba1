/* grid_spread.c - an axis that nobody wrote: one that an experiment makes of the study which it reads. */
#include "study/grid.h"

#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "study: out of memory");
    return ER_E_NOMEM;
}

/* Room for one more axis; the axes are in the order of their rows. */
static struct er_grid_axis *insert(struct er_grid *grid, int64_t row)
{
    struct er_grid_axis *axis = er_arena_alloc(grid->reading.arena, grid->axes + 1, sizeof *axis);
    int64_t at = 0;
    if (!axis) return NULL;
    while (at < grid->axes && grid->axis[at].row < row) at++;
    if (at > 0) memcpy(axis, grid->axis, (size_t)at * sizeof *axis);
    if (at < grid->axes) memcpy(axis + at + 1, grid->axis + at, (size_t)(grid->axes - at) * sizeof *axis);
    grid->axis = axis;
    grid->axes++;
    axis[at] = (struct er_grid_axis){.row = row};
    return &axis[at];
}

enum er_status er_grid_spread(struct er_grid *grid, int64_t row, const char *const *word, int64_t n,
                              int64_t line, int64_t column, struct er_error *err)
{
    struct er_arena *arena = grid->reading.arena;
    struct er_grid_axis *axis = insert(grid, row);
    if (!axis || !(axis->alternative = er_arena_alloc(arena, n, sizeof *axis->alternative)))
        return no_memory(err);
    axis->line = line;
    axis->column = column;
    for (; axis->n < n; axis->n++) {
        const struct er_node node = {
            .kind = ER_NODE_TEXT, .text = word[axis->n], .line = line, .column = column};
        struct er_alternative *one = &axis->alternative[axis->n];
        one->setting = er_arena_alloc(arena, 1, sizeof(void *));
        one->row = er_arena_alloc(arena, 1, sizeof *one->row);
        if (!one->setting || !one->row) return no_memory(err);
        enum er_status status =
            er_setting_read(&grid->reading, grid->schema->row[row].row, &node, &one->setting[0], err);
        if (status != ER_OK) return status;
        one->row[0] = row;
        one->n = 1;
    }
    return ER_OK;
}
