/* note_run.h - what `ermine run` does with a note, be it the only one or the chapter of a book: computes what its store
 * lacks, and writes its page.
 */
#ifndef ERMINE_CLI_NOTE_RUN_H
#define ERMINE_CLI_NOTE_RUN_H

#include "note_file.h"
#include "places.h"
#include "progress.h"

#include <jansson.h>

/* What the notes of one command share. It stays where it is. */
struct run {
    const struct cli_args *args;
    struct places places;
    struct er_pool *pool;
    struct progress progress;
    bool quiet, dry, check;            /* dry and check only look: no page is written */
    struct er_recheck_options recheck; /* of a check */
    int64_t checked;                   /* runs that were compared */
    json_t *verdicts;                  /* rows of all notes (note/verdict_rows.h); NULL: not asked for */
    int code;                          /* the worst so far */
};

/* Reads the options --data, --threads, --quiet, --dry-run and --check. An exit code, after a message when it is
 * not CLI_DONE;
 * run_close() in any case. */
int run_open(struct run *run, const struct cli_args *args);
void run_close(struct run *run);

/* True when nothing is to be stored or written. */
bool run_only_looks(const struct run *run);

/* Notes an exit code: a failure of the work weighs more than bad input, an interruption most. */
void run_weigh(struct run *run, int code);

/* Runs the studies of a note and writes its page, or says what they would take, or checks what is stored of
 * them. Once the run has been interrupted, the
 * page shows what the store holds, when it holds something. True when the page was written. */
bool note_run(struct run *run, const struct note_file *file, const struct er_page_options *options);

#endif
