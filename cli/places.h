/* places.h - the folders in which a command looks for data sets.
 *
 * In this order: every --data (of `eval`: --folder); those of ERMINE_DATA, separated by colons; the user's
 * cache
 * ($XDG_CACHE_HOME/ermine, else ~/.cache/ermine), into which data is fetched; /usr/local/share/datasets;
 * /usr/share/datasets.
 */
#ifndef ERMINE_CLI_PLACES_H
#define ERMINE_CLI_PLACES_H

#include "options.h"

#include <ermine/data.h>

enum { PLACES_MOST = CLI_MAX_GIVEN + 32 }; /* every --data, and what the environment and the system add */

struct places {
    struct er_data_places data; /* what the library takes; points into this struct */
    const char *folder[PLACES_MOST];
    char *own[PLACES_MOST]; /* what is freed */
    int n_own;
    bool crowded; /* there were more than fit */
};

/* The option of every command that reads data: known by its argument, since `eval` calls it --folder. */
#define PLACES_ARGUMENT "DIR"
#define PLACES_OPTION                                                                                        \
    {                                                                                                        \
        'd', "data", PLACES_ARGUMENT, NULL, "look for data sets in this folder first; may be given again"    \
    }

/* Fills the struct; places_close() frees it. CLI_USAGE when a --data is no folder or there are too
 * many of them, CLI_FAILED when memory is
 * out, after a message. */
int places_open(const struct cli_args *args, struct places *places);
void places_close(struct places *places);

#endif
