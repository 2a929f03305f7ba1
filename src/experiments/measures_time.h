/* measures_time.h - how long the measures of a run take, beforehand.
 */
#ifndef ERMINE_EXPERIMENTS_MEASURES_TIME_H
#define ERMINE_EXPERIMENTS_MEASURES_TIME_H

#include <ermine/schema.h>
#include <ermine/train.h>

/* *out = about how many seconds the point's measures of a run take on one thread: each is computed once of a network
 * that learned a few examples of the member's, and what is a matter of all examples takes its time in proportion. This goes on
 * for about `seconds`, and at least until one measure of each cost was tried; others are then taken to last as the mean of
 * those of their cost. 0 without measures. ER_E_NOMEM, ER_E_STOPPED; er_train()'s. */
enum er_status er_measures_time(const struct er_point *point, const struct er_member *member, double seconds,
                                const struct er_progress *progress, double *out, struct er_error *err);

#endif
