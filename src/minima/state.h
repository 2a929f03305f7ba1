/* state.h - where a search without training is, as bytes: checkpoints of samplers that draw, try and walk.
 */
#ifndef ERMINE_MINIMA_STATE_H
#define ERMINE_MINIMA_STATE_H

#include "minima/sampler.h"

/* Some bytes of a state. */
struct er_state_part {
    void *at;
    size_t bytes;
};

/* A request that is being answered. */
struct er_state {
    const struct er_sampling *sampling;
    int64_t number; /* of the request */
    double began;   /* by the clock, less what was computed before an interruption */
    double offered; /* when the last checkpoint was */
};

/* Begins now, after `seconds` of computing before. */
void er_state_begin(struct er_state *state, double seconds);
double er_state_seconds(const struct er_state *state);

/* A place where a search can be interrupted. Offers its parts as a checkpoint when the last one is
 * checkpoint_seconds old or `stop` is set, and then ends it: ER_E_STOPPED. ER_E_NOMEM, and the event's errors. */
enum er_status er_state_pause(struct er_state *state, bool stop, const struct er_state_part *part, int parts,
                              struct er_error *err);

/* Fills parts, in their order, from a checkpoint; the last one takes what is left, whole items of its `bytes`
 * where these are not 0: its `at` then points into `from`. False, with nothing changed, for bytes that are damaged,
 * of another layout, or those of another search. */
bool er_state_take(const struct er_minimum_request *request, const void *from, size_t bytes,
                   struct er_state_part *part, int parts);

#endif
