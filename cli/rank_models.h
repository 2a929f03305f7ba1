/* rank_models.h - the models that `ermine rank` compares: a file's, and baselines beside its measures. */
#ifndef ERMINE_CLI_RANK_MODELS_H
#define ERMINE_CLI_RANK_MODELS_H

#include "options.h"

#include <ermine/rank_file.h>

struct rank_models {
    struct er_rank_file file;
    struct er_rank_table table; /* the file's, with the baselines behind its measures */
    struct er_arena *memory;
};

/* Reads the operand by the options --gap, --parameters, --measures, --seed-column, --train-size, --baselines and --seed. An exit
 * code, after a message. Closed by rank_models_close() in any case. */
int rank_models_open(const struct cli_args *args, struct rank_models *out);
void rank_models_close(struct rank_models *models);

#endif
