/* factorise_run.h - one descent on factors, with its curve; left and taken up again.
 */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_RUN_H
#define ERMINE_EXPERIMENTS_FACTORISE_RUN_H

#include "experiments/factorise_tables.h"
#include "experiments/run_spread.h"

/* Where a run keeps checkpoints. */
struct er_factorise_keeper {
    const struct er_run_events *events;
    int64_t run;
    double began; /* by the clock, what came before the descent with it */
};

/* Descends on the problem from result->state, or from the start; fills outcome, note, curve, and the values
 * that are the run's own: not those of the truth, of baselines, of a rival. The pool may be NULL; the same
 * bits for any number of threads, and however often the run was left. */
enum er_status er_factorise_descend(const struct er_factorise_request *request,
                                    const struct er_recovery *problem,
                                    const struct er_factorise_keeper *keeper, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_spread_result *result,
                                    struct er_error *err);

/* Records of a curve, at most. */
int64_t er_factorise_records(const struct er_factorise_request *request);

/* Bytes that it takes, its rival counted and the problem not. */
double er_factorise_run_bytes(const struct er_factorise_request *request, const struct er_recovery *problem);

#endif
