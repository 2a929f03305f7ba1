/* train_kept.h - the key `train.keep`: which networks of a run are kept, and what is handed over of them. */
#ifndef ERMINE_EXPERIMENTS_TRAIN_KEPT_H
#define ERMINE_EXPERIMENTS_TRAIN_KEPT_H

#include "experiments/experiment.h"
#include <ermine/train.h>

enum { ER_TRAIN_MOMENT = 32 };

/* The moments, as er_member.keep; "" when nothing is kept. */
const char *er_train_kept_moments(const struct er_point *point);

/* That the net has a place in files when it is to be kept. ER_E_INPUT at the setting. */
enum er_status er_train_kept_check(const struct er_point *point, const struct er_net *net,
                                   struct er_error *err);

/* A member's network as the study room takes it; the name of its moment is written to `moment`. */
struct er_kept_network er_train_kept(const struct er_point *point, const struct er_member *member,
                                     const struct er_kept *kept, char moment[ER_TRAIN_MOMENT]);

#endif
