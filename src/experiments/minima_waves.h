/* minima_waves.h - runs that look at several minima together: found side by side, a few runs at a time.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_WAVES_H
#define ERMINE_EXPERIMENTS_MINIMA_WAVES_H

#include "experiments/experiment.h"
#include "experiments/minima_held.h"

/* A run whose requests have been answered. Borrowed for the call that hands it over. */
struct er_minima_wave_run {
    int64_t run;
    const struct er_point *point;
    const struct er_minimum_request *request; /* n of them */
    const struct er_held_minimum *held;       /* likewise; without w where none was found */
    int64_t n;
};

/* What an experiment does with its runs. */
struct er_minima_waves {
    void *ctx;
    const char *what; /* the experiment */
    int64_t each;     /* the most minima of a run */
    /* The samplers of a point's minima; the number of them. Minimum i is number i of its run
     * (er_minimum_request_of()). */
    int64_t (*samplers)(const struct er_point *point, const struct er_sampler *sampler[]);
    int64_t (*records)(const struct er_point *point); /* of each training, at most; NULL: none are kept */
    /* Whether what follows the trainings can be done, asked before they begin; NULL: it can. */
    enum er_status (*check)(const struct er_point *point, const struct er_net *net, struct er_error *err);
    /* Changes the requests of a run before they are asked; NULL: they stay as they are. */
    void (*change)(const struct er_point *point, struct er_minimum_request *request);
    /* By threads of the pool, a run each, before any of the wave is finished; NULL: nothing to do. `stop` of the
     * progress alone. */
    enum er_status (*prepare)(void *ctx, const struct er_minima_wave_run *run,
                              const struct er_progress *progress, struct er_error *err);
    /* By the caller's thread, while the pool is free; runs that were passed over are left out. */
    enum er_status (*finish)(void *ctx, const struct er_minima_wave_run *run, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err);
};

/* Answers the requests of runs 0..n-1, a few runs a thread at a time. Trainings are not taken up again: a run that was
 * interrupted begins anew. Errors: er_data_open()'s and er_net_new()'s with their places, er_minima_find()'s. */
enum er_status er_minima_waves(const struct er_minima_waves *waves, const struct er_point *point, int64_t n,
                               const struct er_data_places *places, struct er_pool *pool,
                               const struct er_progress *progress, const struct er_run_events *events,
                               struct er_error *err);

#endif
