/* minima_request.h - a point's minima as requests to their samplers, for all experiments that ask for some.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_REQUEST_H
#define ERMINE_EXPERIMENTS_MINIMA_REQUEST_H

#include <ermine/minima.h>
#include <ermine/schema.h>

/* The request for minimum `number` (from 0) of a run by `sampler`: settings of the keys `train.*` and `minima.*`. Its
 * seeds are the run's plus number * 2^32: so number 0 by `sgd` is the very network of `train` with these keys.
 * Borrows all. */
struct er_minimum_request er_minimum_request_of(const struct er_point *point, const struct er_split *split,
                                                const struct er_net *net, const struct er_sampler *sampler,
                                                int64_t number);

#endif
