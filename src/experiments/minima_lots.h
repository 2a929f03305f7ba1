/* minima_lots.h - runs that search minima: a lot of data at a time, a request to a sampler each, nets shared.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_LOTS_H
#define ERMINE_EXPERIMENTS_MINIMA_LOTS_H

#include <ermine/minima.h>
#include <ermine/schema.h>

/* A run and its request. Borrowed for the call that hands it over. */
struct er_minima_run {
    int64_t run;
    const struct er_point *point;
    const struct er_minimum_request *request;
};

/* What an experiment does with its requests; as in struct er_minima_events, with `run` for the request. */
struct er_minima_lots {
    void *ctx;
    enum er_status (*begin)(void *ctx, const struct er_minima_run *run, bool *skip, const void **state,
                            size_t *bytes, struct er_error *err);
    enum er_status (*checkpoint)(void *ctx, const struct er_minima_run *run, const void *state, size_t bytes,
                                 struct er_error *err);
    enum er_status (*found)(void *ctx, const struct er_minima_run *run, const struct er_minimum *minimum,
                            struct er_error *err);
    enum er_status (*end)(void *ctx, const struct er_minima_run *run, const struct er_minima_result *result,
                          struct er_error *err);
    double checkpoint_seconds;
};

/* Answers the requests of runs 0..n-1, each er_minimum_request_of() its point with its sampler. Progress counts runs.
 * Errors: er_data_open()'s and er_net_new()'s with their places in the study, er_minima_find()'s. Memory: data up to
 * ER_TRAIN_DATA_BYTES and one split at a time, and er_minima_find()'s. */
enum er_status er_minima_lots_find(const struct er_minima_lots *lots, const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_error *err);

#endif
