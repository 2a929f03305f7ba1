/* forgetting_state.h - what was gathered of a training so far, as bytes and back: for a run that goes on after an interruption.
 * For the same program on the same machine, as a training's checkpoint. */
#ifndef ERMINE_EXPERIMENTS_FORGETTING_STATE_H
#define ERMINE_EXPERIMENTS_FORGETTING_STATE_H

#include "experiments/forgetting_tally.h"

#include <stddef.h>

/* The curve, n records of `columns` numbers, and the seconds that were spent. */
struct er_forgetting_course {
    double *curve;
    int64_t n, columns;
    double seconds;
};

/* *out is freed by er_free(). ER_E_NOMEM. */
enum er_status er_forgetting_save(const struct er_tally *tally, const struct er_forgetting_course *course,
                                  void **out, size_t *bytes, struct er_error *err);

/* Into a fresh tally; course->columns is given, the rest is set, and the curve then freed by er_free(). *taken is false where
 * the bytes are damaged or can't be of this tally: nothing was set. ER_E_NOMEM. */
enum er_status er_forgetting_restore(struct er_tally *tally, struct er_forgetting_course *course,
                                     const void *in, size_t bytes, bool *taken, struct er_error *err);

/* As before the first record. */
void er_forgetting_restart(struct er_tally *tally);

#endif
