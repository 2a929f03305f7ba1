/* max_margin_run.h - one run of the experiment `max-margin`: the largest margin, the descent with its records, and what
 * they add up to.
 */
#ifndef ERMINE_EXPERIMENTS_MAX_MARGIN_RUN_H
#define ERMINE_EXPERIMENTS_MAX_MARGIN_RUN_H

#include "experiments/max_margin_descent.h"
#include "experiments/run_spread.h"

/* Bytes that a run takes at most. */
double er_max_margin_run_bytes(const struct er_split *split);

/* Fills the result. Outcomes: "steps"; "underflow", of a normalised descent; "not-separable", all of it done too;
 * "diverged", when a weight is not finite. ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED. */
enum er_status er_max_margin_run(const struct er_margin_spec *spec, const struct er_split *split,
                                 const struct er_progress *progress, struct er_spread_result *result,
                                 struct er_error *err);

#endif
