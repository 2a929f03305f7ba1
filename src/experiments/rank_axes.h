/* rank_axes.h - the hyper-parameters of a study, from the axes of its grid.
 */
#ifndef ERMINE_EXPERIMENTS_RANK_AXES_H
#define ERMINE_EXPERIMENTS_RANK_AXES_H

#include "experiments/experiment.h"
#include <ermine/rank.h>

/* Hyper-parameters of runs, each with a level for every run. */
struct er_rank_axes {
    struct er_rank_parameter *parameter; /* n of them */
    int64_t n;
    const int32_t *seed; /* of each run: the index of the seeds that it has */
};

/* What the runs of `source` differ by, in `arena`. ER_E_LIMIT, ER_E_NOMEM. Cost: runs times axes, and the sorting of
 * values. */
enum er_status er_rank_axes(const struct er_source *source, struct er_arena *arena, struct er_rank_axes *out,
                            struct er_error *err);

/* The last part of a name: "width" of "model.width". */
const char *er_rank_axes_tail(const char *name);

#endif
