/* elsewhere.h - runs that the store lacks under their keys and has under others, since arithmetic or data
 * were not those of today.
 */
#ifndef ERMINE_STUDY_ELSEWHERE_H
#define ERMINE_STUDY_ELSEWHERE_H

#include "study/job.h"

/* Fills the part of `out` that says why runs are not found: of_isa, of_arithmetic, of_data, isa, version. `run`
 * are n runs of the job that the store lacks. Cost: the text of every run in the store is read once. */
enum er_status er_elsewhere(struct er_store *store, const struct er_job *job, const int64_t *run, int64_t n,
                            struct er_recheck *out, struct er_error *err);

#endif
