/* grid.c - axes zipped and multiplied; the settings of one point. */
#include "study/grid.h"

#include "core/number.h"
#include <inttypes.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static const char *axis_path(const struct er_grid *grid, int64_t axis)
{
    return grid->schema->row[grid->axis[axis].row].row->path;
}

/* Why a key of the study is no axis of its own: joined into another, inside one, or without a list. */
static const char *why_no_axis(const struct er_grid *grid, int64_t row)
{
    for (int64_t a = 0; a < grid->axes; a++) {
        const struct er_alternative *choice = &grid->axis[a].alternative[0];
        const bool of_maps = grid->schema->row[grid->axis[a].row].row->type == ER_SCHEMA_MAP;
        for (int64_t k = 0; k < choice->n; k++)
            if (choice->row[k] == row)
                return of_maps ? "is in a list of maps; give the list's path" : "is zipped already";
    }
    return "has no list of values here";
}

static enum er_status not_an_axis(const struct er_grid *grid, const struct er_node *node,
                                  struct er_error *err)
{
    enum { MOST = 64 };
    char path[ER_SHORT_TEXT];
    const char *names[MOST];
    int64_t n = 0;
    for (; n < grid->axes && n < MOST; n++) names[n] = axis_path(grid, n);
    const char *near = er_nearest(node->text, names, n);
    const int64_t row = er_schema_path(grid->schema, node->text);
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column, "zip: %s %s%s%s%s",
                      er_short_text(node->text, path),
                      row >= 0 ? why_no_axis(grid, row) : "is no key of this study",
                      near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* The axis that a text of `zip` names, or -1. */
static int64_t find_axis(const struct er_grid *grid, const struct er_node *node, struct er_error *err)
{
    if (node->kind != ER_NODE_TEXT) {
        er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                   "zip: the path of an axis is expected, this is %s", er_node_kind_text(node));
        return -1;
    }
    for (int64_t a = 0; a < grid->axes; a++)
        if (strcmp(axis_path(grid, a), node->text) == 0) return a;
    not_an_axis(grid, node, err);
    return -1;
}

/* Adds the settings of axis `from` to those of axis `to`, alternative by alternative. */
static enum er_status join(struct er_grid *grid, struct er_grid_axis *to, const struct er_grid_axis *from,
                           struct er_error *err)
{
    for (int64_t i = 0; i < to->n; i++) {
        const struct er_alternative *a = &to->alternative[i], *b = &from->alternative[i];
        struct er_alternative both = {.n = a->n + b->n};
        both.setting = er_arena_alloc(grid->reading.arena, both.n, sizeof(void *));
        both.row = er_arena_alloc(grid->reading.arena, both.n, sizeof *both.row);
        if (!both.setting || !both.row) return no_memory(err);
        memcpy(both.setting, a->setting, (size_t)a->n * sizeof(void *));
        memcpy(both.setting + a->n, b->setting, (size_t)b->n * sizeof(void *));
        memcpy(both.row, a->row, (size_t)a->n * sizeof *both.row);
        memcpy(both.row + a->n, b->row, (size_t)b->n * sizeof *both.row);
        to->alternative[i] = both;
    }
    return ER_OK;
}

/* One list of paths: the first axis takes in the others, which leave the grid. */
static enum er_status zip_one(struct er_grid *grid, const struct er_node *paths, struct er_error *err)
{
    if (paths->kind != ER_NODE_LIST || paths->n < 2)
        return er_fail_at(err, ER_E_INPUT, grid->reading.file, paths->line, paths->column,
                          "zip: a list of at least two paths is expected, as in zip: [[data.train, "
                          "train.epochs]]");
    int64_t first = find_axis(grid, paths->child, err);
    if (first < 0) return ER_E_INPUT;
    const char *const name = paths->child->text;
    for (const struct er_node *node = paths->child->next; node; node = node->next) {
        const int64_t other = find_axis(grid, node, err);
        if (other < 0) return ER_E_INPUT;
        struct er_grid_axis *a = &grid->axis[first], *b = &grid->axis[other];
        if (other == first)
            return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                              "zip: %s is paired with itself", node->text);
        if (a->n != b->n)
            return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                              "zip: %s has %" PRId64 " values and %s has %" PRId64
                              "; axes that vary together need equally many",
                              name, a->n, node->text, b->n);
        enum er_status status = join(grid, a, b, err);
        if (status != ER_OK) return status;
        grid->axes--;
        memmove(b, b + 1, (size_t)(grid->axes - other) * sizeof *b);
        if (other < first) first--;
    }
    return ER_OK;
}

enum er_status er_grid_zip(struct er_grid *grid, const struct er_node *zip, struct er_error *err)
{
    if (zip->kind != ER_NODE_LIST)
        return er_fail_at(err, ER_E_INPUT, grid->reading.file, zip->line, zip->column,
                          "zip: a list of lists of paths is expected, this is %s", er_node_kind_text(zip));
    for (const struct er_node *paths = zip->child; paths; paths = paths->next) {
        enum er_status status = zip_one(grid, paths, err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

enum er_status er_grid_count(struct er_grid *grid, struct er_error *err)
{
    int64_t n = 1;
    for (int64_t a = 0; a < grid->axes; a++)
        if (__builtin_mul_overflow(n, grid->axis[a].n, &n) || n > ER_STUDY_MAX_RUNS)
            return er_fail_at(err, ER_E_LIMIT, grid->reading.file, grid->line, grid->column,
                              "the axes of this study give more than %d runs", ER_STUDY_MAX_RUNS);
    for (int64_t a = 0; a < grid->axes; a++) {
        enum er_status status = er_grid_distinct(grid, &grid->axis[a], err);
        if (status != ER_OK) return status;
    }
    grid->points = n;
    return ER_OK;
}

/* Whether row r exists where the members in `setting` are chosen: each map above it that is a member of a
 * group must be the chosen one. */
static bool exists(const struct er_grid *grid, int64_t r, const struct er_setting *const *setting)
{
    const struct er_schema_entry *row = grid->schema->row;
    for (int64_t m = row[r].member; m >= 0; m = row[m].parent < 0 ? -1 : row[row[m].parent].member) {
        const struct er_setting *choice = setting[row[m].choice];
        if (!choice || strcmp(choice->text, row[m].name) != 0) return false;
    }
    return true;
}

/* Whether a member is chosen at some point. */
static bool is_ever(const struct er_grid *grid, int64_t choice, const char *member)
{
    const struct er_setting *once = grid->fixed[choice] ? grid->fixed[choice] : grid->usual[choice];
    for (int64_t a = 0; a < grid->axes; a++)
        for (int64_t i = 0; i < grid->axis[a].n; i++) {
            const struct er_alternative *alternative = &grid->axis[a].alternative[i];
            for (int64_t k = 0; k < alternative->n; k++) {
                if (alternative->row[k] != choice) continue;
                if (strcmp(alternative->setting[k]->text, member) == 0) return true;
                once = NULL;
            }
        }
    return once && strcmp(once->text, member) == 0;
}

/* Whether row r, written once for all points, is for those at which an axis chooses its member: the others pass it over. */
static bool is_of_others(const struct er_grid *grid, int64_t r)
{
    const struct er_schema_entry *row = grid->schema->row;
    if (!grid->fixed[r]) return false;
    for (int64_t m = row[r].member; m >= 0; m = row[m].parent < 0 ? -1 : row[row[m].parent].member)
        if (!is_ever(grid, row[m].choice, row[m].name)) return false;
    return true;
}

static enum er_status not_chosen(const struct er_grid *grid, int64_t r, const struct er_setting *written,
                                 const struct er_setting *const *setting, struct er_error *err)
{
    const struct er_schema_entry *row = grid->schema->row;
    const struct er_setting *choice = setting[row[row[r].member].choice];
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, written->line, written->column,
                      "%s: this is given, but %s is %s (line %" PRId64 "); give one of them",
                      row[r].row->path, choice->row->path, choice->text, choice->line);
}

/* Only the choice of a group can be written in two places: as itself and by a member's map. */
static enum er_status overlay(const struct er_grid *grid, const struct er_alternative *choice,
                              const struct er_setting **setting, struct er_error *err)
{
    for (int64_t i = 0; i < choice->n; i++) {
        const struct er_setting *new = choice->setting[i], **old = &setting[choice->row[i]];
        if (*old && strcmp((*old)->text, new->text) != 0)
            return er_fail_at(err, ER_E_INPUT, grid->reading.file, new->line, new->column,
                              "%s: %s here, but %s in line %" PRId64 "; give one of them", new->row->path,
                              new->text, (*old)->text, (*old)->line);
        *old = new;
    }
    return ER_OK;
}

static enum er_status missing(const struct er_grid *grid, int64_t r, const struct er_setting *const *setting,
                              struct er_error *err)
{
    const struct er_schema_entry *row = &grid->schema->row[r];
    const struct er_setting *map = row->parent < 0 ? NULL : setting[row->parent];
    const bool placed = map && map->line > 0;
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, placed ? map->line : grid->line,
                      placed ? map->column : grid->column, "%s: this key is missing: %s", row->row->path,
                      row->row->help);
}

enum er_status er_grid_point(const struct er_grid *grid, int64_t p, const struct er_setting **setting,
                             struct er_error *err)
{
    const int64_t n = grid->schema->n;
    memcpy(setting, grid->fixed, (size_t)n * sizeof(void *));
    for (int64_t a = grid->axes - 1; a >= 0; p /= grid->axis[a].n, a--) {
        enum er_status status = overlay(grid, &grid->axis[a].alternative[p % grid->axis[a].n], setting, err);
        if (status != ER_OK) return status;
    }
    for (int64_t r = 0; r < n; r++) {
        const struct er_setting *written = setting[r];
        if (!written) setting[r] = grid->usual[r];
        if (!exists(grid, r, setting)) {
            if (written && !is_of_others(grid, r)) return not_chosen(grid, r, written, setting, err);
            setting[r] = NULL;
        } else if (!written && !grid->schema->row[r].row->fallback) {
            return missing(grid, r, setting, err);
        }
    }
    return ER_OK;
}
