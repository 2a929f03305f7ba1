/* study_check.h - whether what the store holds of a study comes out again: `ermine run --check`. */
#ifndef ERMINE_CLI_STUDY_CHECK_H
#define ERMINE_CLI_STUDY_CHECK_H

#include "note_run.h"

/* Reads --sample and --sample-seed into run->recheck. An exit code, after a message. */
int study_check_options(struct run *run);

/* Computes the sample of study i of a note again, and prints what differs. What differs, and a mistake, goes into
 * run->code; run->checked counts the runs that were compared. */
void study_check(struct run *run, struct er_store *store, const struct note_file *file, int64_t i);

#endif
