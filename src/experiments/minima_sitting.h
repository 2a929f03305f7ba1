/* minima_sitting.h - a run that asks samplers several times (minima_asked.h), left and taken up again.
 *
 * A checkpoint has what earlier calls found; of the call under way which requests are done, with what they found; and,
 * where that is a single request, the sampler's own checkpoint.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_SITTING_H
#define ERMINE_EXPERIMENTS_MINIMA_SITTING_H

#include "experiments/experiment.h"

enum { ER_SITTING_KINDS = 2, ER_ASKED_VALUES = 2 };

/* One minimum: the number of its request, its own within that, and what was made of it. */
struct er_asked_row {
    int64_t request, number;
    double value[ER_ASKED_VALUES];
};

/* What was found, by request and number; those that do not interpolate are left out. */
struct er_asked {
    struct er_asked_row *row; /* n of them, in a room that grows */
    int64_t n, room;
    int64_t tried; /* of all requests */
};

/* Adds a row. ER_E_NOMEM. */
enum er_status er_asked_add(struct er_asked *asked, const struct er_asked_row *row, struct er_error *err);
void er_asked_clear(struct er_asked *asked);

struct er_sitting {
    const struct er_run_events *events;
    int64_t run;
    struct er_asked asked[ER_SITTING_KINDS]; /* what was found of each kind */
    int64_t calls;                           /* that are done */
    double began, offered;                   /* by the clock */

    /* Of the call under way, from a checkpoint; borrowed from it. */
    const unsigned char *done; /* `requests` of them: whether it is */
    int64_t requests;
    const void *inner;
    size_t inner_bytes;
};

/* Begins a run, with or without a checkpoint: one that is damaged is passed over. The events and the run are set
 * beforehand; cleared by er_sitting_clear(), also after a failure. ER_E_NOMEM. */
enum er_status er_sitting_begin(struct er_sitting *sitting, const void *state, size_t bytes,
                                struct er_error *err);
void er_sitting_clear(struct er_sitting *sitting);

/* Seconds of computing, those before an interruption included. */
double er_sitting_seconds(const struct er_sitting *sitting);

/* Whether the last checkpoint is old enough for another. */
bool er_sitting_due(const struct er_sitting *sitting);

/* Offers a checkpoint: requests first .. first + requests - 1 of `kind` are under way, those of them that are not done
 * without their rows. Nothing where the run can keep none. ER_E_NOMEM, and the event's errors. */
enum er_status er_sitting_offer(struct er_sitting *sitting, int kind, int64_t first,
                                const unsigned char *done, int64_t requests, const void *inner,
                                size_t inner_bytes, struct er_error *err);

#endif
