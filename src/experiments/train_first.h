/* train_first.h - the networks of runs after their first epoch, for measures that need them: part of a run's checkpoint
 * (followed.h), since a trainer that goes on from one does not come by there again.
 *
 * Runs whose measures need no such network are not touched: their checkpoints are the trainer's alone.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_FIRST_H
#define ERMINE_EXPERIMENTS_TRAIN_FIRST_H

#include "experiments/experiment.h"
#include "experiments/train_lots.h"

/* Calls for different runs may come at the same time. */
struct er_train_first {
    const struct er_run_events *events;
    int64_t n;
    float **network; /* of each run: P weights, then S statistics; NULL where it has none, or none yet */
};

enum er_status er_train_first_new(const struct er_run_events *events, int64_t n, struct er_train_first *out,
                                  struct er_error *err);
void er_train_first_clear(struct er_train_first *first);

/* As er_run_events.begin and .checkpoint. ER_E_NOMEM, and theirs. */
enum er_status er_train_first_begin(struct er_train_first *first, const struct er_lots_member *whose,
                                    bool *skip, const void **state, size_t *bytes, struct er_error *err);
enum er_status er_train_first_checkpoint(const struct er_train_first *first,
                                         const struct er_lots_member *whose, const void *state, size_t bytes,
                                         struct er_error *err);

/* Takes the network of a moment where it is the end of the first epoch. ER_E_NOMEM. */
enum er_status er_train_first_take(struct er_train_first *first, const struct er_lots_member *whose,
                                   const struct er_kept *kept, struct er_error *err);

/* Gives a run's network up. */
void er_train_first_release(struct er_train_first *first, int64_t run);

#endif
