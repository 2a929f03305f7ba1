/* batch.h - the examples of one step, gathered side by side.
 */
#ifndef ERMINE_TRAIN_BATCH_H
#define ERMINE_TRAIN_BATCH_H

#include <ermine/augment.h>

/* Row b of x and label is example order[b] of `train`, as er_augment_example() gives it in this epoch; `rows`
 * of them, x is rows x d. `augment` passes er_augment_check() for these examples; NULL: plain copies. */
void er_batch_gather(const struct er_dataset *train, const struct er_augment *augment, uint64_t seed,
                     uint64_t epoch, const int64_t *order, int64_t rows, float *x, int32_t *label);

/* Asks the memory for floats from..to-1 of the rows that er_batch_gather() will copy, counted through all
 * rows: while one batch is at work the next one comes nearer. Changes nothing but time. */
void er_batch_call_for(const struct er_dataset *train, const int64_t *order, int64_t from, int64_t to);

#endif
