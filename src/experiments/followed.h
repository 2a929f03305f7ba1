/* followed.h - a run whose training is followed: what was gathered on the way is part of its checkpoint.
 *
 * A trainer that goes on from a checkpoint does not meet earlier records again. So what an experiment has gathered at these
 * is kept behind the trainer's state. A trainer may still refuse its state and begin afresh: it then meets a record at step
 * 0, and what was gathered is void.
 */
#ifndef ERMINE_EXPERIMENTS_FOLLOWED_H
#define ERMINE_EXPERIMENTS_FOLLOWED_H

#include "experiments/experiment.h"

/* Bytes that are not owned. */
struct er_followed_part {
    const void *at; /* NULL: none */
    size_t bytes;
};

/* Begins a run, as er_run_events.begin. Where it goes on from a checkpoint, *trainer is the trainer's state, and *gathered
 * what lay beside it. */
enum er_status er_followed_begin(const struct er_run_events *events, int64_t run, bool *skip,
                                 struct er_followed_part *trainer, struct er_followed_part *gathered,
                                 struct er_error *err);

/* Keeps both. Nothing where `events` keeps no checkpoints. ER_E_NOMEM, and the event's. */
enum er_status er_followed_checkpoint(const struct er_run_events *events, int64_t run,
                                      struct er_followed_part trainer, struct er_followed_part gathered,
                                      struct er_error *err);

#endif
