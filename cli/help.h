/* help.h - help texts, made from the command tables and, for studies, from the schema. */
#ifndef ERMINE_CLI_HELP_H
#define ERMINE_CLI_HELP_H

#include "options.h"

#include <stdio.h>

/* What the program is, its commands, its exit codes. */
void help_program(FILE *out);

/* How a command is used; in full with its text and an example. */
void help_command(FILE *out, const struct cli_command *command, bool full);

/* The keys of a study, or those at and below `part`; an exit code. */
int help_study(const struct cli_command *command, const char *part);

/* Words wrapped at the width of `out` (a terminal's, at most 100; 100 elsewhere), each line indented by
 * `indent` blanks; the first line is taken to stand at `at` already. Blank lines separate paragraphs; lines
 * that start with a blank are kept as they are. */
void help_wrap(FILE *out, const char *text, int indent, int at);

/* "  NAME   help": the name in a column of `width`, the help wrapped behind it. */
void help_pair(FILE *out, const char *name, int width, const char *help);

#endif
