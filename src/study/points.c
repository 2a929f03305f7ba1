/* points.c - the grid laid out: one point a run, and the columns by which runs differ.
 *
 * A point is an array of pointers to settings that the grid holds once; the seeds of a grid point share it.
 * So a run costs 24 bytes and a grid point 8 for each key that exists there: about 0.3 kB, and a full grid of
 * a million different points 0.3 GB.
 */
#include "study/study.h"

#include <inttypes.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

/* Keys of a point are values, not maps. */
static bool is_key(const struct er_grid *grid, int64_t row, const struct er_setting *const *setting)
{
    return setting[row] && grid->schema->row[row].row->type != ER_SCHEMA_MAP;
}

/* How many settings all points have together. */
static enum er_status count_settings(const struct er_grid *grid, const struct er_setting **row,
                                     int64_t *count, struct er_error *err)
{
    *count = 0;
    for (int64_t p = 0; p < grid->points; p++) {
        enum er_status status = er_grid_point(grid, p, row, err);
        if (status != ER_OK) return status;
        for (int64_t r = 0; r < grid->schema->n; r++) *count += is_key(grid, r, row);
    }
    return ER_OK;
}

static enum er_status lay_out(struct er_study *study, const struct er_grid *grid,
                              const struct er_seeds *seeds, const struct er_setting **row,
                              struct er_error *err)
{
    const struct er_setting **next = study->setting;
    struct er_point *point = study->point;
    for (int64_t p = 0; p < grid->points; p++) {
        enum er_status status = er_grid_point(grid, p, row, err);
        if (status != ER_OK) return status;
        struct er_point first = {.setting = next};
        for (int64_t r = 0; r < grid->schema->n; r++)
            if (is_key(grid, r, row)) *next++ = row[r];
        first.n = next - (const struct er_setting **)first.setting;
        for (int64_t s = 0; s < seeds->n; s++) {
            *point = first;
            point++->seed = seeds->list ? seeds->list[s] : (uint64_t)s;
        }
        if (!study->experiment->check) continue;
        struct er_error why = {0};
        status = study->experiment->check(point - seeds->n, NULL, &why);
        if (status == ER_OK) continue;
        er_error_place(&why, study->file, grid->line, grid->column);
        if (err) *err = why;
        return status;
    }
    return ER_OK;
}

enum er_status er_study_points(struct er_study *study, const struct er_grid *grid,
                               const struct er_seeds *seeds, struct er_error *err)
{
    int64_t settings;
    const struct er_setting **row = er_arena_alloc(study->arena, grid->schema->n, sizeof(void *));
    if (!row) return no_memory(err);
    if (__builtin_mul_overflow(grid->points, seeds->n, &study->runs) || study->runs > ER_STUDY_MAX_RUNS)
        return er_fail_at(err, ER_E_LIMIT, study->file, grid->line, grid->column,
                          "%" PRId64 " points times %" PRId64 " seeds are more than %d runs", grid->points,
                          seeds->n, ER_STUDY_MAX_RUNS);
    enum er_status status = count_settings(grid, row, &settings, err);
    if (status != ER_OK) return status;
    study->point = er_alloc(study->runs, sizeof *study->point);
    study->setting = er_alloc(settings, sizeof(void *));
    if (!study->point || !study->setting) return no_memory(err);
    return lay_out(study, grid, seeds, row, err);
}

/* Whether row r differs along axis `a`, all other axes at their first value. `step` points lie between two
 * values of the axis. */
static enum er_status differs(const struct er_grid *grid, int64_t a, int64_t step, int64_t r,
                              const struct er_setting **row, bool *out, struct er_error *err)
{
    const struct er_setting *first = NULL;
    *out = false;
    for (int64_t i = 0; i < grid->axis[a].n && !*out; i++) {
        enum er_status status = er_grid_point(grid, i * step, row, err);
        if (status != ER_OK) return status;
        if (i == 0) first = row[r];
        *out = !first != !row[r] || (first && strcmp(first->text, row[r]->text) != 0);
    }
    return ER_OK;
}

static bool sets_row(const struct er_grid_axis *axis, int64_t r)
{
    for (int64_t i = 0; i < axis->n; i++)
        for (int64_t k = 0; k < axis->alternative[i].n; k++)
            if (axis->alternative[i].row[k] == r) return true;
    return false;
}

enum er_status er_study_columns(struct er_study *study, const struct er_grid *grid,
                                const struct er_seeds *seeds, struct er_error *err)
{
    const int64_t n = grid->schema->n;
    const struct er_setting **row = er_arena_alloc(study->arena, n, sizeof(void *));
    study->axis = er_arena_alloc(study->arena, n + 1, sizeof *study->axis);
    if (!study->axis || !row) return no_memory(err);
    int64_t step = grid->points;
    for (int64_t a = 0; a < grid->axes; a++) {
        step /= grid->axis[a].n;
        for (int64_t r = 0; r < n; r++) {
            bool column = r == grid->axis[a].row;
            if (grid->schema->row[r].row->type == ER_SCHEMA_MAP || !sets_row(&grid->axis[a], r)) continue;
            enum er_status status = ER_OK;
            if (!column) status = differs(grid, a, step, r, row, &column, err);
            if (status != ER_OK) return status;
            if (column)
                study->axis[study->axes++] =
                    (struct er_axis){.path = grid->schema->row[r].row->path, .values = grid->axis[a].n};
        }
    }
    study->axis[study->axes++] = (struct er_axis){.path = "seed", .values = seeds->n};
    return ER_OK;
}
