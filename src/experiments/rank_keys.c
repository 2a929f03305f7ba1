/* rank_keys.c - see rank_keys.h. */
#include "experiments/rank_keys.h"

#include "core/number.h"
#include "experiments/key_rows.h"

#include <ermine/measure.h>
#include <ermine/rank_scores.h>
#include <string.h>

#define TEXT(path, fallback, help)                                                                           \
    {                                                                                                        \
        path, "", 0, 0, NULL, fallback, help, ER_SCHEMA_TEXT, true                                           \
    }

const struct er_schema_row er_rank_keys_row[] = {
    MAP("rank", NULL, "ranks measures by how well they predict the gap of many networks"),
    {"rank.study", "", 0, 0, NULL, "",
     "a study further up in the same note, whose runs are the models; its axes are their hyper-parameters, "
     "but for seeds",
     ER_SCHEMA_STUDY, false},
    {"rank.file", "", 0, 0, NULL, "",
     "in its place a .csv file with a line a model; a relative path begins at the folder of the note",
     ER_SCHEMA_FILE, false},
    TEXT("rank.measure", "",
         "what is ranked: a measure or another column of numbers, or a baseline (oracle, oracle_0.02, "
         "oracle_0.05, random, "
         "canonical); without it one run for each measure of the study and each baseline"),
    TEXT("rank.gap", "gap", "the column that is to be predicted"),
    TEXT("rank.parameters", "",
         "the hyper-parameters, by their names with commas between; without it all. 'rate' is train.rate, "
         "the rate of "
         "whichever optimiser; 'width' model.width, of models that are one preset"),
    TEXT("rank.outcome", "",
         "only runs of the study that ended by this, as train_loss; without it all that did not diverge"),
    CHOICE("rank.seeds", "averaged apart", "averaged",
           "averaged: gaps and measures of a configuration's seeds are, before tau, Psi and K; apart: each "
           "is a model"),
    CHOICE("rank.environments", "auto configurations levels", "auto",
           "of sign errors: two configurations that differ in one hyper-parameter; or all such pairs for two "
           "of its levels "
           "together; auto: the latter where configurations have fewer than 4 models each"),
    REAL("rank.least_pairs", "", 0, 1e9, "12",
         "an environment of fewer pairs of models, as their weights count, is left out"),
    REAL("rank.least_share", "", 0, 1, "0.5",
         "a model that lacks a measure is left out of all rankings, unless fewer models than this share have "
         "it"),
    TEXT("rank.train_size", "",
         "the column with the number m of training examples, as data.train: measures that a bound has over m "
         "(`ermine list measures`), and columns that are no measures, are then compared as sqrt(value / m), "
         "logarithms of such as (value - ln m) / 2"),
    INTEGER("rank.test_size", "examples", 1, 1e12, "",
            "test examples behind each gap, of which the weights of sign errors are made; without it those "
            "of the study, "
            "else 10000"),
    {"rank.direction", "", -1, 1, NULL, "0",
     "1: a larger value predicts a larger gap, -1: a smaller one; 0: the measure's own, and 1 of a column "
     "that is none",
     ER_SCHEMA_INTEGER, true},
    CHOICE("rank.resample", "configurations seeds", "configurations",
           "what is drawn again for intervals: configurations with their models, or seeds within each"),
    INTEGER("rank.resamples", "", 0, 100000, "200", "how often; 0: no intervals"),
    REAL("rank.level", "", 0.01, 0.999, "0.95", "of the intervals"),
    {0},
};

static enum er_status fail_at(const struct er_setting *setting, struct er_error *err, const char *what)
{
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column, "%s: %s", setting->row->path,
                      what);
}

enum er_status er_rank_keys_fail(const struct er_point *point, const char *path, const struct er_error *why,
                                 struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, path);
    if (!err) return why->code;
    *err = *why;
    if (setting && !why->file[0]) er_error_place(err, NULL, setting->line, setting->column);
    return why->code;
}

struct er_data_spec er_rank_keys_source(const struct er_point *point)
{
    struct er_data_spec spec = er_data_spec_default();
    const struct er_setting *file = er_point_get(point, "rank.file");
    spec.file = file->file;
    spec.within = file->text;
    return spec;
}

/* A list of names must be one as a whole: commas or blanks between, none twice. */
static enum er_status check_names(const struct er_point *point, struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "rank.parameters");
    struct er_arena *arena;
    const char *const *name;
    if (!setting) return ER_OK;
    enum er_status status = er_arena_new(1 << 20, &arena, err);
    if (status != ER_OK) return status;
    status = er_rank_keys_names(point, arena, &name, err);
    if (status == ER_OK && !name[0]) status = fail_at(setting, err, "no name in it");
    for (int64_t i = 0; status == ER_OK && name[i]; i++)
        for (int64_t j = 0; status == ER_OK && j < i; j++)
            if (strcmp(name[i], name[j]) == 0) status = fail_at(setting, err, "the same name twice");
    er_arena_free(arena);
    return status;
}

enum er_status er_rank_keys_check(const struct er_point *point, const struct er_data_places *places,
                                  struct er_error *err)
{
    const struct er_setting *study = er_point_get(point, "rank.study"),
                            *file = er_point_get(point, "rank.file"),
                            *outcome = er_point_get(point, "rank.outcome");
    (void)places;
    if (!study && !file)
        return er_fail(
            err, ER_E_INPUT,
            "rank: neither study nor file; a study further up in the note, or a .csv file, has the models");
    if (study && file) return fail_at(file, err, "rank.study is given too; the models are of one of them");
    if (file && !er_point_get(point, "rank.measure"))
        return fail_at(file, err, "rank.measure is missing, the columns of the file that are to be ranked");
    if (file && outcome) return fail_at(outcome, err, "a file has no outcomes; this is for runs of a study");
    return check_names(point, err);
}

enum er_status er_rank_keys_names(const struct er_point *point, struct er_arena *arena,
                                  const char *const **out, struct er_error *err)
{
    const char *text = er_point_text(point, "rank.parameters", NULL);
    *out = NULL;
    if (!text) return ER_OK;
    char *copy = er_arena_strdup(arena, text), *rest = NULL;
    const char **name = er_arena_alloc(arena, (int64_t)strlen(text) / 2 + 2, sizeof *name);
    if (!copy || !name) return er_fail(err, ER_E_NOMEM, "rank: out of memory for names");
    *out = name;
    for (char *word = strtok_r(copy, ", ", &rest); word; word = strtok_r(NULL, ", ", &rest)) *name++ = word;
    return ER_OK;
}

/* The hyper-parameter `name`, by its whole name or the last part of it; -1: none. */
static int64_t find_axis(const struct er_rank_axes *axes, const char *name)
{
    for (int64_t i = 0; i < axes->n; i++)
        if (strcmp(axes->parameter[i].name, name) == 0) return i;
    for (int64_t i = 0; i < axes->n; i++)
        if (strcmp(er_rank_axes_tail(axes->parameter[i].name), name) == 0) return i;
    return -1;
}

static enum er_status no_axis(const struct er_point *point, const struct er_rank_axes *axes, const char *name,
                              struct er_error *err)
{
    const struct er_setting *at = er_point_get(point, "rank.parameters");
    const char *names[ER_RANK_PARAMETERS_MAX];
    for (int64_t i = 0; i < axes->n; i++) names[i] = axes->parameter[i].name;
    const char *near = er_nearest(name, names, axes->n);
    return er_fail_at(err, ER_E_INPUT, NULL, at->line, at->column,
                      "rank.parameters: the models do not differ by '%s'%s%s%s", name,
                      near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

enum er_status er_rank_keys_axes(const struct er_point *point, const struct er_source *source,
                                 struct er_arena *arena, struct er_rank_axes *out, struct er_error *err)
{
    struct er_rank_axes axes;
    const char *const *name = NULL;
    int64_t n = 0;
    enum er_status status = er_rank_axes(source, arena, &axes, err);
    if (status == ER_OK) status = er_rank_keys_names(point, arena, &name, err);
    if (status != ER_OK || !name) {
        if (status == ER_OK) *out = axes;
        return status;
    }
    struct er_rank_parameter *chosen = er_arena_alloc(arena, ER_RANK_PARAMETERS_MAX, sizeof *chosen);
    if (!chosen) return er_fail(err, ER_E_NOMEM, "rank: out of memory for hyper-parameters");
    for (; name[n]; n++) {
        const int64_t i = find_axis(&axes, name[n]);
        if (i < 0 || n == ER_RANK_PARAMETERS_MAX) return no_axis(point, &axes, name[n], err);
        chosen[n] = axes.parameter[i];
    }
    *out = (struct er_rank_axes){.parameter = chosen, .n = n, .seed = axes.seed};
    return ER_OK;
}

bool er_rank_keys_is_baseline(const char *name)
{
    for (const char *const *word = er_rank_baselines(); *word; word++)
        if (strcmp(*word, name) == 0) return true;
    return false;
}

const char *er_rank_keys_word(const struct er_source *source, int64_t i)
{
    const struct er_table *table = source->table;
    for (int64_t c = 0; c < table->columns; c++) {
        enum er_rank_scale scale;
        const int direction = er_measure_direction(table->column[c].name, &scale);
        if (!table->column[c].axis && direction != 0 && direction != ER_RANK_BESIDE && i-- == 0)
            return table->column[c].name;
    }
    const char *const *baseline = er_rank_baselines();
    while (*baseline && i-- > 0) baseline++;
    return *baseline;
}

/* A column of numbers that the setting at `path` names. */
static enum er_status check_column(const struct er_point *point, const char *path,
                                   const struct er_table *table, bool axes, struct er_error *err)
{
    enum { MOST = 512 };
    const struct er_setting *setting = er_point_get(point, path);
    const char *names[MOST], *name = er_point_text(point, path, NULL);
    int64_t n = 0;
    if (!name) return ER_OK;
    for (int64_t c = 0; c < table->columns && n < MOST; c++) {
        if (!table->column[c].numeric || (table->column[c].axis && !axes)) continue;
        if (strcmp(table->column[c].name, name) == 0) return ER_OK;
        names[n++] = table->column[c].name;
    }
    const bool measure = strcmp(path, "rank.measure") == 0;
    if (measure && er_rank_keys_is_baseline(name)) return ER_OK;
    for (const char *const *word = er_rank_baselines(); measure && *word && n < MOST; word++)
        names[n++] = *word;
    const char *near = er_nearest(name, names, n);
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                      "%s: the study has no column of numbers '%s'%s%s%s", path, name,
                      near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

enum er_status er_rank_keys_check_source(const struct er_point *point, const struct er_source *source,
                                         struct er_error *err)
{
    struct er_rank_axes axes;
    struct er_arena *arena;
    if (!source) return ER_OK;
    enum er_status status = check_column(point, "rank.measure", source->table, false, err);
    if (status == ER_OK) status = check_column(point, "rank.gap", source->table, false, err);
    if (status == ER_OK) status = check_column(point, "rank.train_size", source->table, true, err);
    if (status != ER_OK || !er_point_get(point, "rank.parameters")) return status;
    status = er_arena_new(SIZE_MAX / 2, &arena, err);
    if (status != ER_OK) return status;
    status = er_rank_keys_axes(point, source, arena, &axes, err);
    er_arena_free(arena);
    return status;
}

struct er_rank_options er_rank_keys_options(const struct er_point *point, int64_t test_size)
{
    struct er_rank_options options = er_rank_options_default();
    const char *environments = er_point_text(point, "rank.environments", "auto");
    if (strcmp(er_point_text(point, "rank.seeds", "averaged"), "apart") == 0)
        options.seeds = ER_RANK_SEEDS_APART;
    else
        options.seeds = ER_RANK_SEEDS_AVERAGED;
    if (strcmp(environments, "levels") == 0) options.environments = ER_RANK_ENVIRONMENTS_LEVELS;
    if (strcmp(environments, "configurations") == 0)
        options.environments = ER_RANK_ENVIRONMENTS_CONFIGURATIONS;
    options.each_by_itself = true; /* who is compared has been decided: er_rank_models_keep() */
    options.test_size =
        er_point_integer(point, "rank.test_size", test_size > 0 ? test_size : options.test_size);
    options.least_pairs = er_point_real(point, "rank.least_pairs", options.least_pairs);
    options.resamples = er_point_integer(point, "rank.resamples", options.resamples);
    options.resample = strcmp(er_point_text(point, "rank.resample", "configurations"), "seeds") == 0
                           ? ER_RANK_RESAMPLE_SEEDS
                           : ER_RANK_RESAMPLE_CONFIGURATIONS;
    options.level = er_point_real(point, "rank.level", options.level);
    options.seed = point->seed;
    return options;
}
