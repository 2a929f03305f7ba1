/* cmd_measure.c - `ermine measure`: the measures of a network in a file. */
#include "cli.h"
#include "measure_choice.h"
#include "measure_report.h"
#include "network_input.h"
#include "progress.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/pool.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const int64_t MOST_SEED = ((int64_t)1 << 53) - 1;

/* A network, and its measures as they come. */
struct job {
    const struct cli_args *args;
    struct network_input in;
    float *initial_w, *initial_statistics;
    struct er_pool *pool;
    struct progress progress;
    bool *chosen;
    struct measure_row *row;
    int64_t rows, done, threads, seed;
};

static int options_of(struct job *job)
{
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    if (!cli_integer(job->args, "threads", 1, ER_POOL_MAX_THREADS, &job->threads) ||
        !cli_integer(job->args, "seed", 0, MOST_SEED, &job->seed))
        return CLI_USAGE;
    job->chosen = er_alloc(n, sizeof *job->chosen);
    job->row = er_alloc(n, sizeof *job->row);
    if (!job->chosen || !job->row) {
        cli_message(job->args->command, "out of memory");
        return CLI_FAILED;
    }
    const int code = measure_choice(job->args, job->chosen);
    for (int64_t i = 0; i < n && code == CLI_DONE; i++)
        if (job->chosen[i])
            job->row[job->rows++] =
                (struct measure_row){.measure = list[i], .value = (double)NAN, .test_error = (double)NAN};
    return code;
}

static enum er_status errors_of(const struct job *job, struct measure_report *report, struct er_error *err)
{
    const struct er_split *split = &job->in.data.split;
    const struct er_network network = {.w = job->in.w, .statistics = job->in.statistics};
    struct er_network_measures measures;
    *report = (struct measure_report){.data = job->in.data.name,
                                      .train = split->train.n,
                                      .test = split->test.n,
                                      .test_error = (double)NAN,
                                      .row = job->row,
                                      .rows = job->rows};
    enum er_status status = er_network_measure(job->in.net, &network, &split->train, &measures, err);
    if (status != ER_OK) return status;
    report->train_error = measures.error;
    if (split->test.n == 0) return ER_OK;
    status = er_network_measure(job->in.net, &network, &split->test, &measures, err);
    if (status == ER_OK) report->test_error = measures.error;
    return status;
}

static void say_progress(struct job *job, const char *measure)
{
    struct er_progress *progress = &job->progress.library;
    progress->report(progress->ctx, &(struct er_progress_report){.what = "measures",
                                                                 .unit = "measures",
                                                                 .done = (double)job->done,
                                                                 .total = (double)job->rows,
                                                                 .doing = measure});
}

/* What a file from elsewhere can't say is said by an option. */
static const char *advice(const struct job *job, const struct er_measure *measure)
{
    return (measure->needs & ER_NEEDS_INITIAL) && !job->initial_w ? ": --init FILE gives them" : "";
}

/* A message without the measure's name at its beginning. */
static const char *reason(const struct er_measure *measure, const char *message)
{
    const size_t n = strlen(measure->name);
    const bool named = strncmp(message, measure->name, n) == 0 && strchr(": ", message[n]) && message[n];
    return named ? message + n + strspn(message + n, ": ") : message;
}

static enum er_status compute(struct job *job, const struct measure_report *report, struct er_error *err)
{
    const struct er_split *split = &job->in.data.split;
    const struct er_measured what = {.net = job->in.net,
                                     .w = job->in.w,
                                     .statistics = job->in.statistics,
                                     .initial_w = job->initial_w,
                                     .initial_statistics = job->initial_statistics,
                                     .train = &split->train,
                                     .test = split->test.n > 0 ? &split->test : NULL,
                                     .train_error = report->train_error,
                                     .test_error = report->test_error,
                                     .seed = (uint64_t)job->seed};
    struct er_measured_run *run = NULL;
    enum er_status status = er_measured_run_new(&what, job->pool, &run, err);
    for (; status == ER_OK && job->done < job->rows && !cli_stop; job->done++) {
        struct measure_row *row = &job->row[job->done];
        struct er_error why = {0};
        say_progress(job, row->measure->name);
        status = er_measure_compute(row->measure, run, &row->value, &why);
        if (status == ER_OK && what.test && row->measure->guarantee == ER_GUARANTEE_STOCHASTIC)
            status = er_measure_test_error(row->measure, run, &row->test_error, &why);
        if (status == ER_E_UNSUPPORTED || status == ER_E_NONFINITE) {
            snprintf(row->why, sizeof row->why, "%s%s", reason(row->measure, why.msg),
                     advice(job, row->measure));
            status = ER_OK;
        }
        if (status != ER_OK) er_fail(err, status, "%s: %s", row->measure->name, why.msg);
    }
    er_measured_run_free(run);
    progress_clear(&job->progress);
    return status;
}

static int measure(struct job *job)
{
    const char *init = cli_value(job->args, "init", NULL);
    struct measure_report report = {0};
    struct er_error err = {0};
    enum er_status status = er_pool_new((int)job->threads, &job->pool, &err);
    if (status == ER_OK && init)
        status = network_input_initial(&job->in, init, &job->initial_w, &job->initial_statistics, &err);
    if (status == ER_OK) status = errors_of(job, &report, &err);
    if (status == ER_OK) status = compute(job, &report, &err);
    report.rows = job->done;
    if (status == ER_OK)
        status = cli_given(job->args, "json") ? measure_report_json(&report, &err)
                                              : measure_report_text(&report, &err);
    if (status != ER_OK) return cli_error(job->args->command, &err);
    if (job->done == job->rows) return CLI_DONE;
    cli_message(job->args->command, "stopped after %" PRId64 " of %" PRId64 " measures", job->done,
                job->rows);
    return CLI_INTERRUPTED;
}

static int run(const struct cli_args *args)
{
    struct job job = {.args = args};
    progress_open(&job.progress, args->command, cli_given(args, "quiet"));
    int code = options_of(&job);
    if (code == CLI_DONE) {
        code = network_input_open(args, true, &job.in);
        if (code == CLI_DONE) code = measure(&job);
        network_input_close(&job.in);
    }
    er_pool_free(job.pool);
    er_free(job.initial_w);
    er_free(job.initial_statistics);
    er_free(job.chosen);
    er_free(job.row);
    return code;
}

static const struct cli_option options[] = {
    {'d', "data", "NAME", "the data of its training",
     "a named data set, a generator, or a .csv or .npz file"},
    {'N', "train", "N", "as in its training, else all", "training examples: those that it was trained on"},
    {'n', "test", "N", "as in its training, else all",
     "test examples; 0: none, a file's rows are all of training"},
    {'i', "init", "FILE", NULL, "the same network before its first step, for measures of the way from there"},
    {'M', "measures", "WORDS", "all that take less time than a training",
     "which ones: names, families or `all`, with commas between; may be given again (`ermine list "
     "measures`)"},
    NETWORK_INPUT_OPTIONS,
    {'s', "seed", "N", "0", "of what measures draw at random: perturbations, mixtures, probes"},
    {'J', "json", NULL, NULL, "JSON, numbers in full, a row for every measure"},
    {'t', "threads", "N", "all processors", "how many threads work; the result does not depend on it"},
    {'f', "folder", PLACES_ARGUMENT, NULL, "look for data sets in this folder first; may be given again"},
    {'q', "quiet", NULL, NULL, "no progress"},
    {0},
};

const struct cli_command cli_measure = {
    .name = "measure",
    .operands = "NETWORK",
    .least = 1,
    .most = 1,
    .help = "compute measures and bounds of a network in a .safetensors file",
    .text =
        "Prints what is meant to predict the gap between test and training error of a network: its measures, "
        "each with its direction and source; for bounds, the gap that they guarantee beside the one that is "
        "measured (PAC-Bayes bounds are of a stochastic network: its error); and which measures are not "
        "defined for this network, with the reason. docs/measures.md "
        "explains them.\n\n"
        "The network is one that a study kept or one that another program saved, and its data are found as "
        "by `ermine eval`: a file of ours says which they are, others need --model, --data and perhaps "
        "--standardise and --names. Measures are of the training examples, so --train must be what it was "
        "trained on.\n\n"
        "Distances from initialisation need the network before its first step: --init. For one of ours that "
        "is the file KEY-init.safetensors beside it (`train: {keep: [init, end]}`). What was along the "
        "training, such as steps to a loss, is no part of a file, and these measures are for studies alone "
        "(`measures: [...]`).",
    .example = "ermine measure .ermine/networks/zoo/8202116fbf38-end.safetensors \\\n"
               "    --init .ermine/networks/zoo/8202116fbf38-init.safetensors\n"
               "ermine measure net.safetensors --data mnist --train 10000 --standardise none \\\n"
               "    --model '[dense 512, relu, dense]' --measures norms,bartlett_bound --json",
    .option = options,
    .run = run,
};
