/* cli.h - what the commands of the program share: exit codes, the command table, messages, standard output.
 *
 * Results go to standard output; progress and messages go to standard error, every message after the words
 * "ermine COMMAND: ".
 */
#ifndef ERMINE_CLI_CLI_H
#define ERMINE_CLI_CLI_H

#include "options.h"

#include <ermine/progress.h>
#include <ermine/status.h>

enum {
    CLI_DONE = 0,
    CLI_FAILED = 1, /* the work failed: a disk is full, a training could not be stored */
    CLI_USAGE = 2,  /* an unknown command or option */
    CLI_INPUT = 3,  /* a note, study or data set is in error or absent */
    CLI_INTERRUPTED = 130
};

/* All commands, in the order of commands.def; ended by NULL. */
extern const struct cli_command *const cli_commands[];

/* The command of that name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* Set by SIGINT and SIGTERM; a second signal kills. */
extern atomic_bool cli_stop;

/* "ermine COMMAND: message" on standard error, one line: control characters and bytes that are no UTF-8 are
 * "?", also in the two below. */
void cli_message(const struct cli_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says err as "ermine COMMAND: file:line:column: message" and returns the exit code that it deserves. */
int cli_error(const struct cli_command *command, const struct er_error *err);

/* Says a usage error, points to the help, and returns CLI_USAGE. */
int cli_usage(const struct cli_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* " (did you mean "x"?)" or "", written to out. */
enum { CLI_HINT = 80 };
char *cli_hint(const char *word, const char *const *words, int64_t n, char out[CLI_HINT]);

/* Flushes standard output. False when anything written to it was lost: after a message when a disk is full,
 * without one when a pipe's reader has closed it. */
bool cli_flush(const struct cli_command *command);

#endif
