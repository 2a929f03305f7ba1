/* note_run.c - what `ermine run` does with a note. */
#include "note_run.h"
#include "average.h"
#include "claims.h"
#include "cli.h"
#include "destination.h"
#include "recall.h"
#include "study_check.h"
#include "study_plan.h"
#include "terminal.h"

#include "core/file.h"
#include "note/bounds.h"
#include "note/verdict_rows.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUMMARY_ROWS = 20, SUMMARY_COLUMNS = 64 };

/* One note while it runs. */
struct note_run {
    struct run *run;
    const struct note_file *file;
    struct er_store *store;
    struct er_note_result *result; /* one for each study */
    double *seconds;               /* of computing, by the clock; NaN: nothing was computed */
    int64_t n;
};

bool run_only_looks(const struct run *run)
{
    return run->dry || run->check;
}

void run_weigh(struct run *run, int code)
{
    if (run->code == CLI_DONE || code == CLI_INTERRUPTED || (code == CLI_FAILED && run->code == CLI_INPUT))
        run->code = code;
}

static int open_verdicts(struct run *run)
{
    const struct cli_args *args = run->args;
    const char *path = cli_value(args, "verdicts", NULL);
    if (!path) return CLI_DONE;
    if (run_only_looks(run))
        return cli_usage(args->command, "--verdicts excludes --%s, which judges nothing",
                         run->dry ? "dry-run" : "check");
    run->verdicts = json_array();
    return run->verdicts ? destination_check(args->command, path) : CLI_FAILED;
}

int run_open(struct run *run, const struct cli_args *args)
{
    struct er_error err = {0};
    int64_t threads = 0;
    *run = (struct run){.args = args,
                        .quiet = cli_given(args, "quiet"),
                        .dry = cli_given(args, "dry-run"),
                        .check = cli_given(args, "check")};
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &threads)) return CLI_USAGE;
    int code = study_check_options(run);
    if (code == CLI_DONE) code = open_verdicts(run);
    if (code == CLI_DONE) code = places_open(args, &run->places);
    if (code != CLI_DONE) return code;
    if (er_pool_new((int)threads, &run->pool, &err) != ER_OK) return cli_error(args->command, &err);
    progress_open(&run->progress, args->command, run->quiet);
    return CLI_DONE;
}

void run_close(struct run *run)
{
    json_decref(run->verdicts);
    er_pool_free(run->pool);
    places_close(&run->places);
}

static bool open_store(struct note_run *r)
{
    struct er_error err = {0};
    /* nothing is made in a dry run: no store is an empty one */
    enum er_status status = er_store_open(r->file->store, run_only_looks(r->run), &r->store, &err);
    if (status == ER_OK || (r->run->dry && status == ER_E_NOT_FOUND)) return true;
    if (r->run->check && status == ER_E_NOT_FOUND) {
        cli_message(r->run->args->command, "%s: no results yet; `ermine run %s` computes them",
                    r->file->store, r->file->path);
        return false;
    }
    run_weigh(r->run, cli_error(r->run->args->command, &err));
    if (status == ER_E_IO && !cli_given(r->run->args, "store"))
        cli_message(r->run->args->command,
                    "results are kept beside the note; --store FILE keeps them elsewhere");
    return false;
}

/* The columns that a study's figures show: what its author looks at first. */
static int64_t figure_columns(const struct er_study *study, const char *name[SUMMARY_COLUMNS])
{
    int64_t n_figures, n = 0;
    const struct er_figure *figure = er_study_figures(study, &n_figures);
    for (int64_t f = 0; f < n_figures; f++) {
        const char *const one[] = {figure[f].slider, figure[f].x, figure[f].colour};
        for (int i = 0; i < 3; i++)
            if (one[i] && n < SUMMARY_COLUMNS) name[n++] = one[i];
        for (int64_t y = 0; y < figure[f].n_y && n < SUMMARY_COLUMNS; y++) name[n++] = figure[f].y[y];
        for (int64_t p = 0; p < figure[f].n_points && n < SUMMARY_COLUMNS; p++)
            name[n++] = figure[f].points[p];
    }
    return n;
}

/* The bounds that the study asked for, if any, beside what was measured. */
static void print_bounds(const struct note_run *r, const struct er_table *runs)
{
    struct er_error err = {0};
    struct er_bounds bounds = {0};
    struct er_table table = {0};
    char *text = NULL;
    enum er_status status = er_bounds_make(runs, &bounds, &err);
    if (status == ER_OK && bounds.n > 0) {
        status = er_bounds_table(&bounds, &table, &err);
        if (status == ER_OK) status = er_table_text(&table, terminal_width(stdout, 100), 0, &text, &err);
        if (status == ER_OK) printf("%s\n", text);
    }
    if (status != ER_OK) cli_error(r->run->args->command, &err);
    er_free(text);
    er_table_clear(&table);
    er_bounds_clear(&bounds);
}

/* What came of a study: a line, and the runs averaged over what no figure shows. */
static void summarise(const struct note_run *r, int64_t i, const struct er_study_outcome *o)
{
    const struct er_study *study = er_note_study(r->file->note, i, NULL);
    struct claim_count count = {0};
    struct er_error err = {0};
    struct er_table mean = {0};
    char *text = NULL, rate[PROGRESS_TIME];
    const char *name[SUMMARY_COLUMNS];
    if (r->run->quiet) return;
    printf("%s: %" PRId64 " run%s, %" PRId64 " computed, %" PRId64 " found", er_study_name(study), o->runs,
           o->runs == 1 ? "" : "s", o->computed, o->found);
    if (o->diverged > 0) printf(", %" PRId64 " diverged", o->diverged);
    printf("; %.1f s", o->seconds);
    if (o->flops > 0 && o->seconds > 0) printf(", %s", progress_rate(o->flops / o->seconds, "FLOP", rate));
    printf("\n\n");
    enum er_status status = average_runs(&r->result[i].runs, name, figure_columns(study, name), &mean, &err);
    if (status == ER_OK)
        status = er_table_text(&mean, terminal_width(stdout, 100), SUMMARY_ROWS, &text, &err);
    if (status == ER_OK)
        printf("%s\n", text);
    else
        cli_error(r->run->args->command, &err);
    er_free(text);
    er_table_clear(&mean);
    print_bounds(r, &r->result[i].runs);
    claims_print(NULL, r->file->note, i, &r->result[i], &count);
    fflush(stdout);
}

/* After an interruption: the page still shows what is there of study i. */
static void recall_study(struct note_run *r, int64_t i)
{
    struct er_note_result *result = &r->result[i];
    const struct er_study *study = er_note_study(r->file->note, i, &result->error);
    if (study && recall(r->store, study, &r->run->places.data, result, &result->error) == ER_OK)
        er_fail(&result->error, ER_E_STOPPED, "interrupted");
}

static void run_study(struct note_run *r, int64_t i)
{
    struct er_note_result *result = &r->result[i];
    const struct er_study *study = er_note_study(r->file->note, i, &result->error);
    struct er_study_outcome outcome = {0};
    if (!study) {
        run_weigh(r->run, cli_error(r->run->args->command, &result->error));
        return;
    }
    if (!r->run->quiet && !r->run->progress.draws)
        cli_message(r->run->args->command, "%s: %" PRId64 " run%s", er_study_name(study),
                    er_study_runs(study), er_study_runs(study) == 1 ? "" : "s");
    enum er_status status = er_study_run(r->store, study, &r->run->places.data, r->run->pool,
                                         &r->run->progress.library, &outcome, &result->error);
    progress_clear(&r->run->progress);
    if (status == ER_OK) {
        result->computed = outcome.computed;
        status = recall(r->store, study, &r->run->places.data, result, &result->error);
    } else {
        recall(r->store, study, &r->run->places.data, result, NULL);
    }
    if (status == ER_OK && outcome.computed > 0) r->seconds[i] = outcome.seconds;
    if (status == ER_OK)
        summarise(r, i, &outcome);
    else if (status != ER_E_STOPPED)
        run_weigh(r->run, cli_error(r->run->args->command, &result->error));
    else {
        run_weigh(r->run, CLI_INTERRUPTED);
        cli_message(r->run->args->command,
                    "interrupted in %s; what was computed is stored, and the same command goes on from there",
                    er_study_name(study));
    }
}

static bool has_results(const struct note_run *r)
{
    for (int64_t i = 0; i < r->n; i++)
        if (r->result[i].provenance.present > 0) return true;
    return false;
}

static void hear_problem(void *ctx, const struct er_error *error)
{
    struct run *run = ctx;
    run_weigh(run, cli_error(run->args->command, error));
}

static bool write_page(const struct note_run *r, const struct er_page_options *options)
{
    struct er_error err = {0};
    struct er_page_options heard = options ? *options : (struct er_page_options){0};
    heard.problem = hear_problem;
    heard.ctx = r->run;
    char *html = NULL;
    bool written = false;
    if (r->run->code == CLI_INTERRUPTED && r->n > 0 && !has_results(r)) return false;
    enum er_status status = er_note_page(r->file->note, r->result, &heard, &html, &err);
    if (status != ER_OK && !html) run_weigh(r->run, cli_error(r->run->args->command, &err));
    if (html) {
        status = er_file_write(r->file->page, html, strlen(html), &err);
        written = status == ER_OK;
        if (!written) run_weigh(r->run, cli_error(r->run->args->command, &err));
    }
    er_free(html);
    return written;
}

/* The verdicts of all studies that can be read. */
static void add_verdicts(const struct note_run *r)
{
    struct er_error err = {0};
    for (int64_t i = 0; i < r->n; i++)
        if (er_note_study(r->file->note, i, NULL) &&
            er_verdict_rows(r->file->note, i, &r->result[i], r->seconds[i], r->run->verdicts, NULL, &err) !=
                ER_OK)
            run_weigh(r->run, cli_error(r->run->args->command, &err));
}

bool note_run(struct run *run, const struct note_file *file, const struct er_page_options *options)
{
    struct note_run r = {.run = run, .file = file, .n = er_note_studies(file->note)};
    bool written = false;
    r.result = er_alloc(r.n, sizeof *r.result);
    r.seconds = er_alloc(r.n, sizeof *r.seconds);
    if (!r.result || !r.seconds) {
        er_free(r.result);
        er_free(r.seconds);
        run_weigh(run, CLI_FAILED);
        return false;
    }
    for (int64_t i = 0; i < r.n; i++) r.seconds[i] = (double)NAN;
    if (r.n == 0 || open_store(&r)) {
        for (int64_t i = 0; i < r.n; i++) {
            const bool interrupted = run->code == CLI_INTERRUPTED;
            if (interrupted && run_only_looks(run)) break;
            if (run->dry)
                study_plan(run, r.store, file->note, i);
            else if (run->check)
                study_check(run, r.store, file, i);
            else if (interrupted)
                recall_study(&r, i);
            else
                run_study(&r, i);
        }
        written = !run_only_looks(run) && write_page(&r, options);
        if (run->verdicts) add_verdicts(&r);
    }
    for (int64_t i = 0; i < r.n; i++) recall_clear(&r.result[i]);
    er_free(r.result);
    er_free(r.seconds);
    er_store_close(r.store);
    return written;
}
