/* train_keys.h - the keys `train.*`: their rows, and what they say as a specification of training.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_KEYS_H
#define ERMINE_EXPERIMENTS_TRAIN_KEYS_H

#include <ermine/schema.h>
#include <ermine/train.h>

/* The rows of `train`, ended by a row without path. */
extern const struct er_schema_row er_train_keys_row[];

/* How a point is trained. Its texts are borrowed from the point. */
struct er_train_spec er_train_keys_spec(const struct er_point *point);

/* The seed that the key at `path` (`train.seed.initialise`, `train.seed.batches`) holds, else the run's. */
uint64_t er_train_keys_seed(const struct er_point *point, const char *path);

/* er_train_check() of that, with the path and the place of the key at fault. */
enum er_status er_train_keys_check(const struct er_point *point, struct er_error *err);

#endif
