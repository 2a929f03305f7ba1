/* grid_read.c - the YAML's tree, by the schema, into fixed settings and axes.
 *
 * A scope collects what one map says: settings by row, and the axes of the lists in it. The study is one
 * scope; each map in a list of maps is a scope of its own, whose axes are multiplied out into alternatives.
 */
#include "study/grid.h"

#include "core/number.h"
#include <stdio.h>
#include <string.h>

struct scope {
    const struct er_grid *grid;
    const struct er_setting **setting; /* schema->n, or NULL where nothing is written */
    struct er_grid_axis *axis;
    int64_t axes, capacity;
};

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static enum er_status read_map(struct scope *scope, const struct er_node *map, int64_t parent,
                               struct er_error *err);

/* A new axis in its place by row. */
static struct er_grid_axis *add_axis(struct scope *scope, int64_t row, const struct er_node *list)
{
    struct er_arena *arena = scope->grid->reading.arena;
    if (scope->axes == scope->capacity) {
        const int64_t capacity = scope->capacity ? 2 * scope->capacity : 4;
        struct er_grid_axis *axis = er_arena_alloc(arena, capacity, sizeof *axis);
        if (!axis) return NULL;
        if (scope->axes) memcpy(axis, scope->axis, (size_t)scope->axes * sizeof *axis);
        scope->axis = axis;
        scope->capacity = capacity;
    }
    int64_t at = scope->axes++;
    for (; at > 0 && scope->axis[at - 1].row > row; at--) scope->axis[at] = scope->axis[at - 1];
    scope->axis[at] = (struct er_grid_axis){.row = row, .line = list->line, .column = list->column};
    return &scope->axis[at];
}

static bool choice_new(const struct er_grid *grid, int64_t n, struct er_alternative *choice)
{
    choice->setting = er_arena_alloc(grid->reading.arena, n, sizeof(void *));
    choice->row = er_arena_alloc(grid->reading.arena, n, sizeof *choice->row);
    choice->n = 0;
    return choice->setting && choice->row;
}

static void choice_add(struct er_alternative *choice, int64_t row, const struct er_setting *setting)
{
    choice->setting[choice->n] = setting;
    choice->row[choice->n++] = row;
}

static enum er_status check_list(const struct scope *scope, int64_t row, const struct er_node *list,
                                 struct er_error *err)
{
    if (list->n > 0) return ER_OK;
    return er_fail_at(err, ER_E_INPUT, scope->grid->reading.file, list->line, list->column,
                      "%s: an empty list; an axis needs at least one value",
                      scope->grid->schema->row[row].row->path);
}

/* A list where one value is expected: an axis of that row alone. */
static enum er_status read_values(struct scope *scope, int64_t row, const struct er_node *list,
                                  struct er_error *err)
{
    const struct er_grid *grid = scope->grid;
    const struct er_schema_row *r = grid->schema->row[row].row;
    enum er_status status = check_list(scope, row, list, err);
    if (status != ER_OK) return status;
    struct er_grid_axis *axis = add_axis(scope, row, list);
    if (!axis) return no_memory(err);
    scope->setting[row] = NULL; /* a member's map may have chosen before */
    axis->alternative = er_arena_alloc(grid->reading.arena, list->n, sizeof *axis->alternative);
    if (!axis->alternative) return no_memory(err);
    for (const struct er_node *node = list->child; node; node = node->next) {
        const struct er_setting *setting;
        struct er_alternative *choice = &axis->alternative[axis->n++];
        if (r->type == ER_SCHEMA_MODEL && !er_setting_is_model(node))
            return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                              "%s: in a list of models every member is a list of layers or a preset",
                              r->path);
        status = er_setting_read(&grid->reading, r, node, &setting, err);
        if (status != ER_OK) return status;
        if (!choice_new(grid, 1, choice)) return no_memory(err);
        choice_add(choice, row, setting);
    }
    return ER_OK;
}

/* The product of a scope's axes; 0 and err when it is too large. */
static int64_t scope_product(const struct scope *scope, const struct er_node *place, struct er_error *err)
{
    int64_t n = 1;
    for (int64_t a = 0; a < scope->axes; a++) {
        if (!__builtin_mul_overflow(n, scope->axis[a].n, &n) && n <= ER_STUDY_MAX_RUNS) continue;
        er_fail_at(err, ER_E_LIMIT, scope->grid->reading.file, place->line, place->column,
                   "the axes in this map give more than %d alternatives", ER_STUDY_MAX_RUNS);
        return 0;
    }
    return n;
}

/* The alternatives of one map of a list: what it sets, times the axes in it. Appended to `out` (room for
 * them is there). */
static enum er_status multiply_out(const struct scope *scope, int64_t product, struct er_alternative *out,
                                   struct er_error *err)
{
    const struct er_grid *grid = scope->grid;
    int64_t set = 0;
    for (int64_t r = 0; r < grid->schema->n; r++) set += scope->setting[r] != NULL;
    for (int64_t p = 0; p < product; p++) {
        int64_t n = set, rest = p;
        for (int64_t a = scope->axes - 1; a >= 0; rest /= scope->axis[a].n, a--)
            n += scope->axis[a].alternative[rest % scope->axis[a].n].n;
        if (!choice_new(grid, n, &out[p])) return no_memory(err);
        for (int64_t r = 0; r < grid->schema->n; r++)
            if (scope->setting[r]) choice_add(&out[p], r, scope->setting[r]);
        rest = p;
        for (int64_t a = scope->axes - 1; a >= 0; rest /= scope->axis[a].n, a--) {
            const struct er_alternative *inner = &scope->axis[a].alternative[rest % scope->axis[a].n];
            for (int64_t i = 0; i < inner->n; i++) choice_add(&out[p], inner->row[i], inner->setting[i]);
        }
    }
    return ER_OK;
}

/* One map of a list of maps; its alternatives are added to the axis' list. */
static enum er_status read_alternative(const struct scope *outer, int64_t row, const struct er_node *node,
                                       struct er_alternative **alternative, int64_t *n, int64_t *capacity,
                                       struct er_error *err)
{
    const struct er_grid *grid = outer->grid;
    struct scope scope = {.grid = grid};
    if (node->kind != ER_NODE_MAP)
        return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                          "%s: a map is expected, this is %s", grid->schema->row[row].row->path,
                          er_node_kind_text(node));
    scope.setting = er_arena_alloc(grid->reading.arena, grid->schema->n, sizeof(void *));
    if (!scope.setting) return no_memory(err);
    enum er_status status = read_map(&scope, node, row, err);
    if (status != ER_OK) return status;
    for (int64_t a = 0; a < scope.axes && status == ER_OK; a++)
        status = er_grid_distinct(grid, &scope.axis[a], err);
    if (status != ER_OK) return status;
    const int64_t product = scope_product(&scope, node, err);
    if (product == 0) return ER_E_LIMIT;
    if (*n + product > *capacity) {
        const int64_t more = 2 * (*n + product);
        struct er_alternative *grown = er_arena_alloc(grid->reading.arena, more, sizeof *grown);
        if (!grown) return no_memory(err);
        if (*n) memcpy(grown, *alternative, (size_t)*n * sizeof *grown);
        *alternative = grown;
        *capacity = more;
    }
    status = multiply_out(&scope, product, *alternative + *n, err);
    *n += product;
    return status;
}

/* A list where a map is expected: an axis of maps. */
static enum er_status read_maps(struct scope *scope, int64_t row, const struct er_node *list,
                                struct er_error *err)
{
    struct er_alternative *alternative = NULL;
    int64_t n = 0, capacity = 0;
    enum er_status status = check_list(scope, row, list, err);
    for (const struct er_node *node = list->child; node && status == ER_OK; node = node->next)
        status = read_alternative(scope, row, node, &alternative, &n, &capacity, err);
    if (status != ER_OK) return status;
    struct er_grid_axis *axis = add_axis(scope, row, list);
    if (!axis) return no_memory(err);
    axis->alternative = alternative;
    axis->n = n;
    return ER_OK;
}

static bool is_axis(const struct scope *scope, int64_t row)
{
    for (int64_t a = 0; a < scope->axes; a++)
        if (scope->axis[a].row == row) return true;
    return false;
}

/* A map that is a member of a group was written: that chooses it, unless the choice is written too. Beside an axis of
 * choices it says what holds where it is chosen. */
static enum er_status choose_member(struct scope *scope, int64_t row, const struct er_node *place,
                                    struct er_error *err)
{
    const struct er_schema *schema = scope->grid->schema;
    const int64_t choice = schema->row[row].choice;
    if (choice < 0 || scope->setting[choice] || is_axis(scope, choice)) return ER_OK;
    const struct er_node node = {.kind = ER_NODE_TEXT,
                                 .text = schema->row[row].name,
                                 .line = place->key ? place->key_line : place->line,
                                 .column = place->key ? place->key_column : place->column};
    return er_setting_read(&scope->grid->reading, schema->row[choice].row, &node, &scope->setting[choice],
                           err);
}

static enum er_status read_row(struct scope *scope, int64_t row, const struct er_node *node,
                               struct er_error *err)
{
    const struct er_grid *grid = scope->grid;
    const struct er_schema_row *r = grid->schema->row[row].row;
    if (r->type == ER_SCHEMA_MAP) {
        if (node->kind == ER_NODE_MAP) return read_map(scope, node, row, err);
        if (node->kind == ER_NODE_LIST) return read_maps(scope, row, node, err);
        if (node->plain && !node->text[0])
            return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                              "%s: its keys are missing; write {} to take all defaults", r->path);
        return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->line, node->column,
                          "%s: a map of keys is expected, this is %s", r->path, er_node_kind_text(node));
    }
    if (r->type == ER_SCHEMA_LIST) return er_setting_read(&grid->reading, r, node, &scope->setting[row], err);
    const bool list =
        r->type == ER_SCHEMA_MODEL ? er_setting_is_model_list(node) : node->kind == ER_NODE_LIST;
    if (list || (node->kind == ER_NODE_LIST && node->n == 0)) return read_values(scope, row, node, err);
    return er_setting_read(&grid->reading, r, node, &scope->setting[row], err);
}

static enum er_status unknown_key(const struct er_grid *grid, int64_t parent, const struct er_node *node,
                                  struct er_error *err)
{
    const char *above = grid->schema->row[parent].row->path;
    return er_study_unknown_key(grid->reading.file, above, node,
                                er_schema_nearest(grid->schema, parent, node->key), err);
}

/* The members of a map whose row is `parent`. The map itself is noted: that it is there may choose it. */
static enum er_status read_map(struct scope *scope, const struct er_node *map, int64_t parent,
                               struct er_error *err)
{
    const struct er_grid *grid = scope->grid;
    struct er_setting *here = er_arena_alloc(grid->reading.arena, 1, sizeof *here);
    if (!here) return no_memory(err);
    *here = (struct er_setting){.row = grid->schema->row[parent].row,
                                .text = "",
                                .present = true,
                                .line = map->key ? map->key_line : map->line,
                                .column = map->key ? map->key_column : map->column};
    scope->setting[parent] = here;
    for (const struct er_node *node = map->child; node; node = node->next) {
        const int64_t row = er_schema_find(grid->schema, parent, node->key);
        if (row < 0) return unknown_key(grid, parent, node, err);
        enum er_status status = read_row(scope, row, node, err);
        if (status != ER_OK) return status;
    }
    return choose_member(scope, parent, map, err);
}

enum er_status er_study_unknown_key(const char *file, const char *above, const struct er_node *node,
                                    const char *near, struct er_error *err)
{
    char key[ER_SHORT_TEXT], hint[160] = "";
    double number;
    if (near) {
        snprintf(hint, sizeof hint, "; did you mean %s?", near);
    } else if (er_number_real(node->key, &number)) {
        snprintf(hint, sizeof hint, "; a comma begins the next key, a decimal point is '.'");
    } else if (strchr(node->key, '.')) {
        snprintf(hint, sizeof hint, "; a path is written as maps in maps, a: {b: 1}");
    }
    return er_fail_at(err, ER_E_INPUT, file, node->key_line, node->key_column, "%s%s%s: no such key%s", above,
                      above[0] ? "." : "", er_short_text(node->key, key), hint);
}

static bool is_study_key(const char *name)
{
    for (const struct er_schema_row *row = er_schema_study_row; row->path; row++)
        if (strcmp(row->path, name) == 0) return true;
    return false;
}

/* A key of studies, but of those of other experiments. */
static enum er_status foreign_key(const struct er_grid *grid, const struct er_node *node,
                                  struct er_error *err)
{
    const char *own = grid->schema->row[grid->schema->n - 1].row->path;
    return er_fail_at(err, ER_E_INPUT, grid->reading.file, node->key_line, node->key_column,
                      "%s: a study of the experiment %.*s has no such key", node->key, (int)strcspn(own, "."),
                      own);
}

enum er_status er_grid_read(struct er_grid *grid, const struct er_node *root, struct er_error *err)
{
    struct scope scope = {.grid = grid};
    scope.setting = er_arena_alloc(grid->reading.arena, grid->schema->n, sizeof(void *));
    grid->usual = er_arena_alloc(grid->reading.arena, grid->schema->n, sizeof(void *));
    if (!scope.setting || !grid->usual) return no_memory(err);
    enum er_status status = ER_OK;
    for (int64_t r = 0; r < grid->schema->n && status == ER_OK; r++)
        status = er_setting_default(&grid->reading, grid->schema->row[r].row, &grid->usual[r], err);
    for (const struct er_node *node = root->child; node && status == ER_OK; node = node->next) {
        if (is_study_key(node->key)) continue;
        const int64_t row = er_schema_find(grid->schema, -1, node->key);
        status = row < 0 ? foreign_key(grid, node, err) : read_row(&scope, row, node, err);
    }
    if (status != ER_OK) return status;
    grid->fixed = scope.setting;
    grid->axis = scope.axis;
    grid->axes = scope.axes;
    return ER_OK;
}
