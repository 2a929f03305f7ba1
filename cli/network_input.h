/* network_input.h - a network in a file and the examples it is for, as options and the file itself say: what `ermine eval` and
 * `ermine measure` take.
 */
#ifndef ERMINE_CLI_NETWORK_INPUT_H
#define ERMINE_CLI_NETWORK_INPUT_H

#include "eval_data.h"

#include <ermine/net.h>

struct network_input {
    const struct cli_args *args;
    const char *path; /* the first operand */
    struct er_tensors file;
    struct eval_data data;
    struct er_net *net;
    float *w, *statistics;
};

/* Reads the network that the first operand names, with its data, and says on standard error which data these are, and
 * whether a number of the network is not finite; with `both`, that both parts of the data are used. An exit code, after a
 * message. network_input_close() frees it in any case. */
int network_input_open(const struct cli_args *args, bool both, struct network_input *in);
void network_input_close(struct network_input *in);

/* The numbers of the same net before its first step, of the file `path`, with the same map of names: *w and *statistics, NULL
 * before, freed by er_free() in any case. ER_E_SHAPE where the file says that it is of another model; ER_E_INPUT where it says
 * that it is of another moment or run, or where its weights are those of `in` and nothing says that this is how training
 * began: a prior that has seen the data makes a bound of nothing. Errors of the readers. */
enum er_status network_input_initial(const struct network_input *in, const char *path, float **w,
                                     float **statistics, struct er_error *err);

/* Options of both commands. */
#define NETWORK_INPUT_OPTIONS                                                                                \
    {'z', "standardise", "WHAT", "as in its training, else auto", "auto, none, image, channel or feature"},  \
        {'m', "model", "TEXT", "the file's own",                                                             \
         "the model, as `[dense 512, relu, dense]`; needed for files of other programs"},                    \
        {'l', "loss", "LOSS", "the file's own, else cross-entropy", "the loss (`ermine list losses`)"},      \
    {                                                                                                        \
        'a', "names", "FILE", NULL, "a map from our tensors to the file's, a line each: `layers.0 conv1`"    \
    }

#endif
