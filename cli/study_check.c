/* study_check.c - computes a sample of a study's stored runs again and says what differs. */
#include "study_check.h"
#include "cli.h"
#include "terminal.h"

#include <ermine/memory.h>
#include <ermine/version.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { USUAL_SAMPLE = 3, MOST_SHOWN = 100 };

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

int study_check_options(struct run *run)
{
    const struct cli_args *args = run->args;
    const char *sample = cli_value(args, "sample", NULL);
    int64_t seed = 0;
    if (!run->check && (sample || cli_given(args, "sample-seed")))
        return cli_usage(args->command, "--sample and --sample-seed go with --check");
    if (run->check && (run->dry || cli_given(args, "output")))
        return cli_usage(args->command, "--check excludes --%s: it computes, and writes no page",
                         run->dry ? "dry-run" : "output");
    run->recheck.runs = USUAL_SAMPLE;
    if (sample && strcmp(sample, "all") == 0)
        run->recheck.runs = 0;
    else if (!cli_integer(args, "sample", 1, INT64_MAX, &run->recheck.runs))
        return CLI_USAGE;
    if (!cli_integer(args, "sample-seed", 0, INT64_MAX, &seed)) return CLI_USAGE;
    run->recheck.seed = (uint64_t)seed;
    return CLI_DONE;
}

/* Runs that are not there, and runs that are there as another machine, version or file made them. */
static void say_missing(const struct cli_args *args, const char *path, const char *name,
                        const struct er_recheck *found)
{
    const int64_t absent =
        found->runs - found->stored - found->of_isa - found->of_arithmetic - found->of_data;
    if (found->of_isa > 0)
        cli_message(args->command,
                    "%s: %" PRId64 " run%s stored with the arithmetic of %s, and this machine's is %s: sums "
                    "have another order there, so these are not compared",
                    name, found->of_isa, plural(found->of_isa), found->isa, er_isa());
    if (found->of_arithmetic > 0)
        cli_message(args->command,
                    "%s: %" PRId64
                    " run%s stored by version %s, whose experiment computed otherwise than that "
                    "of %s: not compared",
                    name, found->of_arithmetic, plural(found->of_arithmetic), found->version, er_version());
    if (found->of_data > 0)
        cli_message(args->command,
                    "%s: %" PRId64 " run%s stored from data with another checksum than today's: not compared",
                    name, found->of_data, plural(found->of_data));
    if (absent > 0)
        cli_message(args->command,
                    "%s: %" PRId64 " of %" PRId64 " run%s not in the store; `ermine run %s` computes %s",
                    name, absent, found->runs, found->runs == 1 ? " is" : "s are", path,
                    absent == 1 ? "it" : "them");
}

static void report(struct run *run, const char *name, const struct er_recheck *found)
{
    struct er_error err = {0};
    char *text = NULL;
    printf("%s: %" PRId64 " of %" PRId64 " stored run%s computed again, ", name, found->checked,
           found->stored, plural(found->stored));
    if (found->differing == 0) {
        printf("%" PRId64 " number%s equal to the bit; %.1f s\n", found->numbers, plural(found->numbers),
               found->seconds);
    } else {
        printf("%" PRId64 " of them differ%s; %.1f s\n\n", found->differing, found->differing == 1 ? "s" : "",
               found->seconds);
        if (er_table_text(&found->differences, terminal_width(stdout, 0), MOST_SHOWN, &text, &err) == ER_OK)
            printf("%s\n", text);
        else
            run_weigh(run, cli_error(run->args->command, &err));
    }
    er_free(text);
    fflush(stdout);
}

void study_check(struct run *run, struct er_store *store, const struct note_file *file, int64_t i)
{
    struct er_error err = {0};
    struct er_recheck found = {0};
    const struct er_study *study = er_note_study(file->note, i, &err);
    enum er_status status = study ? er_study_recheck(store, study, &run->places.data, run->pool,
                                                     &run->progress.library, &run->recheck, &found, &err)
                                  : ER_E_INPUT;
    progress_clear(&run->progress);
    if (status == ER_E_STOPPED) {
        cli_message(run->args->command, "interrupted in %s, of which nothing was compared",
                    er_study_name(study));
        run_weigh(run, CLI_INTERRUPTED);
    } else if (status != ER_OK) {
        run_weigh(run, cli_error(run->args->command, &err));
    } else {
        say_missing(run->args, file->path, er_study_name(study), &found);
        if (found.checked > 0 && (!run->quiet || found.differing > 0))
            report(run, er_study_name(study), &found);
        run->checked += found.checked;
        if (found.differing > 0) run_weigh(run, CLI_FAILED);
    }
    er_recheck_clear(&found);
}
