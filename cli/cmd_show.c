/* cmd_show.c - `ermine show`: the numbers behind a note, from its store. */
#include "claims.h"
#include "cli.h"
#include "note_file.h"
#include "places.h"
#include "recall.h"
#include "terminal.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct viewer {
    const struct cli_args *args;
    struct note_file file;
    struct places places;
    struct er_store *store;
};

enum { MOST_NAMES = ER_NOTE_MAX_STUDIES };

/* The study of that name, -1 after a message. */
static int64_t find(const struct viewer *v, const char *name)
{
    const char *words[MOST_NAMES];
    int64_t n = 0;
    char hint[CLI_HINT];
    for (int64_t i = 0; i < er_note_studies(v->file.note); i++) {
        const struct er_study *study = er_note_study(v->file.note, i, NULL);
        if (!study) continue;
        if (strcmp(er_study_name(study), name) == 0) return i;
        if (n < MOST_NAMES) words[n++] = er_study_name(study);
    }
    cli_message(v->args->command, "%s has no study \"%s\"%s", v->file.path, name,
                cli_hint(name, words, n, hint));
    return -1;
}

/* The length of the folder that all files of a table of networks are in, with its slash; 0 when they are in
 * several. */
static int common_folder(const struct er_table *networks, int64_t column)
{
    const char *folder = NULL;
    int length = 0;
    for (int64_t i = 0; i < networks->rows; i++) {
        const char *file = networks->cell[i * networks->columns + column].text;
        const char *slash = file ? strrchr(file, '/') : NULL;
        if (file && !slash) return 0;
        if (file && !folder) {
            folder = file;
            length = (int)(slash - file) + 1;
        } else if (file && ((int)(slash - file) + 1 != length || strncmp(file, folder, (size_t)length) != 0))
            return 0;
    }
    return length;
}

/* For people: the folder in a line of its own, so that names are short enough to be shown whole. */
static void print_folder(const struct er_table *networks)
{
    const int64_t column = er_table_find(networks, "file");
    const int length = common_folder(networks, column);
    bool said = false;
    for (int64_t i = 0; i < networks->rows && length > 0; i++) {
        struct er_cell *cell = &networks->cell[i * networks->columns + column];
        if (!cell->text) continue;
        if (!said) printf("in %.*s\n\n", length, cell->text);
        said = true;
        cell->text += length;
    }
}

/* The claims, below the table of runs that people read. */
static int print_claims(const struct viewer *v, int64_t i)
{
    struct er_note_result result = {0};
    struct claim_count count = {0};
    int64_t n;
    const struct er_study *study = er_note_study(v->file.note, i, NULL);
    int code = CLI_DONE;
    er_study_claims(study, &n);
    if (n > 0 && recall(v->store, study, &v->places.data, &result, &result.error) != ER_OK)
        code = cli_error(v->args->command, &result.error);
    else if (n > 0)
        code = claims_print(v->args->command, v->file.note, i, &result, &count);
    recall_clear(&result);
    return code;
}

static int print(const struct viewer *v, const struct er_study *study, bool heading)
{
    const bool csv = cli_given(v->args, "csv"), json = cli_given(v->args, "json");
    struct er_error err = {0};
    struct er_table table = {0};
    struct er_provenance from;
    char *text = NULL;
    enum er_status status = er_study_provenance(v->store, study, &v->places.data, &from, &err);
    if (status == ER_OK)
        status = (cli_given(v->args, "curves") ? er_study_curves
                  : cli_given(v->args, "networks")
                      ? er_study_networks
                      : er_study_table)(v->store, study, &v->places.data, &table, &err);
    if (status == ER_OK && heading) printf("%s\n\n", er_study_name(study));
    if (status == ER_OK && cli_given(v->args, "networks") && !csv && !json) print_folder(&table);
    if (status == ER_OK)
        status = csv    ? er_table_csv(&table, &text, &err)
                 : json ? er_table_json(&table, &text, &err)
                        : er_table_text(&table, terminal_width(stdout, 0), 0, &text, &err);
    if (status == ER_OK) {
        printf("%s%s", text, heading ? "\n" : "");
        if (from.present < from.runs)
            cli_message(v->args->command,
                        "%s: %" PRId64 " of %" PRId64
                        " runs are in the store; `ermine run %s` computes the rest",
                        er_study_name(study), from.present, from.runs, v->file.path);
    }
    er_free(text);
    er_table_clear(&table);
    return status == ER_OK ? CLI_DONE : cli_error(v->args->command, &err);
}

static int show(const struct viewer *v)
{
    const char *name = cli_value(v->args, "study", NULL);
    const bool machine = cli_given(v->args, "csv") || cli_given(v->args, "json");
    int64_t n = er_note_studies(v->file.note), first = 0;
    if (name) {
        first = find(v, name);
        if (first < 0) return CLI_INPUT;
        n = first + 1;
    } else if (machine && n > 1)
        return cli_usage(v->args->command, "%s has %" PRId64 " studies: --study NAME says which",
                         v->file.path, n);
    int code = CLI_DONE;
    for (int64_t i = first; i < n; i++) {
        struct er_error err = {0};
        const struct er_study *study = er_note_study(v->file.note, i, &err);
        int one = study ? print(v, study, !machine) : cli_error(v->args->command, &err);
        if (one == CLI_DONE && !machine && !cli_given(v->args, "curves") && !cli_given(v->args, "networks"))
            one = print_claims(v, i);
        if (code == CLI_DONE) code = one;
    }
    return code;
}

/* The tables of the study that an expression names; none when it names none. */
static enum er_status recall_named(const struct viewer *v, const char *expression,
                                   struct er_note_result *result, struct er_error *err)
{
    const size_t begin = strspn(expression, " \t\n"), n = strcspn(expression + begin, " \t\n:");
    for (int64_t i = 0; i < er_note_studies(v->file.note); i++) {
        const struct er_study *study = er_note_study(v->file.note, i, NULL);
        struct er_note_result *r = &result[i];
        const char *name = study ? er_study_name(study) : "";
        if (strlen(name) != n || strncmp(name, expression + begin, n) != 0) continue;
        return recall(v->store, study, &v->places.data, r, err);
    }
    return ER_OK;
}

/* What the note would show for {{expression}}. */
static int show_value(const struct viewer *v, const char *expression)
{
    const int64_t n = er_note_studies(v->file.note);
    struct er_error err = {0};
    struct er_note_value value = {0};
    struct er_note_result *result = er_alloc(n, sizeof *result);
    if (!result) return CLI_FAILED;
    enum er_status status = recall_named(v, expression, result, &err);
    if (status == ER_OK) status = er_note_evaluate(v->file.note, expression, result, &value, &err);
    if (status == ER_OK) printf("%s\n%s\n", value.text, value.detail);
    er_note_value_clear(&value);
    for (int64_t i = 0; i < n; i++) recall_clear(&result[i]);
    er_free(result);
    return status == ER_OK ? CLI_DONE : cli_error(v->args->command, &err);
}

/* Says what is wrong with the note's studies; false when nothing is. */
static bool studies_in_error(const struct viewer *v)
{
    bool any = false;
    for (int64_t i = 0; i < er_note_studies(v->file.note); i++) {
        struct er_error err = {0};
        if (er_note_study(v->file.note, i, &err)) continue;
        cli_error(v->args->command, &err);
        any = true;
    }
    return any;
}

static int run(const struct cli_args *args)
{
    struct viewer v = {.args = args};
    struct er_error err = {0};
    if (cli_given(args, "csv") && cli_given(args, "json"))
        return cli_usage(args->command, "--csv and --json exclude each other");
    if (cli_given(args, "value") &&
        (cli_given(args, "csv") || cli_given(args, "json") || cli_given(args, "curves") ||
         cli_given(args, "networks") || cli_given(args, "study")))
        return cli_usage(args->command, "--value shows one value, and goes with --store and --data only");
    if (cli_given(args, "curves") && cli_given(args, "networks"))
        return cli_usage(args->command, "--curves and --networks exclude each other");
    int code = note_file_open(args, args->operand[0], &v.file);
    if (code != CLI_DONE) return code;
    code = places_open(args, &v.places);
    if (code != CLI_DONE) goto done;
    enum er_status status = er_store_open(v.file.store, true, &v.store, &err);
    if (status == ER_E_NOT_FOUND) {
        if (!studies_in_error(&v))
            cli_message(args->command, "%s: no results yet; `ermine run %s` computes them", v.file.store,
                        v.file.path);
        code = CLI_INPUT;
    } else if (status != ER_OK)
        code = cli_error(args->command, &err);
    else
        code = cli_given(args, "value") ? show_value(&v, cli_value(args, "value", "")) : show(&v);
done:
    er_store_close(v.store);
    places_close(&v.places);
    note_file_close(&v.file);
    return code;
}

static const struct cli_option options[] = {
    {'n', "study", "NAME", "all", "show this study only"},
    {'c', "curves", NULL, NULL, "the curves, a row for each record, instead of a row for each run"},
    {'N', "networks", NULL, NULL,
     "the files of the networks that were kept (`train: {keep: [init, end, 10]}`), a row for each"},
    {'v', "value", "EXPRESSION", NULL,
     "what {{EXPRESSION}} in the note's prose is replaced by, and where it is from: 'STUDY: test_error where "
     "seed = 0'"},
    {'C', "csv", NULL, NULL, "comma separated values, numbers in full"},
    {'J', "json", NULL, NULL, "JSON, numbers in full"},
    STORE_OPTION,
    PLACES_OPTION,
    {0},
};

const struct cli_command cli_show = {
    .name = "show",
    .operands = "NOTE",
    .least = 1,
    .most = 1,
    .help = "print the numbers behind a note or study",
    .text = "Prints what the store holds of the studies of a note: a row for each run with its settings, its "
            "seed and "
            "its results, and whether its claims came out. Nothing is computed. A row is there when its run "
            "is; what is missing is said on "
            "standard "
            "error.",
    .example =
        "ermine show notes/random-labels.md\nermine show notes/random-labels.md --study corruption --csv",
    .option = options,
    .run = run,
};
