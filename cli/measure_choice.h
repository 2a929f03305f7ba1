/* measure_choice.h - which measures a command computes: names, families, `all`. */
#ifndef ERMINE_CLI_MEASURE_CHOICE_H
#define ERMINE_CLI_MEASURE_CHOICE_H

#include "options.h"

#include <ermine/measure.h>

/* Marks in chosen[0 .. number of measures) those that --measures names, in every place where it is given, its words with commas
 * or blanks between; without it, all that cost less than a training. An exit code, after a message about a word that is
 * none. */
int measure_choice(const struct cli_args *args, bool *chosen);

#endif
