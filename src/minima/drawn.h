/* drawn.h - samplers that look at independent draws and keep those that fit.
 */
#ifndef ERMINE_MINIMA_DRAWN_H
#define ERMINE_MINIMA_DRAWN_H

#include "minima/prior.h"
#include "minima/state.h"

/* ER_E_USAGE unless the settings draws, most and scale are in their ranges. */
enum er_status er_drawn_check(const struct er_minimum_request *request, struct er_error *err);

/* Answers requests by draws of a law, `scale` for those that have one: draw 0, 1, ... of the stream
 * ER_PURPOSE_PRIOR of seed_initialise, until `draws` were looked at or `most` fitted. Minima are handed over in the
 * order of their draws; `tried` counts up to the last one that mattered. A checkpoint has the numbers of the draws that
 * fitted: after an interruption these are handed over again, from number 0. */
enum er_status er_drawn_find(const struct er_sampling *sampling, enum er_prior_law law, struct er_error *err);

#endif
