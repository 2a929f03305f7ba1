/* pgdl_score.c - a task's models as a table of <ermine/rank.h>; its results as one of people. */
#include "pgdl_score.h"

#include <ermine/memory.h>
#include <ermine/rank.h>

#include <math.h>
#include <string.h>

enum { TASK, MEASURE, DIRECTION, PGDL, STRICT, TAU_A, TAU_B, PSI, MODELS, MISSING, COLUMNS };

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "scores of tasks: out of memory");
}

enum er_status pgdl_scores_new(int64_t tasks, const struct er_measure *const *measure, int64_t measures,
                               struct pgdl_scores *out, struct er_error *err)
{
    static const struct pgdl_score none = {
        (double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN, 0, 0};
    struct pgdl_scores made = {.tasks = tasks, .measures = measures, .measure = measure};
    const enum er_status status = er_arena_new(SIZE_MAX, &made.memory, err);
    if (status != ER_OK) return status;
    made.task = er_arena_alloc(made.memory, tasks, sizeof *made.task);
    made.why = er_arena_alloc(made.memory, tasks, sizeof *made.why);
    made.score = er_arena_alloc(made.memory, tasks * measures, sizeof *made.score);
    if (!made.task || !made.why || !made.score) {
        pgdl_scores_clear(&made);
        return fail_memory(err);
    }
    for (int64_t i = 0; i < tasks * measures; i++) made.score[i] = none;
    *out = made;
    return ER_OK;
}

void pgdl_scores_clear(struct pgdl_scores *scores)
{
    er_arena_free(scores->memory);
    *scores = (struct pgdl_scores){0};
}

/* A table of <ermine/rank.h> whose parts are in the arena. */
static bool fill_table(struct er_arena *arena, const struct pgdl_scores *scores,
                       const struct er_pgdl_task *task, const struct er_pgdl_measured *measured,
                       struct er_rank_table *out)
{
    const int64_t n = measured->models, P = task->parameters, K = scores->measures;
    double *gap = er_arena_alloc(arena, n, sizeof *gap), *value = er_arena_alloc(arena, n * K, sizeof *value);
    int32_t *level = er_arena_alloc(arena, n * P, sizeof *level);
    struct er_rank_parameter *parameter = er_arena_alloc(arena, P, sizeof *parameter);
    struct er_rank_measure *measure = er_arena_alloc(arena, K, sizeof *measure);
    if (!gap || !value || !level || !parameter || !measure) return false;
    for (int64_t i = 0; i < n; i++) gap[i] = task->model[i].train_accuracy - task->model[i].test_accuracy;
    for (int64_t p = 0; p < P; p++) {
        for (int64_t i = 0; i < n; i++) level[p * n + i] = task->model[i].level[p];
        parameter[p] = (struct er_rank_parameter){
            .name = task->parameter[p].name, .levels = task->parameter[p].levels, .level = level + p * n};
    }
    for (int64_t k = 0; k < K; k++) {
        for (int64_t i = 0; i < n; i++) value[k * n + i] = measured->value[i * K + k];
        measure[k] = (struct er_rank_measure){.name = scores->measure[k]->name,
                                              .value = value + k * n,
                                              .direction = scores->measure[k]->direction};
    }
    *out = (struct er_rank_table){
        .n = n, .gap = gap, .parameters = P, .parameter = parameter, .measures = K, .measure = measure};
    return true;
}

static void take(struct pgdl_scores *scores, int64_t t, const struct er_rank_results *results)
{
    for (int64_t k = 0; k < scores->measures; k++) {
        const struct er_rank_result *r = &results->result[k];
        scores->score[t * scores->measures + k] = (struct pgdl_score){.pgdl = r->pgdl.value,
                                                                      .strict = r->pgdl_strict,
                                                                      .tau_a = r->tau_a.value,
                                                                      .tau_b = r->tau_b.value,
                                                                      .psi = r->psi.value,
                                                                      .models = r->models,
                                                                      .missing = r->missing};
    }
    for (int64_t k = scores->measures - 1; k >= 0; k--) {
        if (!isnan(results->result[k].pgdl.value)) {
            scores->why[t] = NULL;
            return;
        }
        scores->why[t] = results->result[k].pgdl_why;
    }
}

/* Gaps that can be compared. */
static int64_t gaps(const struct er_pgdl_task *task, int64_t models)
{
    int64_t n = 0;
    for (int64_t i = 0; i < models; i++)
        n += isfinite(task->model[i].train_accuracy - task->model[i].test_accuracy);
    return n;
}

enum er_status pgdl_score_task(struct pgdl_scores *scores, int64_t t, const struct er_pgdl_task *task,
                               const struct er_pgdl_measured *measured, struct er_pool *pool,
                               struct er_error *err)
{
    struct er_arena *arena = NULL;
    struct er_rank_table table;
    struct er_rank_results results = {0};
    struct er_rank_options options = er_rank_options_default();
    options.resamples = 0;
    options.each_by_itself = true;
    scores->task[t] = er_arena_strdup(scores->memory, task->name);
    if (!scores->task[t]) return fail_memory(err);
    if (gaps(task, measured->models) < 2) {
        scores->why[t] = "its model_configs.json has no accuracies of two models and more";
        return ER_OK;
    }
    enum er_status status = er_arena_new(SIZE_MAX, &arena, err);
    if (status == ER_OK && !fill_table(arena, scores, task, measured, &table)) status = fail_memory(err);
    if (status == ER_OK) status = er_rank(&table, &options, pool, NULL, &results, err);
    if (status == ER_OK) take(scores, t, &results);
    er_rank_results_clear(&results);
    er_arena_free(arena);
    return status;
}

/* The mean of what is there; NaN of nothing. */
static double mean_of(const struct pgdl_scores *scores, int64_t k, size_t member)
{
    double sum = 0;
    int64_t n = 0;
    for (int64_t t = 0; t < scores->tasks; t++) {
        double value;
        memcpy(&value, (const char *)&scores->score[t * scores->measures + k] + member, sizeof value);
        if (isnan(value)) continue;
        sum += value;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

static struct pgdl_score mean_score(const struct pgdl_scores *scores, int64_t k)
{
    struct pgdl_score mean = {.pgdl = mean_of(scores, k, offsetof(struct pgdl_score, pgdl)),
                              .strict = mean_of(scores, k, offsetof(struct pgdl_score, strict)),
                              .tau_a = mean_of(scores, k, offsetof(struct pgdl_score, tau_a)),
                              .tau_b = mean_of(scores, k, offsetof(struct pgdl_score, tau_b)),
                              .psi = mean_of(scores, k, offsetof(struct pgdl_score, psi))};
    for (int64_t t = 0; t < scores->tasks; t++) {
        mean.models += scores->score[t * scores->measures + k].models;
        mean.missing += scores->score[t * scores->measures + k].missing;
    }
    return mean;
}

static void fill_row(const struct pgdl_scores *scores, const char *task, int64_t k,
                     const struct pgdl_score *s, struct er_cell *cell)
{
    cell[TASK].text = task;
    cell[MEASURE].text = scores->measure[k]->name;
    cell[DIRECTION].number = scores->measure[k]->direction;
    cell[PGDL].number = s->pgdl;
    cell[STRICT].number = s->strict;
    cell[TAU_A].number = s->tau_a;
    cell[TAU_B].number = s->tau_b;
    cell[PSI].number = s->psi;
    cell[MODELS].number = (double)s->models;
    cell[MISSING].number = (double)s->missing;
}

enum er_status pgdl_scores_table(const struct pgdl_scores *scores, int64_t t, struct er_table *out,
                                 struct er_error *err)
{
    static const char *const name[COLUMNS] = {
        [TASK] = "task",          [MEASURE] = "measure", [DIRECTION] = "direction", [PGDL] = "pgdl",
        [STRICT] = "pgdl_strict", [TAU_A] = "tau_a",     [TAU_B] = "tau_b",         [PSI] = "psi",
        [MODELS] = "models",      [MISSING] = "missing"};
    const int64_t first = t < 0 ? 0 : t, end = t < 0 ? scores->tasks : t + 1, K = scores->measures;
    const bool means = t < 0 && scores->tasks > 1;
    struct er_table table = {.columns = COLUMNS, .rows = (end - first + means) * K};
    const enum er_status status = er_arena_new(SIZE_MAX, &table.memory, err);
    if (status != ER_OK) return status;
    table.column = er_arena_alloc(table.memory, COLUMNS, sizeof *table.column);
    table.cell = er_arena_alloc(table.memory, table.rows * COLUMNS, sizeof *table.cell);
    if (!table.column || !table.cell) {
        er_table_clear(&table);
        return fail_memory(err);
    }
    for (int c = 0; c < COLUMNS; c++)
        table.column[c] = (struct er_table_column){
            .name = name[c], .unit = "", .numeric = c > MEASURE, .axis = c <= MEASURE};
    struct er_cell *cell = table.cell;
    for (int64_t i = first; i < end; i++)
        for (int64_t k = 0; k < K; k++, cell += COLUMNS)
            fill_row(scores, scores->task[i], k, &scores->score[i * K + k], cell);
    for (int64_t k = 0; means && k < K; k++, cell += COLUMNS) {
        const struct pgdl_score mean = mean_score(scores, k);
        fill_row(scores, "mean", k, &mean, cell);
    }
    *out = table;
    return ER_OK;
}
