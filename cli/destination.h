/* destination.h - where a file is to be written: looked at before the work whose result it gets. */
#ifndef ERMINE_CLI_DESTINATION_H
#define ERMINE_CLI_DESTINATION_H

#include "options.h"

/* Whether `path` can be written as er_file_write() does it: its folder takes new files, or it is a device or
 * a pipe that is open to us. CLI_DONE; after a message CLI_USAGE when it is a folder, else CLI_FAILED. */
int destination_check(const struct cli_command *command, const char *path);

/* Both paths lead to one file, or would if it were there. */
bool destination_same(const char *a, const char *b);

#endif
