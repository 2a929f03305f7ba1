/* rank_models.c - a table of models by the options of `ermine rank`. */
#include "rank_models.h"
#include "cli.h"

#include <ermine/measure.h>
#include <ermine/memory.h>
#include <ermine/rank_scores.h>

#include <string.h>

static const int64_t MOST_SEED = ((int64_t)1 << 53) - 1;
static const char *const the_usual[] = {"oracle_0.02", "random", "canonical", NULL}; /* baselines */

/* The words of an option in all places where it is given, with commas between; *out is NULL when it is not. */
static enum er_status words_of(const struct cli_args *args, const char *option, struct er_arena *memory,
                               const char *const **out, struct er_error *err)
{
    int64_t room = 1, n = 0;
    *out = NULL;
    if (!cli_given(args, option)) return ER_OK;
    for (int g = 0; g < args->n_given; g++)
        if (strcmp(args->given[g].option->name, option) == 0) room += (int64_t)strlen(args->given[g].value);
    const char **word = er_arena_alloc(memory, room, sizeof *word);
    if (!word) return er_fail(err, ER_E_NOMEM, "out of memory");
    for (int g = 0; g < args->n_given; g++) {
        if (strcmp(args->given[g].option->name, option) != 0) continue;
        for (const char *at = args->given[g].value; *at;) {
            const size_t length = strcspn(at, ",");
            if (length > 0 && !(word[n++] = er_arena_strndup(memory, at, length)))
                return er_fail(err, ER_E_NOMEM, "out of memory");
            at += length + (at[length] == ',');
        }
    }
    *out = word;
    return ER_OK;
}

static enum er_status read_file(const struct cli_args *args, struct rank_models *m, struct er_error *err)
{
    struct er_rank_columns columns = {.gap = cli_value(args, "gap", NULL),
                                      .seed = cli_value(args, "seed-column", NULL),
                                      .train_size = cli_value(args, "train-size", NULL)};
    enum er_status status = words_of(args, "measures", m->memory, &columns.measure, err);
    if (status == ER_OK) status = words_of(args, "parameters", m->memory, &columns.parameter, err);
    if (status == ER_OK)
        status = er_rank_file_read(args->operand[0], &columns, er_measure_direction, &m->file, err);
    m->table = m->file.table;
    return status;
}

static bool has_measure(const struct er_rank_table *t, const char *name)
{
    for (int64_t k = 0; k < t->measures; k++)
        if (strcmp(t->measure[k].name, name) == 0) return true;
    return false;
}

/* One more measure behind the others: the baseline, unless the file has a column of that name, or unless it is one of the usual
 * and cannot be had. */
static enum er_status add_baseline(struct rank_models *m, const char *name, bool usual, uint64_t seed,
                                   struct er_rank_measure *measure, struct er_error *err)
{
    struct er_error why = {0};
    double *value = er_arena_alloc(m->memory, m->table.n, sizeof *value);
    if (!value) return er_fail(err, ER_E_NOMEM, "out of memory");
    if (has_measure(&m->table, name)) return ER_OK;
    const enum er_status status = er_rank_baseline(&m->file.table, name, seed, value, &why);
    if (usual && status == ER_E_UNSUPPORTED) return ER_OK;
    if (status != ER_OK) {
        if (err) *err = why;
        return status;
    }
    measure[m->table.measures++] = (struct er_rank_measure){.name = name, .value = value, .direction = 1};
    return ER_OK;
}

static enum er_status add_baselines(const struct cli_args *args, struct rank_models *m, uint64_t seed,
                                    struct er_error *err)
{
    const char *const *name;
    int64_t n = 0;
    enum er_status status = words_of(args, "baselines", m->memory, &name, err);
    if (status != ER_OK) return status;
    const bool usual = !name;
    if (!name)
        name = the_usual;
    else if (name[0] && !name[1] && strcmp(name[0], "none") == 0)
        name++;
    while (name[n]) n++;
    struct er_rank_measure *measure = er_arena_alloc(m->memory, m->table.measures + n, sizeof *measure);
    if (!measure) return er_fail(err, ER_E_NOMEM, "out of memory");
    memcpy(measure, m->table.measure, (size_t)m->table.measures * sizeof *measure);
    m->table.measure = measure;
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        status = add_baseline(m, name[i], usual, seed, measure, err);
    return status;
}

int rank_models_open(const struct cli_args *args, struct rank_models *out)
{
    struct er_error err = {0};
    int64_t seed = 0;
    *out = (struct rank_models){0};
    if (!cli_integer(args, "seed", 0, MOST_SEED, &seed)) return CLI_USAGE;
    enum er_status status = er_arena_new(SIZE_MAX / 2, &out->memory, &err);
    if (status == ER_OK) status = read_file(args, out, &err);
    if (status == ER_OK) status = add_baselines(args, out, (uint64_t)seed, &err);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}

void rank_models_close(struct rank_models *models)
{
    er_rank_file_clear(&models->file);
    er_arena_free(models->memory);
    *models = (struct rank_models){0};
}
