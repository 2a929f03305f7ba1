/* cmd_verdicts.c - `ermine verdicts`: whether the claims of notes came out, by what their stores hold. */
#include "claims.h"
#include "cli.h"
#include "note_file.h"
#include "places.h"
#include "recall.h"
#include "verdict_file.h"

#include "core/buffer.h"
#include "note/verdict_rows.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { MOST_NOTES = 10000 };

struct judge {
    const struct cli_args *args;
    struct places places;
    bool machine; /* rows instead of words */
    json_t *rows;
    struct er_buffer markdown;
    struct claim_count count;
    int code; /* the worst so far, but for claims that fail */
};

static void weigh(struct judge *j, int code)
{
    if (j->code == CLI_DONE) j->code = code;
}

static void hear(void *ctx, const struct er_claim *claim, const struct er_note_verdict *verdict,
                 const struct er_error *error)
{
    struct judge *j = ctx;
    const enum er_verdict word = verdict ? verdict->verdict : ER_VERDICT_NONE;
    j->count.pass += word == ER_VERDICT_PASS;
    j->count.fail += word == ER_VERDICT_FAIL;
    j->count.none += word == ER_VERDICT_NONE;
    if (!verdict)
        weigh(j, cli_error(j->args->command, error));
    else if (word == ER_VERDICT_NONE)
        cli_message(j->args->command, "\"%s\": %s", claim->claim, verdict->measured);
}

static void judge_study(struct judge *j, const struct note_file *file, struct er_store *store, int64_t i)
{
    struct er_error err = {0};
    struct er_note_result result = {0};
    const struct er_verdict_listener heard = {hear, j};
    int64_t n;
    const struct er_study *study = er_note_study(file->note, i, &err);
    if (!study) {
        weigh(j, cli_error(j->args->command, &err));
        return;
    }
    er_study_claims(study, &n);
    if (n == 0) return;
    if (store && recall(store, study, &j->places.data, &result, &result.error) != ER_OK)
        weigh(j, cli_error(j->args->command, &result.error));
    if (j->machine) {
        if (er_verdict_rows(file->note, i, &result, (double)NAN, j->rows, &heard, &err) != ER_OK)
            weigh(j, cli_error(j->args->command, &err));
    } else {
        printf("%s\n\n", er_study_name(study));
        weigh(j, claims_print(j->args->command, file->note, i, &result, &j->count));
    }
    recall_clear(&result);
}

/* The note's table with its title above. */
static void add_table(struct judge *j, const struct note_file *file, size_t from)
{
    const size_t to = json_array_size(j->rows);
    if (to == from) return;
    er_buffer_format(&j->markdown, "%s## %s\n\n", from > 0 ? "\n" : "", er_note_title(file->note));
    er_verdict_markdown(j->rows, from, to, &j->markdown);
}

static void judge_note(struct judge *j, const char *path)
{
    struct er_error err = {0};
    struct note_file file;
    struct er_store *store = NULL;
    const int code = note_file_open(j->args, path, &file);
    if (code != CLI_DONE) {
        weigh(j, code);
        return;
    }
    const size_t from = json_array_size(j->rows);
    const enum er_status status = er_store_open(file.store, true, &store, &err);
    if (status == ER_E_NOT_FOUND)
        cli_message(j->args->command, "%s: no results yet; `ermine run %s` computes them", file.store, path);
    else if (status != ER_OK)
        weigh(j, cli_error(j->args->command, &err));
    for (int64_t i = 0; i < er_note_studies(file.note); i++) judge_study(j, &file, store, i);
    add_table(j, &file, from);
    er_store_close(store);
    note_file_close(&file);
}

static int print(struct judge *j)
{
    struct er_error err = {0};
    char *text = NULL;
    if (!j->machine) {
        printf("%" PRId64 " PASS, %" PRId64 " FAIL, %" PRId64 " not judged\n", j->count.pass, j->count.fail,
               j->count.none);
        return CLI_DONE;
    }
    if (cli_given(j->args, "json"))
        text = verdict_text(j->rows);
    else
        er_buffer_take(&j->markdown, &text, NULL);
    if (!text) {
        er_fail(&err, ER_E_NOMEM, "out of memory for the verdicts");
        return cli_error(j->args->command, &err);
    }
    fputs(text, stdout);
    er_free(text);
    return CLI_DONE;
}

static int run(const struct cli_args *args)
{
    struct judge j = {.args = args, .machine = cli_given(args, "json") || cli_given(args, "markdown")};
    if (cli_given(args, "json") && cli_given(args, "markdown"))
        return cli_usage(args->command, "--json and --markdown exclude each other");
    int code = places_open(args, &j.places);
    j.rows = json_array();
    if (code == CLI_DONE && j.rows) {
        for (int i = 0; i < args->n_operands; i++) judge_note(&j, args->operand[i]);
        weigh(&j, print(&j));
        if (j.count.none > 0) weigh(&j, CLI_INPUT);
        code = j.count.fail > 0 ? CLI_FAILED : j.code;
    }
    json_decref(j.rows);
    er_buffer_clear(&j.markdown);
    places_close(&j.places);
    return code;
}

static const struct cli_option options[] = {
    {'J', "json", NULL, NULL, "JSON: a list of rows, one for each claim"},
    {'M', "markdown", NULL, NULL, "a table of Markdown for each note"},
    STORE_OPTION,
    PLACES_OPTION,
    {0},
};

const struct cli_command cli_verdicts = {
    .name = "verdicts",
    .operands = "NOTE...",
    .least = 1,
    .most = MOST_NOTES,
    .help = "say which claims of notes came out",
    .text =
        "Judges the claims that the studies of notes make, by what their stores hold: PASS or FAIL, the "
        "measured numbers with their 95 % intervals over seeds, and the rule. Nothing is computed, and "
        "nothing is judged of a study of which runs are missing. `docs/notes.md` has the grammar of "
        "rules.\n\n"
        "The exit code is 1 when a claim fails, else 3 when one could not be judged.\n\n"
        "A row of JSON has id (the study's name and the number of the claim), claim, rule, expected, value, "
        "interval, seeds, verdict (PASS, FAIL, or NONE) and seconds, which only `ermine run --verdicts` "
        "knows: "
        "how long the study was computed.",
    .example = "ermine verdicts notes/*.md\nermine verdicts --markdown notes/random-labels.md",
    .option = options,
    .run = run,
};
