/* eval_data.h - the examples that `ermine eval` evaluates a network on, and `ermine measure` its measures. */
#ifndef ERMINE_CLI_EVAL_DATA_H
#define ERMINE_CLI_EVAL_DATA_H

#include "places.h"

#include <ermine/study.h>
#include <ermine/tensors.h>

struct eval_data {
    struct er_data_settings settings;
    struct er_split split;
    const char *name;       /* of the data set, or the path of its file */
    const char *split_name; /* "test" or "train" */
    bool of_training;       /* settings are those of the network's run */
    bool other_bytes;       /* and yet its files are not */
};

/* Whether the options make sense, before anything is read; with `both`, --test 0 does. An exit code, after a message. */
int eval_data_check(const struct cli_args *args, bool both);

/* Opens what the options and, where they are silent, the network's file say. An exit code, after a message;
 * when it is CLI_DONE, *status says how it went, with `err`. eval_data_close() frees it in any case. */
int eval_data_open(const struct cli_args *args, const struct er_tensors *network, struct eval_data *data,
                   enum er_status *status, struct er_error *err);
void eval_data_close(struct eval_data *data);

/* Makes an error about a text of the file's metadata say so, with the path; returns its code. */
enum er_status eval_of_metadata(const char *path, struct er_error *err);

/* The part that is evaluated. */
const struct er_dataset *eval_data_set(const struct eval_data *data);

/* Says on standard error what is evaluated; with `both`, of which two parts. */
void eval_data_say(const struct cli_args *args, const struct eval_data *data, bool both);

#endif
