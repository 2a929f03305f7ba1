/* study_plan.h - what a study would take, printed: `ermine run --dry-run`. */
#ifndef ERMINE_CLI_STUDY_PLAN_H
#define ERMINE_CLI_STUDY_PLAN_H

#include "note_run.h"

/* Prints it for study i of a note; `store` NULL is an empty one. A mistake goes into run->code, after a message. */
void study_plan(struct run *run, struct er_store *store, const struct er_note *note, int64_t i);

#endif
