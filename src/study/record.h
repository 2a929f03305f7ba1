/* record.h - a finished run goes into the store whole or not at all.
 */
#ifndef ERMINE_STUDY_RECORD_H
#define ERMINE_STUDY_RECORD_H

#include "study/job.h"

/* Stores run i of the job: its row, numbers and curves; drops its checkpoint and lease; all in one
 * transaction. When another has stored the key meanwhile, that one stays; but a run whose
 * networks are kept takes its place, so that these are of the run that is stored. ER_E_USAGE: a record that
 * breaks the contract of experiment.h. */
enum er_status er_record_write(struct er_store *store, const struct er_job *job, int64_t run,
                               const struct er_record *record, const char *machine, struct er_error *err);

/* The outcome of a training that diverged (er_stop_reason_text()). */
#define ER_OUTCOME_DIVERGED "diverged"

#endif
