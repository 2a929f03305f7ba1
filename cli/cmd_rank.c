/* cmd_rank.c - `ermine rank`: how well measures predict the gap of the models in a table. */
#include "cli.h"
#include "progress.h"
#include "rank_models.h"
#include "rank_report.h"

#include <ermine/memory.h>
#include <ermine/pool.h>

#include <stdio.h>
#include <string.h>

static const int64_t MOST_SEED = ((int64_t)1 << 53) - 1, MOST_EXAMPLES = (int64_t)1 << 40;

/* *out = 1 when the second of two words is the option's value. False after a message. */
static bool choose(const struct cli_args *args, const char *option, const char *first, const char *second,
                   int *out)
{
    const char *word = cli_value(args, option, first);
    *out = strcmp(word, second) == 0;
    if (*out || strcmp(word, first) == 0) return true;
    cli_usage(args->command, "--%s takes %s or %s, not \"%s\"", option, first, second, word);
    return false;
}

static bool choose_environments(const struct cli_args *args, enum er_rank_environments *out)
{
    const char *word = cli_value(args, "environments", "auto");
    if (strcmp(word, "auto") == 0)
        *out = ER_RANK_ENVIRONMENTS_AUTO;
    else if (strcmp(word, "configurations") == 0)
        *out = ER_RANK_ENVIRONMENTS_CONFIGURATIONS;
    else if (strcmp(word, "levels") == 0)
        *out = ER_RANK_ENVIRONMENTS_LEVELS;
    else {
        cli_usage(args->command, "--environments takes auto, configurations or levels, not \"%s\"", word);
        return false;
    }
    return true;
}

static bool read_options(const struct cli_args *args, struct er_rank_options *o, int64_t *threads)
{
    int apart, seeds;
    int64_t seed = 0, pairs;
    *o = er_rank_options_default();
    pairs = (int64_t)o->least_pairs;
    if (!choose(args, "seeds", "averaged", "apart", &apart) || !choose_environments(args, &o->environments) ||
        !choose(args, "resample", "configurations", "seeds", &seeds) ||
        !cli_integer(args, "test-size", 0, MOST_EXAMPLES, &o->test_size) ||
        !cli_integer(args, "least-pairs", 0, MOST_EXAMPLES, &pairs) ||
        !cli_integer(args, "resamples", 0, 100000, &o->resamples) ||
        !cli_integer(args, "seed", 0, MOST_SEED, &seed) ||
        !cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, threads))
        return false;
    if (cli_given(args, "json") && cli_given(args, "csv")) {
        cli_usage(args->command, "--json and --csv are two formats; give one");
        return false;
    }
    o->seeds = apart ? ER_RANK_SEEDS_APART : ER_RANK_SEEDS_AVERAGED;
    o->resample = seeds ? ER_RANK_RESAMPLE_SEEDS : ER_RANK_RESAMPLE_CONFIGURATIONS;
    o->each_by_itself = cli_given(args, "each");
    o->least_pairs = (double)pairs;
    o->seed = (uint64_t)seed;
    return true;
}

static enum er_status print(const struct cli_args *args, const struct er_rank_table *table,
                            const char *const *follows, const struct er_rank_options *options,
                            const struct er_rank_results *results, struct er_error *err)
{
    struct er_table out = {0};
    char *text = NULL;
    if (!cli_given(args, "json") && !cli_given(args, "csv"))
        return rank_report_text(args->operand[0], table, follows, options, results, err);
    enum er_status status = rank_report_table(table, results, &out, err);
    if (status == ER_OK)
        status = cli_given(args, "json") ? er_table_json(&out, &text, err) : er_table_csv(&out, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    er_table_clear(&out);
    return status;
}

static int rank(const struct cli_args *args, const struct er_rank_options *options, int64_t threads,
                const struct er_rank_table *table, const char *const *follows)
{
    struct progress progress;
    struct progress_named named;
    struct er_pool *pool = NULL;
    struct er_rank_results results = {0};
    struct er_error err = {0};
    progress_open(&progress, args->command, cli_given(args, "quiet"));
    progress_name(&named, &progress.library, "rank", "operations", 1);
    enum er_status status = er_pool_new((int)threads, &pool, &err);
    if (status == ER_OK) status = er_rank(table, options, pool, &named.library, &results, &err);
    progress_clear(&progress);
    if (status == ER_OK) status = print(args, table, follows, options, &results, &err);
    er_rank_results_clear(&results);
    er_pool_free(pool);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}

static int run(const struct cli_args *args)
{
    struct er_rank_options options;
    struct rank_models models = {0};
    int64_t threads = 0;
    if (!read_options(args, &options, &threads)) return CLI_USAGE;
    int code = rank_models_open(args, &models);
    if (code == CLI_DONE) code = rank(args, &options, threads, &models.table, models.file.follows);
    rank_models_close(&models);
    return code;
}

static const struct cli_option options_of_rank[] = {
    {'g', "gap", "COLUMN", "gap", "test error less training error, as shares of 1"},
    {'p', "parameters", "COLUMNS", "what varies and is nothing else",
     "hyper-parameters, with commas between; may be given again"},
    {'M', "measures", "COLUMNS", "those named as a measure (`ermine list measures`) or a baseline",
     "measures, with commas between; may be given again"},
    {'b', "baselines", "WORDS", "oracle_0.02,random,canonical",
     "baselines beside the measures: oracle, oracle_0.02, oracle_0.05, random, canonical; or none"},
    {0, "seed-column", "COLUMN", "the one named seed", "what tells models of one configuration apart"},
    {0, "seeds", "averaged|apart", "averaged",
     "what models of one configuration are: one point by their means, or points each, with psi seed by seed"},
    {0, "train-size", "COLUMN", NULL,
     "examples of training where models differ in them: measures that a bound has over their number, and "
     "columns that are no measure of the program, are compared as sqrt(measure / examples)"},
    {'n', "test-size", "N", "10000",
     "test examples behind each gap: pairs of models whose gaps may differ by chance have no weight in sign "
     "errors; 0: all "
     "weigh the same"},
    {'e', "environments", "auto|configurations|levels", "auto",
     "what a sign error is of: two configurations that differ in one hyper-parameter, or all such pairs of "
     "one pair of levels together; auto: the latter where configurations have fewer than 4 models each"},
    {0, "least-pairs", "N", "12", "environments of fewer effective pairs of models have no sign error"},
    {0, "each", NULL, NULL,
     "compare each measure on all models that have it, not on those that have all measures"},
    {'r', "resamples", "N", "200", "of the bootstrap for intervals of 95 %; 0: no intervals"},
    {0, "resample", "configurations|seeds", "configurations", "what is drawn again for these"},
    {'s', "seed", "N", "0", "of baselines and resamples"},
    {'J', "json", NULL, NULL, "JSON, numbers in full, a row for every measure"},
    {'c', "csv", NULL, NULL, "the same as CSV"},
    {'t', "threads", "N", "all processors", "how many threads work; the result does not depend on it"},
    {'q', "quiet", NULL, NULL, "no progress"},
    {0},
};

const struct cli_command cli_rank = {
    .name = "rank",
    .operands = "FILE.csv",
    .least = 1,
    .most = 1,
    .help = "how well measures predict the gap of the models in a table",
    .text = "Reads a table of trained networks, a line a model with its hyper-parameters, its gap between "
            "test and training error "
            "and its measures, and prints for each measure every published criterion of how well it predicts "
            "the gap: Kendall's "
            "tau, the granulated Psi (correlation along each hyper-parameter, the others fixed), the "
            "conditional mutual "
            "information K, the mean, 90th percentile and maximum of the sign error over environments, and "
            "the score of "
            "the competition PGDL. docs/rank.md explains them, and what each can and cannot show.\n\n"
            "`ermine show NOTE --csv` writes such tables of studies; tables of others need a header and no "
            "more. Measures that "
            "the program knows are turned by their direction, so that 1 is always a perfect tau; others are "
            "taken as larger where "
            "the gap is larger. A model that lacks a measure is left out for all of them, so that they are "
            "compared on the same "
            "models.",
    .example = "ermine rank zoo.csv\n"
               "ermine rank zoo.csv --parameters depth,width,batch --measures path_norm,margin --json\n"
               "ermine rank others.csv --gap generalisation_gap --measures m1,m2 --environments levels",
    .option = options_of_rank,
    .run = run,
};
