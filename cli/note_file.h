/* note_file.h - the note or study that a command is given, and where its results are.
 *
 * Beside the note DIR/NAME.md stand its store, DIR/.ermine/results.db, and its page, DIR/NAME.html. The page
 * of a file with any other ending keeps it: DIR/NAME.yaml.html.
 */
#ifndef ERMINE_CLI_NOTE_FILE_H
#define ERMINE_CLI_NOTE_FILE_H

#include "options.h"

#include <ermine/note.h>

#define STORE_OPTION                                                                                         \
    {                                                                                                        \
        's', "store", "FILE", ".ermine/results.db beside the note", "where results are kept"                 \
    }

struct note_file {
    const char *path; /* as given */
    struct er_note *note;
    char *store, *page; /* paths */
};

/* Reads the note at `path`; --store and --output, when given, replace the places above. note_file_close()
 * frees it. Returns an exit code, after a message when it is not CLI_DONE. */
int note_file_open(const struct cli_args *args, const char *path, struct note_file *file);
void note_file_close(struct note_file *file);

/* Where the results of the note at `path` are, freed by er_free(); NULL when memory is out. */
char *note_file_store(const struct cli_args *args, const char *path);

/* Whether the page may be written where it is to be: not over the note or the store, not over a page of
 * somebody else unless --output says so, and into a folder that takes files. Returns an exit code, after a
 * message when it is not CLI_DONE. */
int note_file_check_page(const struct cli_args *args, const struct note_file *file);

#endif
