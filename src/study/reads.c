/* reads.c - a study that names an earlier one of its note, to read its results.
 *
 * All runs read the same study. What depends on it when a study is read: an axis (one run for each of its measures), what
 * can be checked of a point, columns.
 */
#include "study/study.h"

#include "core/number.h"
#include <inttypes.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "study: out of memory");
    return ER_E_NOMEM;
}

/* The row that names a study, or -1. */
static int64_t row_of_source(const struct er_schema *schema)
{
    for (int64_t r = 0; r < schema->n; r++)
        if (schema->row[r].row->type == ER_SCHEMA_STUDY) return r;
    return -1;
}

/* The axis that sets row r, or NULL. */
static const struct er_grid_axis *axis_over(const struct er_grid *grid, int64_t r)
{
    for (int64_t a = 0; a < grid->axes; a++)
        for (int64_t i = 0; i < grid->axis[a].n; i++)
            for (int64_t k = 0; k < grid->axis[a].alternative[i].n; k++)
                if (grid->axis[a].alternative[i].row[k] == r) return &grid->axis[a];
    return NULL;
}

static enum er_status find(const struct er_grid *grid, const struct er_setting *name,
                           const struct er_study_origin *origin, const struct er_study **out,
                           struct er_error *err)
{
    char value[ER_SHORT_TEXT];
    const char **names = er_arena_alloc(grid->reading.arena, origin->n_earlier + 1, sizeof *names);
    if (!names) return no_memory(err);
    for (int64_t i = 0; i < origin->n_earlier; i++) {
        names[i] = origin->earlier[i]->name;
        if (strcmp(names[i], name->text) != 0) continue;
        *out = origin->earlier[i];
        if ((*out)->runs <= ER_STUDY_MAX_READ) return ER_OK;
        return er_fail_at(err, ER_E_LIMIT, grid->reading.file, name->line, name->column,
                          "%s: %s has %" PRId64 " runs; results of at most %d are read", name->row->path,
                          name->text, (*out)->runs, ER_STUDY_MAX_READ);
    }
    const char *near = er_nearest(name->text, names, origin->n_earlier);
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, name->line, name->column,
                      "%s: there is no study '%s' further up in this note%s%s%s", name->row->path,
                      er_short_text(name->text, value), near ? "; did you mean " : "", near ? near : "",
                      near ? "?" : "");
}

/* The axis over the experiment's key, unless the author has written it. */
static enum er_status spread(struct er_grid *grid, const struct er_results_reader *reader,
                             const struct er_source *source, const struct er_setting *place,
                             struct er_error *err)
{
    const int64_t row = reader->spread ? er_schema_path(grid->schema, reader->spread) : -1;
    int64_t n = 0;
    if (row < 0 || grid->fixed[row] || axis_over(grid, row)) return ER_OK;
    while (reader->word(source, n)) n++;
    const char **word = er_arena_alloc(grid->reading.arena, n, sizeof *word);
    if (!word) return no_memory(err);
    for (int64_t i = 0; i < n; i++)
        if (!(word[i] = er_arena_strdup(grid->reading.arena, reader->word(source, i)))) return no_memory(err);
    return er_grid_spread(grid, row, word, n, place->line, place->column, err);
}

const struct er_source *er_study_source_of(const struct er_study *study, const struct er_table *table,
                                           struct er_source *room)
{
    const struct er_study *reads = study->reads;
    if (!reads) return NULL;
    *room = (struct er_source){.point = reads->point, .runs = reads->runs, .table = table};
    return room;
}

enum er_status er_study_read_source(struct er_study *study, struct er_grid *grid,
                                    const struct er_study_origin *origin, struct er_table *source,
                                    struct er_error *err)
{
    const int64_t row = row_of_source(grid->schema);
    if (row < 0) return ER_OK;
    const struct er_grid_axis *axis = axis_over(grid, row);
    if (axis)
        return er_fail_at(
            err, ER_E_INPUT, study->file, axis->line, axis->column,
            "%s: all runs of a study read the results of one other; a list of them is not taken",
            grid->schema->row[row].row->path);
    const struct er_setting *name = grid->fixed[row];
    struct er_source room;
    if (!name) return ER_OK;
    enum er_status status = find(grid, name, origin, &study->reads, err);
    if (status == ER_OK) status = er_study_grid(study->reads, source, err);
    if (status != ER_OK) return status;
    return spread(grid, study->experiment->reads, er_study_source_of(study, source, &room), name, err);
}

enum er_status er_study_check_source(const struct er_study *study, const struct er_grid *grid,
                                     const struct er_table *table, struct er_error *err)
{
    const struct er_results_reader *reader = study->experiment->reads;
    struct er_source room;
    const struct er_source *source = er_study_source_of(study, table, &room);
    enum er_status status = ER_OK;
    struct er_error why = {0};
    const int64_t seeds = study->runs / grid->points;
    for (int64_t i = 0; reader && status == ER_OK && i < study->runs; i += seeds)
        status = reader->check(&study->point[i], source, &why);
    if (status == ER_OK) return ER_OK;
    er_error_place(&why, study->file, grid->line, grid->column);
    if (err) *err = why;
    return status;
}
