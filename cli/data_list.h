/* data_list.h - the data sets that have names, as `ermine data list` and `ermine list data` print them.
 */
#ifndef ERMINE_CLI_DATA_LIST_H
#define ERMINE_CLI_DATA_LIST_H

#include "places.h"

/* "28 x 28", "32 x 32 x 3", "64 features", written to out. */
char *data_shape_text(struct er_shape s, char *out, size_t size);

/* How a set that needs no file comes about: "made when asked for", "comes with Ermine". */
const char *data_made_text(const struct er_data_info *info);

/* Prints the table; those that are here say where. Returns an exit code. */
int data_list_print(const struct cli_args *args, const struct places *places);

#endif
