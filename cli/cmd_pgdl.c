/* cmd_pgdl.c - `ermine pgdl`: tasks of the competition "Predicting generalization in deep learning". */
#include "cli.h"
#include "measure_choice.h"
#include "pgdl_export.h"
#include "pgdl_score.h"
#include "places.h"
#include "progress.h"
#include "terminal.h"

#include "core/file.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TASKS_MOST = 64, REASONS_MOST = 8 };
static const char kept_folder[] = ".ermine", kept_file[] = "measures.tsv";

struct job {
    const struct cli_args *args;
    struct places places;
    struct progress progress;
    struct er_pool *pool;
    const struct er_measure **measure;
    struct er_pgdl_request request;
    struct pgdl_scores scores;
    int64_t threads;
    int64_t unread; /* networks, in all tasks */
};

static int options_of(struct job *job)
{
    int64_t n, chosen = 0;
    const struct er_measure *const *list = er_measure_list(&n);
    if (!cli_integer(job->args, "threads", 1, ER_POOL_MAX_THREADS, &job->threads) ||
        !cli_integer(job->args, "models", 1, ER_PGDL_MODELS_MAX, &job->request.models))
        return CLI_USAGE;
    if (cli_given(job->args, "csv") && cli_given(job->args, "json"))
        return cli_usage(job->args->command, "--csv and --json exclude each other");
    if (cli_given(job->args, "csv") && job->args->n_operands > 1)
        return cli_usage(job->args->command, "--csv is of one task: hyper-parameters of two differ");
    if (cli_given(job->args, "results") && job->args->n_operands > 1)
        return cli_usage(job->args->command,
                         "--results is of one task; without it each has a file of its own");
    bool *marked = er_alloc(n, sizeof *marked);
    job->measure = er_alloc(n, sizeof(const struct er_measure *));
    if (!marked || !job->measure) {
        er_free(marked);
        cli_message(job->args->command, "out of memory");
        return CLI_FAILED;
    }
    const int code = measure_choice(job->args, marked);
    for (int64_t i = 0; i < n && code == CLI_DONE; i++)
        if (marked[i]) job->measure[chosen++] = list[i];
    er_free(marked);
    job->request.measure = job->measure;
    job->request.measures = chosen;
    return code;
}

/* TASK/.ermine/measures.tsv, its folder made; freed by er_free(). */
static enum er_status results_path(const struct job *job, const char *task, char **out, struct er_error *err)
{
    const char *given = cli_value(job->args, "results", NULL);
    char *folder = given ? NULL : er_path_join(task, kept_folder);
    enum er_status status = folder ? er_directory_make(folder, err) : ER_OK;
    *out = status != ER_OK ? NULL
           : given         ? er_strdup(given)
           : folder        ? er_path_join(folder, kept_file)
                           : NULL;
    er_free(folder);
    if (status == ER_OK && !*out) status = er_fail(err, ER_E_NOMEM, "out of memory");
    return status;
}

static enum er_status print_table(const struct job *job, const struct er_table *table, struct er_error *err)
{
    char *text = NULL;
    const enum er_status status = cli_given(job->args, "csv") ? er_table_csv(table, &text, err)
                                  : cli_given(job->args, "json")
                                      ? er_table_json(table, &text, err)
                                      : er_table_text(table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    return status;
}

/* How many models lack a measure, and the first of them, or -1. */
static int64_t lacking(const struct er_pgdl_measured *measured, int64_t k, int64_t *first)
{
    int64_t n = 0;
    *first = -1;
    for (int64_t i = 0; i < measured->models; i++) {
        if (!measured->reason[i * measured->measures + k]) continue;
        if (*first < 0) *first = i;
        n++;
    }
    return n;
}

/* A line for each measure that some models lack, with the first reason; of many measures, the first ones. */
static void say_missing(const struct job *job, const struct er_pgdl_task *task,
                        const struct er_pgdl_measured *measured)
{
    const struct cli_command *command = job->args->command;
    int64_t lines = 0, first;
    for (int64_t k = 0; k < measured->measures; k++) {
        const int64_t n = lacking(measured, k, &first);
        if (n > 0 && lines++ < REASONS_MOST)
            cli_message(command, "%s has no value for %" PRId64 " of %" PRId64 " models; %s: %s",
                        job->measure[k]->name, n, measured->models, task->model[first].folder,
                        measured->reason[first * measured->measures + k]);
    }
    if (lines > REASONS_MOST)
        cli_message(command, "so have %" PRId64 " more measures; %s has the reasons", lines - REASONS_MOST,
                    job->request.results);
}

/* Where networks do otherwise on the training examples than the task says. */
static void say_accuracies(const struct job *job, const struct er_pgdl_task *task,
                           const struct er_pgdl_measured *measured)
{
    const double most = 0.1; /* accuracies of augmented examples differ a little */
    int64_t n = 0;
    for (int64_t i = 0; i < measured->models; i++)
        n += fabs(measured->accuracy[i] - task->model[i].train_accuracy) > most;
    if (n)
        cli_message(job->args->command,
                    "%s: %" PRId64 " of %" PRId64
                    " networks have another training accuracy here than the task says, by more than %g",
                    task->name, n, measured->models, most);
}

/* A task without some of its networks is another task: its score is printed, and the command fails. */
static void say_unread(struct job *job, const struct er_pgdl_task *task,
                       const struct er_pgdl_measured *measured)
{
    int64_t n = 0;
    for (int64_t i = 0; i < measured->models; i++) n += isnan(measured->accuracy[i]);
    if (n)
        cli_message(job->args->command,
                    "%s: %" PRId64 " of %" PRId64
                    " networks could not be read; what is said is of the others",
                    task->name, n, measured->models);
    job->unread += n;
}

static enum er_status print_task(struct job *job, int64_t t, const struct er_pgdl_task *task,
                                 const struct er_pgdl_measured *measured, struct er_error *err)
{
    const bool csv = cli_given(job->args, "csv");
    struct er_table table = {0};
    progress_clear(&job->progress);
    enum er_status status = pgdl_score_task(&job->scores, t, task, measured, job->pool, err);
    if (status == ER_OK) {
        say_missing(job, task, measured);
        say_accuracies(job, task, measured);
        say_unread(job, task, measured);
    }
    if (status != ER_OK || cli_given(job->args, "json")) return status;
    status = csv ? er_pgdl_table(task, &job->request, measured, &table, err)
                 : pgdl_scores_table(&job->scores, t, &table, err);
    if (status == ER_OK) status = print_table(job, &table, err);
    if (status == ER_OK && !csv && job->scores.why[t]) printf("no official score: %s\n", job->scores.why[t]);
    if (status == ER_OK && !csv && t + 1 < job->scores.tasks) printf("\n");
    er_table_clear(&table);
    return status;
}

static enum er_status measure_task(struct job *job, int64_t t, struct er_error *err)
{
    struct er_pgdl_task task = {0};
    struct er_pgdl_data data = {0};
    struct er_pgdl_measured measured = {0};
    char *results = NULL;
    enum er_status status = er_pgdl_task_open(job->args->operand[t], &task, err);
    if (status == ER_OK) status = er_pgdl_data_open(&task, &job->places.data, &data, err);
    if (status == ER_OK) status = results_path(job, job->args->operand[t], &results, err);
    job->request.results = results;
    if (status == ER_OK)
        status =
            er_pgdl_measure(&task, &data, &job->request, job->pool, &job->progress.library, &measured, err);
    if (status == ER_OK) status = print_task(job, t, &task, &measured, err);
    er_free(results);
    er_pgdl_measured_clear(&measured);
    er_pgdl_data_clear(&data);
    er_pgdl_task_clear(&task);
    return status;
}

/* All tasks as JSON, or the means of several. */
static enum er_status print_scores(const struct job *job, struct er_error *err)
{
    struct er_table table = {0};
    const bool json = cli_given(job->args, "json");
    if (!json && (cli_given(job->args, "csv") || job->scores.tasks == 1)) return ER_OK;
    enum er_status status = pgdl_scores_table(&job->scores, -1, &table, err);
    if (status == ER_OK && !json) {
        const int64_t means = job->scores.measures;
        table.cell += (table.rows - means) * table.columns;
        table.rows = means;
        printf("\n");
    }
    if (status == ER_OK) status = print_table(job, &table, err);
    er_table_clear(&table);
    return status;
}

static int score(const struct cli_args *args)
{
    struct job job = {.args = args};
    struct er_error err = {0};
    int code = options_of(&job);
    if (code == CLI_DONE) code = places_open(args, &job.places);
    if (code != CLI_DONE) {
        er_free(job.measure);
        return code;
    }
    progress_open(&job.progress, args->command, cli_given(args, "quiet"));
    enum er_status status = er_pool_new((int)job.threads, &job.pool, &err);
    if (status == ER_OK)
        status = pgdl_scores_new(args->n_operands, job.measure, job.request.measures, &job.scores, &err);
    for (int64_t t = 0; status == ER_OK && t < args->n_operands; t++) status = measure_task(&job, t, &err);
    if (status == ER_OK) status = print_scores(&job, &err);
    progress_clear(&job.progress);
    if (status != ER_OK)
        code = cli_error(args->command, &err);
    else if (job.unread > 0)
        code = CLI_FAILED;
    if (status == ER_E_STOPPED)
        cli_message(args->command, "what was measured is kept; the same command goes on from there");
    pgdl_scores_clear(&job.scores);
    er_pool_free(job.pool);
    places_close(&job.places);
    er_free(job.measure);
    return code;
}

static int run(const struct cli_args *args)
{
    if (strcmp(args->operand[0], "export") == 0) return pgdl_export(args);
    if (cli_given(args, "study") || cli_given(args, "store"))
        return cli_usage(args->command, "--study and --store are for `ermine pgdl export`");
    return score(args);
}

static const struct cli_option options[] = {
    {'M', "measures", "WORDS", "all that take less time than a training",
     "which ones: names, families or `all`, with commas between; may be given again (`ermine list "
     "measures`)"},
    {'m', "models", "N", "all", "the first N models of each task only"},
    {'r', "results", "FILE", "TASK/.ermine/measures.tsv", "where measured values are kept, and found again"},
    {'C', "csv", NULL, NULL,
     "a row for each model: hyper-parameters, errors, measures; `ermine rank` reads it"},
    {'J', "json", NULL, NULL, "JSON, numbers in full"},
    {'n', "study", "NAME", "the only one", "export: which study of the note"},
    {'s', "store", "FILE", ".ermine/results.db beside the note", "export: where its results are kept"},
    PLACES_OPTION,
    {'t', "threads", "N", "all processors", "how many threads work; the result does not depend on it"},
    {'q', "quiet", NULL, NULL, "no progress"},
    {0},
};

const struct cli_command cli_pgdl = {
    .name = "pgdl",
    .operands = "TASK... | export NOTE TASK",
    .least = 1,
    .most = TASKS_MOST,
    .help = "score measures on tasks of the PGDL competition, or make one of a study",
    .text = "A task is a folder of trained networks with their hyper-parameters and accuracies, as the "
            "competition "
            "\"Predicting generalization in deep learning\" (NeurIPS 2020) published them: "
            "model_configs.json, a folder "
            "for each model with config.json and weights.hdf5, and the training examples in "
            "dataset_1/train/shard_*.tfrecord. Every measure is computed of every network, and how well it "
            "ranks their "
            "gaps is printed: the competition's score as its program computes it, a strict one, and "
            "correlations. With "
            "several tasks the means over them follow. docs/pgdl.md explains both.\n\n"
            "Each value is kept as soon as it is computed, and the same command goes on where one was "
            "stopped.\n\n"
            "`export` makes a task of the networks that a study has kept (`train: {keep: [init, end]}`): the "
            "same "
            "model_configs.json, beside it networks in .safetensors files, and what their data are.",
    .example = "ermine pgdl public_data/input_data/task1_v4 --measures norms,path_norm\n"
               "ermine pgdl export notes/zoo.md zoo --study zoo\n"
               "ermine pgdl zoo --csv > zoo.csv",
    .option = options,
    .run = run,
};
