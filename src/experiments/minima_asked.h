/* minima_asked.h - minima of one net on one split by any sampler, each as a few numbers, in an order that does not
 * depend on who found them first.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_ASKED_H
#define ERMINE_EXPERIMENTS_MINIMA_ASKED_H

#include "experiments/minima_sitting.h"

#include <ermine/minima.h>

/* Makes numbers of a minimum. Calls may come from several threads at once. */
typedef enum er_status er_asked_values(void *ctx, const struct er_minimum *minimum,
                                       double value[ER_ASKED_VALUES], struct er_error *err);

/* Which minima are asked for: `first` .. first + n - 1 of a point (er_minimum_request_of()), one request each. */
struct er_asking {
    const struct er_point *point;
    const struct er_split *split;
    const struct er_net *net;
    const struct er_sampler *sampler;
    int64_t first, n;
    er_asked_values *values;
    void *ctx; /* of these */
};

/* Asks, adds what is found to sitting->asked[kind] and counts the call; goes on where the sitting's checkpoint was in this
 * call. A single request is taken up where it was, of several those that were not done, from their beginnings. Errors:
 * er_minima_find()'s, those of `values`, ER_E_NOMEM. */
enum er_status er_asked_find(const struct er_asking *asking, struct er_sitting *sitting, int kind,
                             struct er_pool *pool, const struct er_progress *progress, struct er_error *err);

/* Progress of runs of several such calls each, in runs. */
struct er_asked_progress {
    const char *what;                 /* the experiment */
    const struct er_progress *caller; /* or NULL */
    int64_t run, runs;                /* done or passed over; all */
    int64_t part, parts;              /* calls of a run: done, all */
};
/* What a call is to be given. Borrows p. */
struct er_progress er_asked_progress_part(struct er_asked_progress *p);

/* A run has ended, or there was nothing to do for it: reported. */
void er_asked_progress_end(struct er_asked_progress *p);

#endif
