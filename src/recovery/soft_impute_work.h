/* soft_impute_work.h - one lambda of soft-impute: what its two ways share. */
#ifndef ERMINE_RECOVERY_SOFT_IMPUTE_WORK_H
#define ERMINE_RECOVERY_SOFT_IMPUTE_WORK_H

#include "recovery/residual_norm.h"
#include "recovery/sparse_pass.h"

#include <ermine/soft_impute.h>

struct er_soft_impute_work {
    const struct er_sparse *entries;
    const struct er_soft_impute_options *options;
    double lambda;
    double *residual; /* n: room, and after a judgement y - X */
    struct er_pool *pool;
    struct er_task_count *count;
};

/* Fills primal, dual, gap, converged and exact of the state from the residuals and the nuclear norm of X; exact on demand, and
 * where that costs next to nothing. */
enum er_status er_soft_impute_judge(const struct er_soft_impute_work *w, double nuclear_norm, bool exact,
                                    struct er_soft_impute_state *state, struct er_error *err);

/* From x (balanced, or of rank 0) to the solution: x is replaced, unless something fails. */
enum er_status er_soft_impute_dense(struct er_soft_impute_work *w, struct er_factored *x,
                                    struct er_soft_impute_state *state, struct er_error *err);
enum er_status er_soft_impute_factored(struct er_soft_impute_work *w, struct er_factored *x,
                                       struct er_soft_impute_state *state, struct er_error *err);

#endif
