/* train_measures.h - the key `measures`: measures of a run where its training stopped.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_MEASURES_H
#define ERMINE_EXPERIMENTS_TRAIN_MEASURES_H

#include <ermine/schema.h>
#include <ermine/train.h>

/* How many measures a point asks for. */
int64_t er_train_measures_count(const struct er_point *point);

/* Whether one of them needs the network after the first epoch. */
bool er_train_measures_first_epoch(const struct er_point *point);

/* What they take beside the training of the member, about, in bytes; 0 without any. ER_E_NOMEM; er_plan_new()'s. */
enum er_status er_train_measures_memory(const struct er_point *point, const struct er_member *member,
                                        size_t *bytes, struct er_error *err);

/* A line for people. */
enum { ER_TRAIN_MEASURES_NOTE = 512 };

/* value[0..count) = the measures of a member that has stopped, in the order of the point; `first_epoch`: P weights and then
 * S statistics after its first epoch, NULL where they are not known. A curve from step 0 on is the course of training. NaN for one that is not defined
 * for it, which `note` then says with the reason, and for all where training diverged. `note` is "" else, or cut. On
 * the caller's thread. ER_E_NOMEM. */
enum er_status er_train_measures(const struct er_point *point, const struct er_member *member,
                                 const struct er_train_result *result, const float *first_epoch,
                                 double *value, char note[ER_TRAIN_MEASURES_NOTE], struct er_error *err);

#endif
