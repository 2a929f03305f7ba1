/* rank_axes.c - hyper-parameters from axes.
 *
 *     seed, data.seed, ...                     repetitions, no hyper-parameters
 *     model: [nin 16, nin 32 depth=2]          model.width, model.depth: the arguments of one preset that vary
 *     train.sgd.rate, train.adam.rate          train.rate, where no run has both: the level of a rate is its rank among
 *                                              those of its optimiser
 *     axes that vary together                  the first of them
 *
 * A run without the key (momentum, of Adam) is at a level of its own, before all others.
 */
#include "experiments/rank_axes.h"

#include "core/number.h"
#include "experiments/rank_model_axis.h"

#include <ermine/rank_scores.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct work {
    const struct er_source *source;
    struct er_arena *arena;
    int64_t runs;
    struct er_rank_axes *out;
    bool *taken; /* columns that are merged into an earlier one */
    struct er_error *err;
};

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "rank: out of memory for hyper-parameters");
    return ER_E_NOMEM;
}

const char *er_rank_axes_tail(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static const struct er_cell *cell_of(const struct work *w, int64_t run, int64_t column)
{
    return &w->source->table->cell[run * w->source->table->columns + column];
}

/* The cells of a column of numbers: their levels; -1 where there is none. */
static enum er_status number_levels(const struct work *w, const double *value, int32_t *level,
                                    int64_t *levels)
{
    int64_t n = 0;
    double *there = er_alloc(w->runs, sizeof *there);
    int32_t *found = er_alloc(w->runs, sizeof *found);
    enum er_status status = there && found ? ER_OK : no_memory(w->err);
    for (int64_t i = 0; status == ER_OK && i < w->runs; i++)
        if (isfinite(value[i])) there[n++] = value[i];
    *levels = 0;
    if (status == ER_OK && n > 0) status = er_rank_number_levels(n, there, found, levels, w->err);
    n = 0;
    for (int64_t i = 0; status == ER_OK && i < w->runs; i++) level[i] = isfinite(value[i]) ? found[n++] : -1;
    er_free(there);
    er_free(found);
    return status;
}

/* Whether two hyper-parameters part the runs in the same way. */
static bool same_parts(const struct work *w, const struct er_rank_parameter *a,
                       const struct er_rank_parameter *b)
{
    if (a->levels != b->levels) return false;
    int32_t map[ER_RANK_LEVELS_MAX];
    for (int64_t l = 0; l < a->levels; l++) map[l] = -1;
    for (int64_t i = 0; i < w->runs; i++) {
        if (map[a->level[i]] < 0) map[a->level[i]] = b->level[i];
        if (map[a->level[i]] != b->level[i]) return false;
    }
    return true;
}

/* Adds a hyper-parameter of which `level` (-1: none) is in the arena, unless an earlier one says the same. */
static enum er_status add(struct work *w, const char *name, int32_t *level, int64_t levels)
{
    bool absent = false;
    for (int64_t i = 0; i < w->runs; i++) absent = absent || level[i] < 0;
    for (int64_t i = 0; absent && i < w->runs; i++) level[i]++;
    levels += absent;
    if (levels > ER_RANK_LEVELS_MAX)
        return er_fail(w->err, ER_E_LIMIT, "rank: %s has more than %d values", name, ER_RANK_LEVELS_MAX);
    if (w->out->n == ER_RANK_PARAMETERS_MAX)
        return er_fail(w->err, ER_E_LIMIT, "rank: more than %d hyper-parameters", ER_RANK_PARAMETERS_MAX);
    const struct er_rank_parameter parameter = {
        .name = name, .levels = levels, .level = level, .better = er_rank_better(name)};
    for (int64_t p = 0; p < w->out->n; p++)
        if (same_parts(w, &w->out->parameter[p], &parameter)) return ER_OK;
    if (levels > 1) w->out->parameter[w->out->n++] = parameter;
    return ER_OK;
}

static enum er_status add_words(struct work *w, const char *name, const char *const *word)
{
    int64_t levels;
    int32_t *level = er_arena_alloc(w->arena, w->runs, sizeof *level);
    if (!level) return no_memory(w->err);
    const enum er_status status = er_rank_word_levels(w->runs, word, level, &levels, w->err);
    return status == ER_OK ? add(w, name, level, levels) : status;
}

static enum er_status add_numbers(struct work *w, const char *name, const double *value)
{
    int64_t levels;
    int32_t *level = er_arena_alloc(w->arena, w->runs, sizeof *level);
    if (!level) return no_memory(w->err);
    const enum er_status status = number_levels(w, value, level, &levels);
    return status == ER_OK ? add(w, name, level, levels) : status;
}

/* Numbers where all texts are. */
static enum er_status add_texts(struct work *w, const char *name, const char *const *text)
{
    double *number = er_arena_alloc(w->arena, w->runs, sizeof *number);
    bool numeric = true;
    if (!number) return no_memory(w->err);
    for (int64_t i = 0; i < w->runs && numeric; i++)
        numeric = text[i] && er_number_real(text[i], &number[i]) && isfinite(number[i]);
    return numeric ? add_numbers(w, name, number) : add_words(w, name, text);
}

static enum er_status column_words(const struct work *w, int64_t column, const char ***out)
{
    *out = er_arena_alloc(w->arena, w->runs, sizeof **out);
    if (!*out) return no_memory(w->err);
    for (int64_t i = 0; i < w->runs; i++) (*out)[i] = cell_of(w, i, column)->text;
    return ER_OK;
}

static enum er_status column_numbers(const struct work *w, int64_t column, double **out)
{
    *out = er_arena_alloc(w->arena, w->runs, sizeof **out);
    if (!*out) return no_memory(w->err);
    for (int64_t i = 0; i < w->runs; i++) (*out)[i] = cell_of(w, i, column)->number;
    return ER_OK;
}

static enum er_status add_model(struct work *w, int64_t column)
{
    struct er_rank_arguments arguments;
    const char **label;
    enum er_status status = column_words(w, column, &label);
    if (status == ER_OK) status = er_rank_arguments(label, w->runs, w->arena, &arguments, w->err);
    if (status == ER_OK && arguments.n == 0) status = add_words(w, "model", label);
    for (int64_t a = 0; status == ER_OK && a < arguments.n; a++) {
        const size_t size = sizeof "model." + strlen(arguments.name[a]);
        char *name = er_arena_alloc(w->arena, (int64_t)size, 1);
        if (!name) return no_memory(w->err);
        snprintf(name, size, "model.%s", arguments.name[a]);
        status = add_texts(w, name, arguments.value[a]);
    }
    return status;
}

/* "train" of "train.sgd.rate": how long the part before the member of a group is; 0: there is none. */
static size_t group_length(const char *path)
{
    const char *tail = er_rank_axes_tail(path);
    if (tail - path < 2) return 0;
    const char *dot = tail - 2;
    while (dot > path && *dot != '.') dot--;
    return dot > path ? (size_t)(dot - path) : 0;
}

/* Whether two columns of numbers are one key of different members of a group: train.sgd.rate, train.adam.rate. */
static bool are_alternatives(const struct work *w, int64_t a, int64_t b)
{
    const struct er_table_column *x = &w->source->table->column[a], *y = &w->source->table->column[b];
    const size_t n = group_length(x->name), m = group_length(y->name);
    if (!y->axis || !x->numeric || !y->numeric || n == 0 || n != m || strncmp(x->name, y->name, n) != 0 ||
        strcmp(er_rank_axes_tail(x->name), er_rank_axes_tail(y->name)) != 0)
        return false;
    for (int64_t i = 0; i < w->runs; i++)
        if (!isnan(cell_of(w, i, a)->number) && !isnan(cell_of(w, i, b)->number)) return false;
    return true;
}

/* A column of numbers, with those that are its alternatives. */
static enum er_status add_group(struct work *w, int64_t column)
{
    const struct er_table *table = w->source->table;
    const char *path = table->column[column].name, *name = path;
    int64_t levels, most, merged = 0;
    double *value;
    int32_t *level = er_arena_alloc(w->arena, w->runs, sizeof *level);
    int32_t *other = er_arena_alloc(w->arena, w->runs, sizeof *other);
    if (!level || !other) return no_memory(w->err);
    enum er_status status = column_numbers(w, column, &value);
    if (status == ER_OK) status = number_levels(w, value, level, &most);
    for (int64_t c = column + 1; status == ER_OK && c < table->columns; c++) {
        if (!are_alternatives(w, column, c)) continue;
        status = column_numbers(w, c, &value);
        if (status == ER_OK) status = number_levels(w, value, other, &levels);
        for (int64_t i = 0; status == ER_OK && i < w->runs; i++)
            if (other[i] >= 0) level[i] = other[i];
        if (status == ER_OK && levels > most) most = levels;
        w->taken[c] = true;
        merged++;
    }
    if (status == ER_OK && merged > 0) {
        const size_t size = strlen(path) + 1;
        char *text = er_arena_alloc(w->arena, (int64_t)size, 1);
        if (!text) return no_memory(w->err);
        snprintf(text, size, "%.*s.%s", (int)group_length(path), path, er_rank_axes_tail(path));
        name = text;
    }
    return status == ER_OK ? add(w, name, level, most) : status;
}

/* Runs by all their seeds. */
static enum er_status add_seed(struct work *w, int64_t column, int32_t *seed, int64_t *seeds)
{
    int64_t levels;
    double *value;
    int32_t *level = er_arena_alloc(w->arena, w->runs, sizeof *level);
    if (!level) return no_memory(w->err);
    enum er_status status = column_numbers(w, column, &value);
    if (status == ER_OK) status = number_levels(w, value, level, &levels);
    if (status == ER_OK && (__builtin_mul_overflow(*seeds, levels, seeds) || *seeds > INT32_MAX))
        return er_fail(w->err, ER_E_LIMIT, "rank: too many seeds of several kinds");
    for (int64_t i = 0; status == ER_OK && i < w->runs; i++)
        seed[i] = (int32_t)(seed[i] * levels + (level[i] > 0 ? level[i] : 0));
    return status;
}

enum er_status er_rank_axes(const struct er_source *source, struct er_arena *arena, struct er_rank_axes *out,
                            struct er_error *err)
{
    const struct er_table *table = source->table;
    struct er_rank_axes axes = {0};
    struct work w = {.source = source, .arena = arena, .runs = source->runs, .out = &axes, .err = err};
    int64_t seeds = 1;
    int32_t *seed = er_arena_alloc(arena, source->runs, sizeof *seed);
    axes.seed = seed;
    axes.parameter = er_arena_alloc(arena, ER_RANK_PARAMETERS_MAX, sizeof *axes.parameter);
    w.taken = er_arena_alloc(arena, table->columns, sizeof *w.taken);
    enum er_status status = seed && axes.parameter && w.taken ? ER_OK : no_memory(err);
    for (int64_t c = 0; status == ER_OK && c < table->columns; c++) {
        const struct er_table_column *column = &table->column[c];
        const char **word;
        if (!column->axis || w.taken[c]) continue;
        if (column->numeric && strcmp(er_rank_axes_tail(column->name), "seed") == 0)
            status = add_seed(&w, c, seed, &seeds);
        else if (column->numeric)
            status = add_group(&w, c);
        else if (strcmp(column->name, "model") == 0)
            status = add_model(&w, c);
        else if ((status = column_words(&w, c, &word)) == ER_OK)
            status = add_words(&w, column->name, word);
    }
    if (status == ER_OK) *out = axes;
    return status;
}
