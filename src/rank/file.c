/* file.c - a table of models from its texts: which column is what, numbers and levels. */
#include "data/shown.h"
#include "rank/independent.h"
#include "rank/text_column.h"

#include <ermine/data.h>
#include <ermine/rank_file.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <string.h>

static const size_t largest = (size_t)1 << 31;

enum { LEVELS_BY_DEFAULT = 64 }; /* a column with more values is no hyper-parameter unless it is asked for */

struct reading {
    struct er_text_table text;
    const struct er_rank_columns *columns;
    er_rank_direction *direction;
    struct er_arena *memory; /* of the table */
    struct er_rank_table *table;
    const char *const *follows;
    bool *taken; /* columns that are something */
};

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
}

/* What a study's table has of a run beside axes and measures, and names of the kind in tables of others. */
static bool is_result(const char *name)
{
    static const char *const result[] = {"run",        "runs",           "key",        "outcome",
                                         "wall_s",     "seconds",        "epochs",     "steps",
                                         "train_loss", "train_error",    "train_acc",  "train_accuracy",
                                         "test_loss",  "test_error",     "test_acc",   "test_accuracy",
                                         "gap",        "interpolates",   "parameters", "best_test_error",
                                         "best_epoch", "best_test_loss", "network",    "measured_train_acc",
                                         "note"};
    for (size_t i = 0; i < sizeof result / sizeof *result; i++)
        if (strcmp(result[i], name) == 0) return true;
    return false;
}

static bool is_baseline(const char *name)
{
    for (const char *const *baseline = er_rank_baselines(); *baseline; baseline++)
        if (strcmp(*baseline, name) == 0) return true;
    return false;
}

/* +1, -1 or ER_RANK_BESIDE of a known measure or a baseline; else 0. */
static int direction_of(const struct reading *r, const char *name, enum er_rank_scale *scale)
{
    *scale = ER_RANK_AS_IS;
    if (is_baseline(name)) return 1;
    return r->direction ? r->direction(name, scale) : 0;
}

/* A column that is one thing already, and is asked for as another. */
static enum er_status twice(const struct reading *r, int64_t column, struct er_error *err)
{
    const char *name = r->text.name[column];
    char shown[ER_SHOWN];
    return er_fail_at(err, ER_E_INPUT, NULL, 1, 0, "column %s is asked for twice: a column is one thing",
                      er_text_shown(name, strlen(name), shown));
}

static enum er_status take_gap(struct reading *r, struct er_error *err)
{
    int64_t column;
    const enum er_status status =
        er_text_table_need(&r->text, r->columns->gap ? r->columns->gap : "gap", &column, err);
    if (status != ER_OK) return status;
    r->taken[column] = true;
    return er_text_column_numbers(&r->text, column, r->memory, &r->table->gap, err);
}

static enum er_status take_train_size(struct reading *r, struct er_error *err)
{
    int64_t column;
    if (!r->columns->train_size) return ER_OK;
    enum er_status status = er_text_table_need(&r->text, r->columns->train_size, &column, err);
    if (status == ER_OK)
        status = er_text_column_numbers(&r->text, column, r->memory, &r->table->train_size, err);
    for (int64_t i = 0; status == ER_OK && i < r->text.rows; i++)
        if (!(r->table->train_size[i] > 0))
            status = er_text_column_fail(&r->text, i, column, "is not a number of training examples", err);
    return status; /* it may be a hyper-parameter, too */
}

/* "seed", or a word that ends in ".seed". */
static bool is_seed(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strcmp(dot ? dot + 1 : name, "seed") == 0;
}

static enum er_status take_seed(struct reading *r, struct er_error *err)
{
    int64_t column = -1, seeds;
    enum er_status status = ER_OK;
    if (r->columns->seed)
        status = er_text_table_need(&r->text, r->columns->seed, &column, err);
    else
        for (int64_t i = r->text.columns - 1; i >= 0; i--)
            if (is_seed(r->text.name[i])) column = i;
    if (status != ER_OK || column < 0) return status;
    r->taken[column] = true;
    return er_text_column_levels(&r->text, column, INT32_MAX, r->memory, &r->table->seed, &seeds, err);
}

/* Where seeds tell models apart, the same line twice is one model that would count as two. */
static enum er_status check_repeats(const struct reading *r, struct er_error *err)
{
    int64_t first, again;
    if (!r->table->seed) return ER_OK;
    const enum er_status status = er_text_table_repeat(&r->text, &first, &again, err);
    if (status != ER_OK || again < 0) return status;
    return er_fail_at(err, ER_E_INPUT, NULL, r->text.cell[again * r->text.columns].line, 1,
                      "the model of line %d once more, with the same seed",
                      (int)r->text.cell[first * r->text.columns].line);
}

static int64_t length(const char *const *name)
{
    int64_t n = 0;
    while (name[n]) n++;
    return n;
}

static enum er_status add_measure(struct reading *r, int64_t column, struct er_rank_measure *to,
                                  struct er_error *err)
{
    const char *name = r->text.name[column];
    enum er_rank_scale scale;
    const int direction = direction_of(r, name, &scale);
    if (r->taken[column]) return twice(r, column, err);
    *to = (struct er_rank_measure){.name = er_arena_strdup(r->memory, name),
                                   .direction = direction == -1 ? -1 : 1,
                                   .scale = direction ? scale : ER_RANK_NUMERATOR};
    if (!to->name) return no_memory(err);
    r->taken[column] = true;
    r->table->measures++;
    return er_text_column_numbers(&r->text, column, r->memory, &to->value, err);
}

static enum er_status take_measures(struct reading *r, struct er_error *err)
{
    const char *const *asked = r->columns->measure;
    enum er_status status = ER_OK;
    struct er_rank_measure *measure =
        er_arena_alloc(r->memory, asked ? length(asked) : r->text.columns, sizeof *measure);
    if (!measure) return no_memory(err);
    r->table->measure = measure;
    for (int64_t i = 0; asked && asked[i] && status == ER_OK; i++) {
        int64_t column;
        status = er_text_table_need(&r->text, asked[i], &column, err);
        if (status == ER_OK) status = add_measure(r, column, &measure[i], err);
    }
    for (int64_t c = 0; !asked && c < r->text.columns && status == ER_OK; c++) {
        enum er_rank_scale scale;
        const int direction = direction_of(r, r->text.name[c], &scale);
        if (direction != 0 && direction != ER_RANK_BESIDE && !r->taken[c])
            status = add_measure(r, c, &measure[r->table->measures], err);
    }
    if (status == ER_OK && r->table->measures == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, 1, 0,
                          "no column is named as a measure is; name those that are to be ranked");
    return status;
}

static enum er_status add_parameter(struct reading *r, int64_t column, bool asked,
                                    struct er_rank_parameter *parameter, struct er_error *err)
{
    struct er_rank_parameter *to = &parameter[r->table->parameters];
    const char *name = r->text.name[column];
    char shown[ER_SHOWN];
    const enum er_status status =
        er_text_column_levels(&r->text, column, asked ? ER_RANK_LEVELS_MAX : LEVELS_BY_DEFAULT, r->memory,
                              &to->level, &to->levels, err);
    if (status == ER_E_LIMIT)
        return asked ? er_fail_at(err, status, NULL, 1, 0, "column %s has more than %d values",
                                  er_text_shown(name, strlen(name), shown), ER_RANK_LEVELS_MAX)
                     : ER_OK;
    if (status != ER_OK || (!asked && (to->levels < 2 || to->levels == r->text.rows))) return status;
    to->name = er_arena_strdup(r->memory, name);
    to->better = er_rank_better(name);
    r->table->parameters++;
    return to->name ? ER_OK : no_memory(err);
}

static enum er_status take_parameters(struct reading *r, struct er_error *err)
{
    const char *const *asked = r->columns->parameter;
    enum er_status status = ER_OK;
    struct er_rank_parameter *parameter =
        er_arena_alloc(r->memory, asked ? length(asked) : r->text.columns, sizeof *parameter);
    if (!parameter) return no_memory(err);
    r->table->parameter = parameter;
    for (int64_t i = 0; asked && asked[i] && status == ER_OK; i++) {
        int64_t column;
        status = er_text_table_need(&r->text, asked[i], &column, err);
        if (status == ER_OK && r->taken[column]) status = twice(r, column, err);
        if (status == ER_OK) status = add_parameter(r, column, true, parameter, err);
        if (status == ER_OK) r->taken[column] = true;
    }
    for (int64_t c = 0; !asked && c < r->text.columns && status == ER_OK; c++) {
        enum er_rank_scale scale;
        const char *name = r->text.name[c];
        if (!r->taken[c] && !is_result(name) && !is_seed(name) && direction_of(r, name, &scale) == 0)
            status = add_parameter(r, c, false, parameter, err);
    }
    if (status == ER_OK && !asked)
        status = er_rank_independent(r->table, parameter, r->memory, &r->follows, err);
    return status;
}

static enum er_status read_columns(struct reading *r, struct er_error *err)
{
    if (r->text.rows > ER_RANK_MODELS_MAX)
        return er_fail(err, ER_E_LIMIT, "a table of %" PRId64 " models, more than %d", r->text.rows,
                       ER_RANK_MODELS_MAX);
    r->table->n = r->text.rows;
    r->taken = er_alloc(r->text.columns, sizeof *r->taken);
    if (!r->taken) return no_memory(err);
    enum er_status status = take_gap(r, err);
    if (status == ER_OK) status = take_seed(r, err);
    if (status == ER_OK) status = check_repeats(r, err);
    if (status == ER_OK) status = take_measures(r, err);
    if (status == ER_OK) status = take_train_size(r, err);
    if (status == ER_OK) status = take_parameters(r, err);
    er_free(r->taken);
    return status;
}

enum er_status er_rank_file_parse(const char *path, const char *text, size_t n,
                                  const struct er_rank_columns *columns, er_rank_direction *direction,
                                  struct er_rank_file *out, struct er_error *err)
{
    static const struct er_rank_columns usual = {0};
    struct er_rank_file file = {0};
    struct reading r = {.columns = columns ? columns : &usual, .direction = direction, .table = &file.table};
    enum er_status status = er_text_table_parse(text, n, &r.text, err);
    if (status == ER_OK) status = er_arena_new(SIZE_MAX / 2, &r.memory, err);
    if (status == ER_OK) status = read_columns(&r, err);
    er_text_table_clear(&r.text);
    file.memory = r.memory;
    file.follows = r.follows;
    if (status != ER_OK) {
        er_rank_file_clear(&file);
        if (err && status != ER_E_NOMEM) er_error_place(err, path, err->line, err->column);
        return status;
    }
    *out = file;
    return ER_OK;
}

enum er_status er_rank_file_read(const char *path, const struct er_rank_columns *columns,
                                 er_rank_direction *direction, struct er_rank_file *out, struct er_error *err)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    enum er_status status = er_data_bytes(path, largest, &bytes, &n, err);
    if (status != ER_OK) return status;
    status = er_rank_file_parse(path, (const char *)bytes, n, columns, direction, out, err);
    er_free(bytes);
    return status;
}

void er_rank_file_clear(struct er_rank_file *file)
{
    er_arena_free(file->memory);
    *file = (struct er_rank_file){0};
}
