/* batch.h - the examples of one step, gathered side by side.
 */
#ifndef ERMINE_TRAIN_BATCH_H
#define ERMINE_TRAIN_BATCH_H

#include <ermine/augment.h>

/* Row b of x and label is example order[b] of `train`, as er_augment_example() gives it in this epoch; `rows`
 * of them, x is rows x d. `augment` passes er_augment_check() for these examples; NULL: plain copies. */
void er_batch_gather(const struct er_dataset *train, const struct er_augment *augment, uint64_t seed,
                     uint64_t epoch, const int64_t *order, int64_t rows, float *x, int32_t *label);

#endif
