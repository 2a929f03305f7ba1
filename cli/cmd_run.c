/* cmd_run.c - `ermine run`: computes what a note's studies lack and writes its page; of a book, its pages. */
#include "book_run.h"
#include "cli.h"
#include "verdict_file.h"

#include <stdio.h>

static void say_none(const struct cli_args *args, const struct note_file *file)
{
    if (er_note_studies(file->note) == 0)
        cli_message(args->command,
                    "%s has no study: a fenced block whose first word is `ermine`, in small letters",
                    file->path);
}

static int run_note(struct run *run, const struct note_file *file)
{
    if (!run_only_looks(run)) run_weigh(run, note_file_check_page(run->args, file));
    if (run->code != CLI_DONE) return run->code;
    say_none(run->args, file);
    if (note_run(run, file, NULL)) printf("%s\n", file->page);
    return run->code;
}

static int run(const struct cli_args *args)
{
    struct run run;
    struct note_file file = {0};
    int code = run_open(&run, args);
    if (code == CLI_DONE) code = note_file_open(args, args->operand[0], &file);
    if (code == CLI_DONE)
        code = er_note_view(file.note) == ER_NOTE_BOOK ? book_run(&run, &file) : run_note(&run, &file);
    if (code == CLI_DONE && run.check && run.checked == 0) {
        cli_message(args->command, "%s: there was nothing to compare", file.path);
        code = CLI_INPUT;
    }
    if (run.verdicts && file.note) {
        const int written = verdict_file_write(args, run.verdicts);
        if (written != CLI_DONE && code == CLI_DONE) code = written;
    }
    note_file_close(&file);
    run_close(&run);
    return code;
}

static const struct cli_option options[] = {
    {'n', "dry-run", NULL, NULL,
     "say how many runs there are to compute, their memory and time, and compute nothing"},
    {'o', "output", "PAGE",
     "NAME.html beside NAME.md, NAME.yaml.html beside NAME.yaml; of a book the folder NAME",
     "where the page is written; of a book: the folder of its pages"},
    STORE_OPTION,
    {'t', "threads", "N", "all processors",
     "how many runs are computed at the same time; results do not depend on it"},
    {'c', "check", NULL, NULL,
     "compute a sample of the stored runs again and compare; store nothing, write no page"},
    {0, "sample", "N", "3", "with --check: so many runs of each study, or `all`"},
    {0, "sample-seed", "S", "0", "with --check: which runs these are; another number draws others"},
    {'V', "verdicts", "FILE", NULL,
     "also write whether the claims came out, as rows of JSON (`ermine help verdicts`), with the seconds "
     "that each "
     "study was computed"},
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
        "A note whose front matter says `type: book` is a book: its list of links to other notes names its "
        "chapters. "
        "They are run one after another, each with the store beside it, and their pages go into one folder, "
        "with "
        "contents, previous and next, and a search.\n\n"
        "`--dry-run` reads the data, tries each kind of run for a moment, and says what the whole would "
        "take. "
        "A study "
        "whose runs do not fit into memory side by side is computed with fewer at a time.\n\n"
        "`--check` asks whether the stored results come out again: it computes a few runs of each study from "
        "nothing and compares every recorded number with the stored one, to the bit. What differs is a table "
        "of settings, column, stored and recomputed value, and the exit code is 1; 3 when there was nothing "
        "to compare. Results that another instruction set, another version's arithmetic or other data made "
        "are named and not compared.\n\n"
        "Standard output gets a line and a table for each study, averaged over what its figures do not show, "
        "its claims with their verdicts, "
        "and at last the "
        "path "
        "of the page. `ermine show` prints the numbers in full, `ermine help study` says what a study holds.",
    .example = "ermine run notes/random-labels.md\nermine run --threads 2 --output page.html "
               "study.yaml\nermine run lectures/book.md\nermine run --check --sample all study.yaml",
    .option = options,
    .run = run,
};
