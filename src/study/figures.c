/* figures.c - what a study wants drawn, read from `figures`.
 *
 * A figure draws from one of two tables (<ermine/store.h>): runs (axes, seed, outcome, run columns, seconds)
 * or curves (axes, seed, curve columns). It is of curves when it names a column that runs lack.
 */
#include "study/study.h"

#include "core/number.h"
#include <string.h>

enum { MOST_FIGURES = 100, MOST_Y = 20, MOST_COLUMNS = 256 };

enum { IN_RUNS = 1, IN_CURVES = 2, IN_BOTH = IN_RUNS | IN_CURVES };

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static bool has_column(const struct er_column *column, const char *name)
{
    for (; column->name; column++)
        if (strcmp(column->name, name) == 0) return true;
    return false;
}

/* The tables that have a column called `name`: a set of IN_*, or 0. */
static unsigned tables_of(const struct er_study *study, const char *name)
{
    for (int64_t a = 0; a < study->axes; a++)
        if (strcmp(study->axis[a].path, name) == 0) return IN_BOTH;
    const bool kept = strcmp(name, "outcome") == 0 || strcmp(name, "seconds") == 0; /* by the store */
    return (kept || has_column(study->run_column, name) ? IN_RUNS : 0U) |
           (has_column(study->experiment->curve_column, name) ? IN_CURVES : 0U);
}

bool er_study_has_column(const struct er_study *study, const char *name)
{
    return tables_of(study, name) != 0;
}

bool er_study_is_number(const char *path)
{
    for (int64_t i = 0; er_schema_row(i); i++)
        if (strcmp(er_schema_row(i)->path, path) == 0)
            return er_schema_row(i)->type == ER_SCHEMA_INTEGER || er_schema_row(i)->type == ER_SCHEMA_REAL;
    return false;
}

bool er_study_has_words(const struct er_study *study, const char *name)
{
    for (int64_t a = 0; a + 1 < study->axes; a++) /* the last is the seed */
        if (strcmp(study->axis[a].path, name) == 0) return !er_study_is_number(name);
    return strcmp(name, "outcome") == 0;
}

static enum er_status unknown_column(const struct er_study *study, const char *path,
                                     const struct er_setting *column, struct er_error *err)
{
    const char *name[MOST_COLUMNS];
    char word[ER_SHORT_TEXT];
    int64_t n = 0;
    for (int64_t a = 0; a < study->axes && n < MOST_COLUMNS; a++) name[n++] = study->axis[a].path;
    for (const struct er_column *c = study->run_column; c->name && n < MOST_COLUMNS; c++) name[n++] = c->name;
    for (const struct er_column *c = study->experiment->curve_column; c->name && n < MOST_COLUMNS; c++)
        name[n++] = c->name;
    er_short_text(column->text, word);
    for (int64_t i = 0; er_schema_row(i); i++)
        if (strcmp(er_schema_row(i)->path, column->text) == 0)
            return er_fail_at(err, ER_E_INPUT, study->file, column->line, column->column,
                              "%s: %s does not vary in this study, so there is no such column", path, word);
    const char *near = er_nearest(column->text, name, n);
    return er_fail_at(err, ER_E_INPUT, study->file, column->line, column->column,
                      "%s: there is no column %s%s%s%s", path, word, near ? "; did you mean " : "",
                      near ? near : "", near ? "?" : "");
}

/* A figure while it is read: which tables can still hold all of its columns. */
struct draft {
    struct er_study *study;
    struct er_reading reading;
    struct er_figure figure;
    unsigned tables;
    const char *narrowed_by;              /* the column after which only one table was left */
    const struct er_setting *logarithmic; /* the scale that was asked to be so, or NULL */
};

static enum er_status take_column(struct draft *draft, const char *path, const struct er_setting *column,
                                  struct er_error *err)
{
    const unsigned tables = tables_of(draft->study, column->text);
    if (!tables) return unknown_column(draft->study, path, column, err);
    if (!(draft->tables & tables) && draft->figure.from)
        return er_fail_at(err, ER_E_INPUT, draft->study->file, column->line, column->column,
                          "%s: %s is a column of %s, and the figure is drawn from %s", path, column->text,
                          tables == IN_RUNS ? "runs" : "curves", draft->figure.from);
    if (!(draft->tables & tables))
        return er_fail_at(err, ER_E_INPUT, draft->study->file, column->line, column->column,
                          "%s: %s is a column of %s, %s one of %s; a figure draws from one of them", path,
                          column->text, tables == IN_RUNS ? "runs" : "curves", draft->narrowed_by,
                          tables == IN_RUNS ? "curves" : "runs");
    if (draft->tables == IN_BOTH && tables != IN_BOTH) draft->narrowed_by = column->text;
    draft->tables &= tables;
    return ER_OK;
}

const struct er_schema_row *er_study_figure_row(const char *key)
{
    const size_t prefix = sizeof "figures." - 1;
    if (strcmp(key, "color") == 0) key = "colour";
    for (const struct er_schema_row *row = er_schema_study_row; row->path; row++)
        if (strncmp(row->path, "figures.", prefix) == 0 && strcmp(row->path + prefix, key) == 0) return row;
    return NULL;
}

static enum er_status unknown_key(const struct draft *draft, const struct er_node *node, struct er_error *err)
{
    enum { MOST = 32 };
    const char *name[MOST];
    int64_t n = 0;
    name[n++] = "color";
    for (const struct er_schema_row *row = er_schema_study_row; row->path && n < MOST; row++)
        if (strncmp(row->path, "figures.", 8) == 0) name[n++] = row->path + 8;
    return er_study_unknown_key(draft->study->file, "figures", node, er_nearest(node->key, name, n), err);
}

/* A column of y, of points or of regions, after those before it. */
static enum er_status check_measured(const struct draft *draft, const struct er_setting *column,
                                     struct er_error *err)
{
    const char *wrong = er_study_has_words(draft->study, column->text) ? "holds words, not numbers" : NULL;
    for (int64_t i = 0; i < draft->figure.n_y; i++)
        if (strcmp(draft->figure.y[i], column->text) == 0) wrong = "is in the list twice";
    for (int64_t i = 0; i < draft->figure.n_points; i++)
        if (strcmp(draft->figure.points[i], column->text) == 0) wrong = "is in the list twice";
    for (int64_t i = 0; i < draft->figure.n_regions; i++)
        if (strcmp(draft->figure.region[i], column->text) == 0) wrong = "is in the list twice";
    if (!wrong) return ER_OK;
    return er_fail_at(err, ER_E_INPUT, draft->study->file, column->line, column->column, "%s: %s %s",
                      column->row->path, column->text, wrong);
}

/* y, points or regions: a column or a list of columns. */
static enum er_status read_columns(struct draft *draft, const struct er_schema_row *row,
                                   const struct er_node *node, const char *const **out, int64_t *n_out,
                                   struct er_error *err)
{
    const bool list = node->kind == ER_NODE_LIST;
    const int64_t n = list ? node->n : 1;
    if (n < 1 || n > MOST_Y)
        return er_fail_at(err, ER_E_INPUT, draft->study->file, node->line, node->column,
                          "%s: %lld columns; a figure takes 1 to %d", row->path, (long long)n, MOST_Y);
    const char **name = er_arena_alloc(draft->reading.arena, n, sizeof *name);
    if (!name) return no_memory(err);
    *out = name;
    for (const struct er_node *item = list ? node->child : node; item; item = list ? item->next : NULL) {
        const struct er_setting *setting;
        enum er_status status = er_setting_read(&draft->reading, row, item, &setting, err);
        if (status == ER_OK) status = take_column(draft, row->path, setting, err);
        if (status == ER_OK) status = check_measured(draft, setting, err);
        if (status != ER_OK) return status;
        name[(*n_out)++] = setting->text;
    }
    return ER_OK;
}

static enum er_status read_member(struct draft *draft, const struct er_node *node, struct er_error *err)
{
    struct er_figure *figure = &draft->figure;
    const struct er_schema_row *row = er_study_figure_row(node->key);
    const struct er_setting *setting;
    if (!row) return unknown_key(draft, node, err);
    const char *key = row->path + sizeof "figures." - 1;
    if (strcmp(key, "y") == 0) return read_columns(draft, row, node, &figure->y, &figure->n_y, err);
    if (strcmp(key, "points") == 0)
        return read_columns(draft, row, node, &figure->points, &figure->n_points, err);
    if (strcmp(key, "regions") == 0)
        return read_columns(draft, row, node, &figure->region, &figure->n_regions, err);
    if (strcmp(key, "label") == 0 || strncmp(key, "at_", 3) == 0) return ER_OK; /* figure_lines.c */
    enum er_status status = er_setting_read(&draft->reading, row, node, &setting, err);
    if (status != ER_OK) return status;
    if (strcmp(key, "colour") == 0 && figure->colour)
        return er_fail_at(err, ER_E_INPUT, draft->study->file, node->key_line, node->key_column,
                          "%s: colour and color are one key", row->path);
    const struct {
        const char *key, **to;
        bool column;
    } target[] = {{"mark", &figure->mark, false},
                  {"x", &figure->x, true},
                  {"colour", &figure->colour, true},
                  {"title", &figure->title, false},
                  {"caption", &figure->caption, false},
                  {"x_scale", &figure->x_scale, false},
                  {"y_scale", &figure->y_scale, false},
                  {"statistic", &figure->statistic, false},
                  {"slider", &figure->slider, true},
                  {"from", &figure->from, false},
                  {"contours", &figure->contours, true},
                  {"marks", &figure->marks, true},
                  {"colour_scale", &figure->colour_scale, false}};
    if (strcmp(key, "bins") == 0) figure->bins = setting->integer;
    for (size_t i = 0; i < sizeof target / sizeof *target; i++) {
        if (strcmp(target[i].key, key) != 0) continue;
        *target[i].to = setting->text;
        if (strcmp(key, "from") == 0)
            draft->tables = strcmp(setting->text, "runs") == 0 ? IN_RUNS : IN_CURVES;
        if (target[i].column) status = take_column(draft, row->path, setting, err);
        if (strcmp(setting->text, "log") == 0 && strstr(key, "_scale")) draft->logarithmic = setting;
    }
    return status;
}

static enum er_status read_figure(struct er_study *study, const struct er_node *node, struct er_figure *out,
                                  struct er_error *err)
{
    struct draft draft = {
        .study = study, .reading = {.file = study->file, .arena = study->arena}, .tables = IN_BOTH};
    if (node->kind != ER_NODE_MAP)
        return er_fail_at(
            err, ER_E_INPUT, study->file, node->line, node->column,
            "figures: a map is expected, as in {mark: line, x: epoch, y: train_loss}; this is %s",
            er_node_kind_text(node));
    draft.figure = (struct er_figure){
        .mark = er_study_figure_row("mark")->fallback, .line = node->line, .column = node->column};
    for (int first = 1; first >= 0; first--) /* `from` says which columns there are */
        for (const struct er_node *m = node->child; m; m = m->next) {
            enum er_status status =
                first == (strcmp(m->key, "from") == 0) ? read_member(&draft, m, err) : ER_OK;
            if (status != ER_OK) return status;
        }
    const bool lacks_x = !draft.figure.x && !er_study_is_distribution(&draft.figure);
    if (lacks_x || !draft.figure.n_y)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                          "figures.%s: this key is missing: %s", lacks_x ? "x" : "y",
                          er_study_figure_row(lacks_x ? "x" : "y")->help);
    if (draft.logarithmic && strcmp(draft.figure.mark, "bar") == 0)
        return er_fail_at(err, ER_E_INPUT, study->file, draft.logarithmic->line, draft.logarithmic->column,
                          "%s: a bar begins at 0 and has no logarithmic scale; use mark: point",
                          draft.logarithmic->row->path);
    enum er_status status = er_study_references_read(study, node, &draft.figure, err);
    if (status == ER_OK) status = er_study_figure_check(study, node, &draft.figure, err);
    if (status != ER_OK) return status;
    *out = draft.figure;
    return er_study_figure_fits(study, out, err);
}

enum er_status er_study_figures_read(struct er_study *study, const struct er_node *node, struct er_error *err)
{
    if (!node) return er_study_default_figures(study, err);
    if (node->kind != ER_NODE_LIST)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                          "figures: a list of figures is expected, this is %s", er_node_kind_text(node));
    if (node->n > MOST_FIGURES)
        return er_fail_at(err, ER_E_LIMIT, study->file, node->line, node->column,
                          "figures: %lld figures; at most %d are drawn", (long long)node->n, MOST_FIGURES);
    study->figure = er_arena_alloc(study->arena, node->n, sizeof *study->figure);
    if (!study->figure) return no_memory(err);
    for (const struct er_node *item = node->child; item; item = item->next) {
        enum er_status status = read_figure(study, item, &study->figure[study->figures], err);
        if (status != ER_OK) return status;
        study->figures++;
    }
    return ER_OK;
}
