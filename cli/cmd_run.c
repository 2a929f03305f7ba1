/* cmd_run.c - `ermine run`: computes what a note's studies lack and writes its page. */
#include "average.h"
#include "cli.h"
#include "note_file.h"
#include "places.h"
#include "progress.h"
#include "terminal.h"

#include "core/file.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUMMARY_ROWS = 20, SUMMARY_COLUMNS = 64 };

/* What the studies of one note share while they run. */
struct session {
    const struct cli_args *args;
    struct note_file file;
    struct places places;
    struct er_store *store;
    struct er_pool *pool;
    struct progress progress;
    struct er_note_result *result; /* one for each study */
    int64_t n;
    bool quiet;
    int code; /* the worst so far */
};

/* A failure of the work weighs more than bad input, an interruption most. */
static void weigh(struct session *s, int code)
{
    if (s->code == CLI_DONE || code == CLI_INTERRUPTED || (code == CLI_FAILED && s->code == CLI_INPUT))
        s->code = code;
}

static bool open_store(struct session *s)
{
    struct er_error err = {0};
    const bool dry = cli_given(s->args, "dry-run"); /* nothing is made then: no store is an empty one */
    enum er_status status = er_store_open(s->file.store, dry, &s->store, &err);
    if (status == ER_OK || (dry && status == ER_E_NOT_FOUND)) return true;
    weigh(s, cli_error(s->args->command, &err));
    if (status == ER_E_IO && !cli_given(s->args, "store"))
        cli_message(s->args->command, "results are kept beside the note; --store FILE keeps them elsewhere");
    return false;
}

static int open_session(struct session *s, const struct cli_args *args)
{
    struct er_error err = {0};
    int64_t threads = 0;
    *s = (struct session){.args = args, .quiet = cli_given(args, "quiet")};
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &threads)) return CLI_USAGE;
    s->code = note_file_open(args, args->operand[0], &s->file);
    if (s->code != CLI_DONE) return s->code;
    if (!cli_given(args, "dry-run")) s->code = note_file_check_page(args, &s->file);
    if (s->code != CLI_DONE) return s->code;
    s->n = er_note_studies(s->file.note);
    if (s->n == 0)
        cli_message(args->command,
                    "%s has no study: a fenced block whose first word is `ermine`, in small letters",
                    s->file.path);
    s->result = er_alloc(s->n, sizeof *s->result);
    if (!s->result) return CLI_FAILED;
    s->code = places_open(args, &s->places);
    if (s->code != CLI_DONE) return s->code;
    if (s->n > 0 && !open_store(s)) return s->code;
    if (er_pool_new((int)threads, &s->pool, &err) != ER_OK) return cli_error(args->command, &err);
    progress_open(&s->progress, args->command, s->quiet);
    return CLI_DONE;
}

static void close_session(struct session *s)
{
    for (int64_t i = 0; i < s->n; i++) {
        er_table_clear(&s->result[i].runs);
        er_table_clear(&s->result[i].curves);
    }
    er_free(s->result);
    er_pool_free(s->pool);
    er_store_close(s->store);
    places_close(&s->places);
    note_file_close(&s->file);
}

/* The columns that a study's figures show: what its author looks at first. */
static int64_t figure_columns(const struct er_study *study, const char *name[SUMMARY_COLUMNS])
{
    int64_t n_figures, n = 0;
    const struct er_figure *figure = er_study_figures(study, &n_figures);
    for (int64_t f = 0; f < n_figures; f++) {
        if (n < SUMMARY_COLUMNS) name[n++] = figure[f].x;
        if (n < SUMMARY_COLUMNS && figure[f].colour) name[n++] = figure[f].colour;
        for (int64_t y = 0; y < figure[f].n_y && n < SUMMARY_COLUMNS; y++) name[n++] = figure[f].y[y];
    }
    return n;
}

/* What came of a study: a line, and the runs averaged over what no figure shows. */
static void summarise(const struct session *s, const struct er_study *study, const struct er_study_outcome *o,
                      const struct er_table *runs)
{
    struct er_error err = {0};
    struct er_table mean = {0};
    char *text = NULL, rate[PROGRESS_TIME];
    const char *name[SUMMARY_COLUMNS];
    if (s->quiet) return;
    printf("%s: %" PRId64 " run%s, %" PRId64 " computed, %" PRId64 " found", er_study_name(study), o->runs,
           o->runs == 1 ? "" : "s", o->computed, o->found);
    if (o->diverged > 0) printf(", %" PRId64 " diverged", o->diverged);
    printf("; %.1f s", o->seconds);
    if (o->flops > 0 && o->seconds > 0) printf(", %s", progress_rate(o->flops / o->seconds, "FLOP", rate));
    printf("\n\n");
    enum er_status status = average_runs(runs, name, figure_columns(study, name), &mean, &err);
    if (status == ER_OK)
        status = er_table_text(&mean, terminal_width(stdout, 100), SUMMARY_ROWS, &text, &err);
    if (status == ER_OK)
        printf("%s\n", text);
    else
        cli_error(s->args->command, &err);
    er_free(text);
    er_table_clear(&mean);
    fflush(stdout);
}

/* What the store holds of a study, for its page. */
static enum er_status recall(const struct session *s, const struct er_study *study,
                             struct er_note_result *result, struct er_error *err)
{
    enum er_status status = er_study_table(s->store, study, &s->places.data, &result->runs, err);
    if (status == ER_OK) status = er_study_curves(s->store, study, &s->places.data, &result->curves, err);
    if (status == ER_OK)
        status = er_study_provenance(s->store, study, &s->places.data, &result->provenance, err);
    return status;
}

/* After an interruption: the page still shows what is there of study i. */
static void recall_study(struct session *s, int64_t i)
{
    struct er_note_result *result = &s->result[i];
    const struct er_study *study = er_note_study(s->file.note, i, &result->error);
    if (study && recall(s, study, result, &result->error) == ER_OK)
        er_fail(&result->error, ER_E_STOPPED, "interrupted");
}

static void run_study(struct session *s, int64_t i)
{
    struct er_note_result *result = &s->result[i];
    const struct er_study *study = er_note_study(s->file.note, i, &result->error);
    struct er_study_outcome outcome = {0};
    if (!study) {
        weigh(s, cli_error(s->args->command, &result->error));
        return;
    }
    if (!s->quiet && !s->progress.draws)
        cli_message(s->args->command, "%s: %" PRId64 " run%s", er_study_name(study), er_study_runs(study),
                    er_study_runs(study) == 1 ? "" : "s");
    enum er_status status = er_study_run(s->store, study, &s->places.data, s->pool, &s->progress.library,
                                         &outcome, &result->error);
    progress_clear(&s->progress);
    if (status == ER_OK) {
        result->computed = outcome.computed;
        status = recall(s, study, result, &result->error);
    } else {
        recall(s, study, result, NULL);
    }
    if (status == ER_OK)
        summarise(s, study, &outcome, &result->runs);
    else if (status != ER_E_STOPPED)
        weigh(s, cli_error(s->args->command, &result->error));
    else {
        weigh(s, CLI_INTERRUPTED);
        cli_message(s->args->command,
                    "interrupted in %s; what was computed is stored, and the same command goes on from there",
                    er_study_name(study));
    }
}

/* "4.7 MB" */
static char *megabytes(size_t bytes, char out[PROGRESS_TIME])
{
    const double mb = (double)bytes / 1e6;
    snprintf(out, PROGRESS_TIME,
             mb < 9.95   ? "%.1f MB"
             : mb < 9995 ? "%.0f MB"
                         : "%.1f GB",
             mb < 9995 ? mb : mb / 1e3);
    return out;
}

/* What a study would take. */
static void plan_study(struct session *s, int64_t i)
{
    struct er_error err = {0};
    struct er_study_plan plan;
    char text[5][PROGRESS_TIME];
    const struct er_study *study = er_note_study(s->file.note, i, &err);
    enum er_status status =
        study ? er_study_plan(s->store, study, &s->places.data, s->pool, &plan, &err) : ER_E_INPUT;
    if (status != ER_OK) {
        weigh(s, cli_error(s->args->command, &err));
        return;
    }
    printf("%s: %" PRId64 " run%s, %" PRId64 " found, %" PRId64 " to compute\n", er_study_name(study),
           plan.runs, plan.runs == 1 ? "" : "s", plan.found, plan.runs - plan.found);
    if (plan.found == plan.runs) return;
    if (isnan(plan.seconds)) {
        printf("  its experiment can't tell memory and time beforehand\n");
        return;
    }
    printf("  ensembles  %" PRId64 "\n", plan.ensembles);
    printf("  memory     %s: %" PRId64 " run%s at a time, up to %s each, and %s of data; %s available\n",
           megabytes((size_t)plan.at_once * plan.run_bytes + plan.data_bytes, text[0]), plan.at_once,
           plan.at_once == 1 ? "" : "s", megabytes(plan.run_bytes, text[1]),
           megabytes(plan.data_bytes, text[2]), megabytes(plan.memory, text[3]));
    printf("  time       at most %s on %d thread%s, if no rule stops a run before its last epoch\n",
           progress_time(plan.seconds, text[4]), er_pool_threads(s->pool),
           er_pool_threads(s->pool) == 1 ? "" : "s");
    fflush(stdout);
}

static bool has_results(const struct session *s)
{
    for (int64_t i = 0; i < s->n; i++)
        if (s->result[i].provenance.present > 0) return true;
    return false;
}

static void write_page(struct session *s)
{
    struct er_error err = {0};
    char *html = NULL;
    if (s->code == CLI_INTERRUPTED && !has_results(s)) return;
    enum er_status status = er_note_page(s->file.note, s->result, NULL, &html, &err);
    if (status != ER_OK) weigh(s, cli_error(s->args->command, &err));
    if (html) {
        status = er_file_write(s->file.page, html, strlen(html), &err);
        if (status == ER_OK)
            printf("%s\n", s->file.page);
        else
            weigh(s, cli_error(s->args->command, &err));
    }
    er_free(html);
}

static int run(const struct cli_args *args)
{
    struct session s;
    int code = open_session(&s, args);
    if (code == CLI_DONE) {
        const bool dry = cli_given(args, "dry-run");
        for (int64_t i = 0; i < s.n; i++) {
            if (s.code != CLI_INTERRUPTED)
                (dry ? plan_study : run_study)(&s, i);
            else if (!dry)
                recall_study(&s, i);
        }
        if (!dry) write_page(&s);
        code = s.code;
    }
    close_session(&s);
    return code;
}

static const struct cli_option options[] = {
    {'n', "dry-run", NULL, NULL,
     "say how many runs there are to compute, their memory and time, and compute nothing"},
    {'o', "output", "PAGE", "NAME.html beside NAME.md, NAME.yaml.html beside NAME.yaml",
     "where the page is written"},
    STORE_OPTION,
    {'t', "threads", "N", "all processors",
     "how many runs are computed at the same time; results do not depend on it"},
    PLACES_OPTION,
    {'q', "quiet", NULL, NULL, "no progress and no tables: only the path of the page"},
    {0},
};

const struct cli_command cli_run = {
    .name = "run",
    .operands = "NOTE",
    .least = 1,
    .most = 1,
    .help = "compute the studies of a note and write its page",
    .text =
        "Reads a note (Markdown with studies in fenced blocks marked `ermine`) or a study (a YAML file), "
        "computes the runs that its store lacks, and writes the page: one HTML file with the prose and the "
        "measured figures, which needs no network.\n\n"
        "A second run computes only what has changed. A run that is interrupted, by Ctrl-C or by a power "
        "cut, "
        "goes on where it was; after Ctrl-C the page shows what is there. Several may work on one store at "
        "once; nothing is computed twice. A study "
        "that "
        "fails does not keep the others from running: the page says what went wrong in its place.\n\n"
        "`--dry-run` reads the data, tries each kind of run for a moment, and says what the whole would "
        "take. "
        "A study "
        "whose runs do not fit into memory side by side is computed with fewer at a time.\n\n"
        "Standard output gets a line and a table for each study, averaged over what its figures do not show, "
        "and at last the "
        "path "
        "of the page. `ermine show` prints the numbers in full, `ermine help study` says what a study holds.",
    .example = "ermine run notes/random-labels.md\nermine run --threads 2 --output page.html study.yaml",
    .option = options,
    .run = run,
};
