/* study.c - from a study's YAML to its runs: the study's own keys, its experiment, its grid. */
#include "study/study.h"

#include "core/number.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 100 };
static const size_t MAX_MEMORY = (size_t)1 << 30;

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static const struct er_node *member(const struct er_node *map, const char *key)
{
    for (const struct er_node *node = map->child; node; node = node->next)
        if (strcmp(node->key, key) == 0) return node;
    return NULL;
}

static const struct er_schema_row *study_row(const char *path)
{
    const struct er_schema_row *row = er_schema_study_row;
    while (row->path && strcmp(row->path, path) != 0) row++;
    return row;
}

/* Every key at the top is one of the schema's; then no word of the author's is lost. */
static enum er_status check_top(const char *file, const struct er_node *root, struct er_error *err)
{
    enum { MOST = 64 };
    const char *known[MOST];
    int64_t n = 0;
    for (int64_t i = 0; er_schema_row(i) && n < MOST; i++)
        if (!strchr(er_schema_row(i)->path, '.')) known[n++] = er_schema_row(i)->path;
    for (const struct er_node *node = root->child; node; node = node->next) {
        bool found = false;
        for (int64_t i = 0; i < n; i++) found = found || strcmp(known[i], node->key) == 0;
        if (!found) return er_study_unknown_key(file, "", node, er_nearest(node->key, known, n), err);
    }
    return ER_OK;
}

/* The experiment whose key is there; of several, the one that uses the others. */
static enum er_status choose_experiment(const char *file, const struct er_node *root,
                                        const struct er_experiment **out, struct er_error *err)
{
    int64_t n;
    const struct er_experiment *const *list = er_experiment_list(&n), *chosen = NULL;
    char names[400] = "";
    for (int64_t i = 0; i < n; i++) {
        const struct er_node *node = member(root, list[i]->name);
        strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, list[i]->name, sizeof names - strlen(names) - 1);
        if (!node || (chosen && er_experiment_uses(chosen, list[i]))) continue;
        if (chosen && !er_experiment_uses(list[i], chosen))
            return er_fail_at(err, ER_E_INPUT, file, node->key_line, node->key_column,
                              "%s: the study has %s too; one experiment a study", node->key, chosen->name);
        chosen = list[i];
    }
    *out = chosen;
    if (chosen) return ER_OK;
    return er_fail_at(err, ER_E_INPUT, file, root->line, root->column,
                      "the study says no experiment; it needs one of the keys: %s", names);
}

/* It becomes ids and the names of files. */
static bool is_name(const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || !strchr("-_.", c))) return false;
    }
    return n > 0 && n <= MAX_NAME;
}

static enum er_status read_name(struct er_study *study, const struct er_reading *reading,
                                const struct er_node *root, struct er_error *err)
{
    char value[ER_SHORT_TEXT];
    const struct er_setting *setting;
    const struct er_node *node = member(root, "study"), *title = member(root, "title");
    if (!node)
        return er_fail_at(err, ER_E_INPUT, reading->file, root->line, root->column,
                          "study: this key is missing: %s", study_row("study")->help);
    enum er_status status = er_setting_read(reading, study_row("study"), node, &setting, err);
    if (status != ER_OK) return status;
    if (!is_name(setting->text))
        return er_fail_at(
            err, ER_E_INPUT, reading->file, node->line, node->column,
            "study: '%s' is not a name: up to %d of a-z, A-Z, 0-9, '-', '_' and '.', the first a "
            "letter or digit",
            er_short_text(setting->text, value), MAX_NAME);
    study->name = setting->text;
    if (title) status = er_setting_read(reading, study_row("title"), title, &setting, err);
    if (title && status == ER_OK) study->title = setting->text;
    return status;
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* A seed twice is a run twice, and would be counted twice in every mean. */
static enum er_status check_distinct(const struct er_reading *reading, const struct er_node *node,
                                     const struct er_seeds *seeds, struct er_error *err)
{
    uint64_t *sorted = er_arena_alloc(reading->arena, seeds->n, sizeof *sorted);
    if (!sorted) return no_memory(err);
    memcpy(sorted, seeds->list, (size_t)seeds->n * sizeof *sorted);
    qsort(sorted, (size_t)seeds->n, sizeof *sorted, compare_u64);
    for (int64_t i = 1; i < seeds->n; i++)
        if (sorted[i] == sorted[i - 1])
            return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                              "seeds: %" PRIu64 " is in the list twice", sorted[i]);
    return ER_OK;
}

static enum er_status read_seeds(const struct er_reading *reading, const struct er_node *node,
                                 struct er_seeds *seeds, struct er_error *err)
{
    static const struct er_schema_row item = {
        .path = "seeds", .type = ER_SCHEMA_INTEGER, .unit = "", .min = 0, .max = 9e15};
    const struct er_setting *setting;
    *seeds = (struct er_seeds){.n = 1};
    if (!node) return ER_OK;
    if (node->kind != ER_NODE_LIST) {
        enum er_status status = er_setting_read(reading, study_row("seeds"), node, &setting, err);
        if (status == ER_OK) seeds->n = setting->integer;
        return status;
    }
    if (node->n == 0)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "seeds: an empty list; at least one seed is needed");
    uint64_t *list = er_arena_alloc(reading->arena, node->n, sizeof *list);
    if (!list) return no_memory(err);
    *seeds = (struct er_seeds){.list = list};
    for (const struct er_node *seed = node->child; seed; seed = seed->next) {
        enum er_status status = er_setting_read(reading, &item, seed, &setting, err);
        if (status != ER_OK) return status;
        list[seeds->n++] = (uint64_t)setting->integer;
    }
    return check_distinct(reading, node, seeds, err);
}

static enum er_status read_root(struct er_study *study, const struct er_node *root,
                                const struct er_study_origin *origin, struct er_table *source,
                                struct er_error *err)
{
    struct er_grid grid = {
        .reading = {.file = study->file, .arena = study->arena}, .line = root->line, .column = root->column};
    struct er_seeds seeds;
    const struct er_node *zip = NULL;
    enum er_status status;
    if (root->kind != ER_NODE_MAP)
        return er_fail_at(err, ER_E_INPUT, study->file, root->line, root->column,
                          "a study is a map of keys (study, data, model, train, ...), this is %s",
                          er_node_kind_text(root));
    status = check_top(study->file, root, err);
    if (status == ER_OK) status = choose_experiment(study->file, root, &study->experiment, err);
    if (status == ER_OK) status = read_name(study, &grid.reading, root, err);
    if (status == ER_OK) status = read_seeds(&grid.reading, member(root, "seeds"), &seeds, err);
    if (status != ER_OK) return status;
    grid.schema = er_schema_new(study->experiment, study->arena);
    if (!grid.schema) return no_memory(err);
    status = er_grid_read(&grid, root, err);
    if (status == ER_OK) status = er_study_read_source(study, &grid, origin, source, err);
    zip = member(root, "zip");
    if (status == ER_OK && zip) status = er_grid_zip(&grid, zip, err);
    if (status == ER_OK) status = er_grid_count(&grid, err);
    if (status == ER_OK) status = er_study_points(study, &grid, &seeds, err);
    if (status == ER_OK) status = er_study_columns(study, &grid, &seeds, err);
    if (status == ER_OK) status = er_study_check_source(study, &grid, source, err);
    if (status == ER_OK) status = er_study_run_columns(study, source, err);
    if (status == ER_OK) status = er_study_figures_read(study, member(root, "figures"), err);
    if (status == ER_OK) status = er_study_claims_read(study, member(root, "claims"), err);
    return status;
}

enum er_status er_study_parse(const char *yaml, size_t n, const struct er_study_origin *origin,
                              struct er_study **out, struct er_error *err)
{
    static const struct er_study_origin nowhere = {.line = 1};
    struct er_node *root = NULL;
    struct er_table source = {0};
    enum er_status status = ER_E_NOMEM;
    struct er_study *study = er_alloc(1, sizeof *study);
    if (!study) return no_memory(err);
    if (!origin) origin = &nowhere;
    status = er_arena_new(MAX_MEMORY, &study->arena, err);
    if (status == ER_OK) status = er_yaml_read(yaml, n, origin, study->arena, &root, err);
    if (status != ER_OK) goto fail;
    study->source = er_arena_strndup(study->arena, yaml, n);
    study->file = er_arena_strdup(study->arena, origin->file ? origin->file : "");
    if (!study->source || !study->file) {
        status = no_memory(err);
        goto fail;
    }
    status = read_root(study, root, origin, &source, err);
    er_table_clear(&source);
    if (status != ER_OK) goto fail;
    *out = study;
    return ER_OK;
fail:
    er_study_free(study);
    return status;
}

void er_study_free(struct er_study *study)
{
    if (!study) return;
    er_free(study->point);
    er_free(study->setting);
    er_arena_free(study->arena);
    er_free(study);
}

const char *er_study_name(const struct er_study *study)
{
    return study->name;
}

const char *er_study_title(const struct er_study *study)
{
    return study->title;
}

const char *er_study_file(const struct er_study *study)
{
    return study->file;
}

const char *er_study_source(const struct er_study *study)
{
    return study->source;
}

const struct er_experiment *er_study_experiment(const struct er_study *study)
{
    return study->experiment;
}

int64_t er_study_runs(const struct er_study *study)
{
    return study->runs;
}

const struct er_point *er_study_point(const struct er_study *study, int64_t run)
{
    return &study->point[run];
}

const struct er_axis *er_study_axes(const struct er_study *study, int64_t *n)
{
    *n = study->axes;
    return study->axis;
}

const struct er_figure *er_study_figures(const struct er_study *study, int64_t *n)
{
    *n = study->figures;
    return study->figure;
}

const struct er_claim *er_study_claims(const struct er_study *study, int64_t *n)
{
    *n = study->claims;
    return study->claim;
}

const struct er_study *er_study_reads(const struct er_study *study)
{
    return study->reads;
}
