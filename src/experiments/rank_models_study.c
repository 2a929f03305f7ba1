/* rank_models_study.c - models from the runs of a study: gap, hyper-parameters, every column of numbers as a measure. */
#include "experiments/rank_models.h"

#include "core/number.h"
#include "experiments/rank_axes.h"
#include "experiments/rank_keys.h"

#include <ermine/measure.h>
#include <math.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "rank: out of memory for models");
    return ER_E_NOMEM;
}

/* What is collected on the way from a study. */
struct work {
    const struct er_point *point;
    const struct er_source *source;
    struct er_rank_models *m;
    int64_t *run; /* of each model */
};

/* Column `column` of the source, of each model. */
static double *values_of(const struct work *w, int64_t column)
{
    const struct er_table *table = w->source->table;
    double *value = er_arena_alloc(w->m->memory, w->m->table.n, sizeof *value);
    for (int64_t i = 0; value && i < w->m->table.n; i++)
        value[i] = table->cell[w->run[i] * table->columns + column].number;
    return value;
}

/* Which runs are models: those that ended as asked for, and did not diverge. */
static enum er_status choose_runs(struct work *w, struct er_error *err)
{
    const struct er_table *table = w->source->table;
    const int64_t column = er_table_find(table, "outcome");
    const char *wanted = er_point_text(w->point, "rank.outcome", NULL), *seen[16];
    int64_t n_seen = 0;
    w->run = er_arena_alloc(w->m->memory, table->rows, sizeof *w->run);
    if (!w->run) return no_memory(err);
    for (int64_t i = 0; i < table->rows; i++) {
        const char *outcome = table->cell[i * table->columns + column].text;
        if (!outcome) outcome = "";
        int64_t k = 0;
        while (k < n_seen && strcmp(seen[k], outcome) != 0) k++;
        if (k == n_seen && k < 16) seen[n_seen++] = outcome;
        const bool kept = wanted ? strcmp(outcome, wanted) == 0 : strcmp(outcome, "diverged") != 0;
        if (kept) w->run[w->m->table.n++] = i;
    }
    w->m->passed_over = table->rows - w->m->table.n;
    if (w->m->table.n > 0) return ER_OK;
    char words[256] = "";
    for (int64_t k = 0; k < n_seen; k++) {
        strncat(words, k ? ", " : "", sizeof words - strlen(words) - 1);
        strncat(words, seen[k], sizeof words - strlen(words) - 1);
    }
    if (!wanted) return er_fail(err, ER_E_INPUT, "rank: all runs of the study diverged");
    const struct er_setting *setting = er_point_get(w->point, "rank.outcome");
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                      "rank.outcome: no run ended by '%s'; there are: %s", wanted, words);
}

/* The hyper-parameters of all runs, of those that are models. */
static enum er_status take_parameters(struct work *w, struct er_error *err)
{
    struct er_rank_axes axes;
    struct er_rank_table *t = &w->m->table;
    struct er_arena *arena = w->m->memory;
    enum er_status status = er_rank_keys_axes(w->point, w->source, arena, &axes, err);
    if (status != ER_OK) return status;
    struct er_rank_parameter *parameter = er_arena_alloc(arena, axes.n, sizeof *parameter);
    int32_t *seed = er_arena_alloc(arena, t->n, sizeof *seed);
    if (!parameter || !seed) return no_memory(err);
    for (int64_t p = 0; p < axes.n; p++) {
        int32_t *level = er_arena_alloc(arena, t->n, sizeof *level);
        if (!level) return no_memory(err);
        for (int64_t i = 0; i < t->n; i++) level[i] = axes.parameter[p].level[w->run[i]];
        parameter[p] = axes.parameter[p];
        parameter[p].level = level;
    }
    for (int64_t i = 0; i < t->n; i++) seed[i] = axes.seed[w->run[i]];
    t->parameter = parameter;
    t->parameters = axes.n;
    t->seed = seed;
    return ER_OK;
}

static bool is_ranked(const struct er_table_column *column)
{
    return column->numeric && !column->axis;
}

static enum er_status take_measures(struct work *w, struct er_error *err)
{
    const struct er_table *table = w->source->table;
    struct er_rank_table *t = &w->m->table;
    struct er_rank_measure *measure = er_arena_alloc(w->m->memory, table->columns, sizeof *measure);
    if (!measure) return no_memory(err);
    for (int64_t c = 0; c < table->columns; c++) {
        if (!is_ranked(&table->column[c])) continue;
        struct er_rank_measure *m = &measure[t->measures++];
        m->name = table->column[c].name;
        m->scale = ER_RANK_NUMERATOR; /* of what is no measure */
        m->direction = er_measure_direction(m->name, &m->scale) == -1 ? -1 : 1;
        m->value = values_of(w, c);
        if (!m->value) return no_memory(err);
    }
    t->measure = measure;
    return ER_OK;
}

/* The gap, and the numbers of training examples where they are asked for. */
static enum er_status take_sizes(struct work *w, struct er_error *err)
{
    const struct er_table *table = w->source->table;
    const char *size = er_point_text(w->point, "rank.train_size", NULL);
    w->m->table.gap = values_of(w, er_table_find(table, er_point_text(w->point, "rank.gap", "gap")));
    if (!w->m->table.gap) return no_memory(err);
    if (!size) return ER_OK;
    const double *value = values_of(w, er_table_find(table, size));
    if (!value) return no_memory(err);
    w->m->table.train_size = value;
    for (int64_t i = 0; i < w->m->table.n; i++)
        if (!(value[i] > 0) || !isfinite(value[i])) {
            const struct er_setting *at = er_point_get(w->point, "rank.train_size");
            return er_fail_at(err, ER_E_INPUT, NULL, at->line, at->column,
                              "rank.train_size: a model of %g training examples in the column %s", value[i],
                              size);
        }
    return ER_OK;
}

/* The test examples of a run: what its study says, else all of the named set; 0: nobody knows. */
static int64_t test_examples(const struct er_point *point)
{
    int64_t n;
    const int64_t asked = er_point_integer(point, "data.test", 0);
    const struct er_data_info *info = er_data_list(&n);
    const char *name = er_point_text(point, "data.name", "");
    if (asked > 0) return asked;
    for (int64_t i = 0; i < n; i++)
        if (strcmp(info[i].name, name) == 0) return info[i].test;
    return 0;
}

enum er_status er_rank_models_of_study(const struct er_point *point, const struct er_source *source,
                                       struct er_rank_models *m, struct er_error *err)
{
    struct work w = {.point = point, .source = source, .m = m};
    enum er_status status = choose_runs(&w, err);
    if (status == ER_OK) status = take_parameters(&w, err);
    if (status == ER_OK) status = take_sizes(&w, err);
    if (status == ER_OK) status = take_measures(&w, err);
    for (int64_t i = 0; status == ER_OK && i < m->table.n; i++) {
        const int64_t n = test_examples(&source->point[w.run[i]]);
        if (i == 0 || n < m->test_size) m->test_size = n;
    }
    return status;
}
