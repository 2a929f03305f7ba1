/* verdict_file.h - `ermine run --verdicts FILE`: the verdicts of a run as rows for other programs. */
#ifndef ERMINE_CLI_VERDICT_FILE_H
#define ERMINE_CLI_VERDICT_FILE_H

#include "options.h"

#include <ermine/status.h>
#include <jansson.h>

/* Rows as JSON text, one a line, freed by er_free(); numbers to 15 digits. NULL when memory is out. */
char *verdict_text(const json_t *rows);

/* Writes the rows to where --verdicts says; nothing when it was not given. An exit code, after a message. */
int verdict_file_write(const struct cli_args *args, const json_t *rows);

#endif
