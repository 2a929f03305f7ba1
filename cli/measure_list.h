/* measure_list.h - the measures that there are, for people and for programs. */
#ifndef ERMINE_CLI_MEASURE_LIST_H
#define ERMINE_CLI_MEASURE_LIST_H

#include "options.h"

/* Prints every measure with family, direction, cost, needs, formula and source; as JSON with --json, as a table in Markdown with
 * --markdown. An exit code. */
int measure_list_print(const struct cli_args *args);

#endif
