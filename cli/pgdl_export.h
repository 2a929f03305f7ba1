/* pgdl_export.h - `ermine pgdl export NOTE TASK`. */
#ifndef ERMINE_CLI_PGDL_EXPORT_H
#define ERMINE_CLI_PGDL_EXPORT_H

#include "options.h"

/* Makes a task of a study's kept networks, and says how many. An exit code, after a message. */
int pgdl_export(const struct cli_args *args);

#endif
