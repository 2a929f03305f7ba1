/* train_member.h - a point of `train` as a member of an ensemble.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_MEMBER_H
#define ERMINE_EXPERIMENTS_TRAIN_MEMBER_H

#include <ermine/schema.h>
#include <ermine/train.h>

/* Splits are held in memory up to so many bytes at a time. */
#define ER_TRAIN_DATA_BYTES ((size_t)1 << 30)

/* What can be said of a point beyond the schema: er_experiment.check of `train`. */
enum er_status er_train_member_check(const struct er_point *point, const struct er_data_places *places,
                                     struct er_error *err);

/* The net of a point on data of this shape; errors have the model's place. */
enum er_status er_train_member_net(const struct er_point *point, struct er_shape shape, int64_t classes,
                                   struct er_net **out, struct er_error *err);

/* The member that a point is on its data, without its net. Borrows the split, and texts of the point. */
struct er_member er_train_member(const struct er_point *point, const struct er_split *split);

/* Bytes that members may take together now: most of what the system has left. */
size_t er_train_member_memory(void);

#endif
