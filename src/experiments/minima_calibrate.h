/* minima_calibrate.h - what a search of a sampler that does not train will take, from a short one.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_CALIBRATE_H
#define ERMINE_EXPERIMENTS_MINIMA_CALIBRATE_H

#include <ermine/minima.h>

struct er_search_cost {
    double seconds; /* of one request */
    bool shared;    /* by all threads of the pool; else it has one */
    size_t bytes;   /* on all its threads, about */
};

/* Tries a request's sampler for some tenths of a second, with fewer draws or steps than it asks for. A search that ended by
 * itself within that time takes what it took; of any other, draws are taken to cost the same and to fit as often up to
 * its end. Errors: er_minima_find()'s. */
enum er_status er_minima_calibrate(const struct er_minimum_request *request, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_search_cost *out,
                                   struct er_error *err);

#endif
