/* rank_models.c - models of a point, and which of them are compared. */
#include "experiments/rank_models.h"

#include "experiments/rank_keys.h"

#include <ermine/measure.h>
#include <ermine/rank_file.h>
#include <math.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "rank: out of memory for models");
    return ER_E_NOMEM;
}

static bool has_measure(const struct er_rank_table *table, const char *name)
{
    for (int64_t i = 0; i < table->measures; i++)
        if (strcmp(table->measure[i].name, name) == 0) return true;
    return false;
}

/* The names of a table's measures and those of `asked` that it lacks, NULL behind the last. */
static const char **more_measures(const struct er_rank_table *table, const char *const *asked,
                                  struct er_arena *arena)
{
    int64_t n = 0, all = 0;
    while (asked[n]) n++;
    const char **name = er_arena_alloc(arena, table->measures + n + 1, sizeof *name);
    for (int64_t i = 0; name && i < table->measures; i++) {
        name[all] = er_arena_strdup(arena, table->measure[i].name);
        if (!name[all++]) return NULL;
    }
    for (int64_t i = 0; name && i < n; i++)
        if (!has_measure(table, asked[i])) name[all++] = asked[i];
    return name;
}

/* Columns that are named as measures, and those that are asked for by other names. */
static enum er_status read_file(const char *path, struct er_rank_columns *columns, const char *const *asked,
                                struct er_arena *arena, struct er_rank_file *out, struct er_error *err)
{
    bool all = true;
    const struct er_rank_table none = {0};
    enum er_status status = er_rank_file_read(path, columns, er_measure_direction, out, err);
    if (status == ER_E_NOMEM) return status;
    for (int64_t i = 0; asked[i]; i++) all = all && status == ER_OK && has_measure(&out->table, asked[i]);
    if (all) return status;
    columns->measure = more_measures(status == ER_OK ? &out->table : &none, asked, arena);
    if (status == ER_OK) er_rank_file_clear(out);
    if (!columns->measure) return no_memory(err);
    return er_rank_file_read(path, columns, er_measure_direction, out, err);
}

static enum er_status from_file(const struct er_point *point, const struct er_data_places *places,
                                const char *const *asked, struct er_rank_models *m, struct er_error *err)
{
    const struct er_data_spec source = er_rank_keys_source(point);
    struct er_rank_columns columns = {.gap = er_point_text(point, "rank.gap", "gap"),
                                      .train_size = er_point_text(point, "rank.train_size", NULL)};
    struct er_rank_file *file = er_arena_alloc(m->memory, 1, sizeof *file);
    struct er_error why = {0};
    char **path = NULL;
    int64_t n = 0;
    if (!file) return no_memory(err);
    enum er_status status = er_rank_keys_names(point, m->memory, &columns.parameter, err);
    if (status != ER_OK) return status;
    status = er_data_files(&source, places, &path, &n, &why);
    if (status == ER_OK) status = read_file(path[0], &columns, asked, m->memory, file, &why);
    er_free((void *)path);
    if (status != ER_OK) return er_rank_keys_fail(point, "rank.file", &why, err);
    m->file = file;
    m->table = file->table;
    return ER_OK;
}

enum er_status er_rank_models_new(const struct er_point *point, const struct er_source *source,
                                  const struct er_data_places *places, const char *const *asked,
                                  struct er_rank_models *out, struct er_error *err)
{
    struct er_rank_models models = {0};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &models.memory, err);
    if (status == ER_OK)
        status = source ? er_rank_models_of_study(point, source, &models, err)
                        : from_file(point, places, asked, &models, err);
    if (status == ER_OK)
        *out = models;
    else
        er_rank_models_clear(&models);
    return status;
}

void er_rank_models_clear(struct er_rank_models *models)
{
    if (models->file) er_rank_file_clear(models->file);
    er_arena_free(models->memory);
    *models = (struct er_rank_models){0};
}

/* Marks what is left of the models once each has a gap, and all measures of the library that most have. */
static void mark(const struct er_rank_table *t, double least_share, bool *keep)
{
    int64_t with_gap = 0;
    for (int64_t i = 0; i < t->n; i++) with_gap += keep[i] = isfinite(t->gap[i]);
    for (int64_t k = 0; k < t->measures; k++) {
        const double *value = t->measure[k].value;
        int64_t has = 0;
        if (!er_measure_find(t->measure[k].name)) continue;
        for (int64_t i = 0; i < t->n; i++) has += isfinite(t->gap[i]) && isfinite(value[i]);
        if ((double)has < least_share * (double)with_gap) continue;
        for (int64_t i = 0; i < t->n; i++) keep[i] = keep[i] && isfinite(value[i]);
    }
}

/* The marked ones of n numbers. */
static bool copy_numbers(struct er_arena *arena, const double *from, const int64_t *row, int64_t n,
                         const double **out)
{
    double *to = from ? er_arena_alloc(arena, n, sizeof *to) : NULL;
    for (int64_t i = 0; to && i < n; i++) to[i] = from[row[i]];
    *out = to;
    return to || !from;
}

static bool copy_levels(struct er_arena *arena, const int32_t *from, const int64_t *row, int64_t n,
                        const int32_t **out)
{
    int32_t *to = from ? er_arena_alloc(arena, n, sizeof *to) : NULL;
    for (int64_t i = 0; to && i < n; i++) to[i] = from[row[i]];
    *out = to;
    return to || !from;
}

enum er_status er_rank_models_keep(const struct er_rank_models *models, double least_share,
                                   struct er_arena *arena, struct er_rank_table *kept, const int64_t **row,
                                   struct er_error *err)
{
    const struct er_rank_table *t = &models->table;
    struct er_rank_table out = {.parameters = t->parameters};
    int64_t *number = er_arena_alloc(arena, t->n, sizeof *number);
    bool *keep = er_arena_alloc(arena, t->n, sizeof *keep);
    struct er_rank_parameter *parameter = er_arena_alloc(arena, t->parameters, sizeof *parameter);
    if (!number || !keep || !parameter) return no_memory(err);
    mark(t, least_share, keep);
    for (int64_t i = 0; i < t->n; i++)
        if (keep[i]) number[out.n++] = i;
    if (out.n < 2)
        return er_fail(err, ER_E_INPUT,
                       "rank: %lld of %lld models have a gap and all measures that most of them have; two "
                       "are needed",
                       (long long)out.n, (long long)t->n);
    out.parameter = parameter;
    bool made = copy_numbers(arena, t->gap, number, out.n, &out.gap) &&
                copy_numbers(arena, t->train_size, number, out.n, &out.train_size) &&
                copy_levels(arena, t->seed, number, out.n, &out.seed);
    for (int64_t p = 0; made && p < t->parameters; p++) {
        parameter[p] = t->parameter[p];
        made = copy_levels(arena, t->parameter[p].level, number, out.n, &parameter[p].level);
    }
    if (!made) return no_memory(err);
    *kept = out;
    *row = number;
    return ER_OK;
}
