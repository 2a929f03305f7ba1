/* run_spread.h - runs that need one thread each, spread over a pool: leased, computed, handed over.
 */
#ifndef ERMINE_EXPERIMENTS_RUN_SPREAD_H
#define ERMINE_EXPERIMENTS_RUN_SPREAD_H

#include "experiments/experiment.h"

#include <pthread.h>

enum { ER_SPREAD_VALUES = 64, ER_SPREAD_CURVES = 32 };

/* What a run gave. Begins as zeros, with every value NaN, and with what it goes on from. */
struct er_spread_result {
    const void *
        state; /* a checkpoint that was kept by er_run_events.checkpoint; NULL: none. Borrowed for the call */
    size_t state_bytes;
    double seconds; /* that the run took before it was left; the run's own are added */
    const char *outcome;
    char note[200];
    double value[ER_SPREAD_VALUES];
    double *curve[ER_SPREAD_CURVES]; /* of er_spread_curves() */
    int64_t n_curve;
};

/* Memory for `columns` curves of at most n values each, all NaN; freed by who owns the result. ER_E_NOMEM. */
enum er_status er_spread_curves(struct er_spread_result *result, const char *what, int columns, int64_t n,
                                struct er_error *err);

struct er_run_spread {
    const char *what; /* the experiment */
    const struct er_run_events *events;
    const struct er_progress *progress; /* or NULL */
    int64_t runs;                       /* of the whole call: what is reported is a share of them */
    void *ctx;
    /* Fills a result for run `run`; it asks er_progress_stopped(progress) now and then. Any thread. */
    enum er_status (*compute)(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err);
    /* What a run takes: fewer are computed at a time where memory does not hold so many, and one that it doesn't hold
     * even alone is ER_E_NOMEM. NULL: too little to ask. */
    double (*bytes)(void *ctx, int64_t run);
    /* Whether `compute` reports how far its run is, done of total in any unit: the caller hears of runs that are partly done.
     * Else it is given the caller's progress as it is. */
    bool parts;
    pthread_mutex_t lock; /* PTHREAD_MUTEX_INITIALIZER */
    int64_t done;         /* 0 before the first call */
    double under_way;     /* shares of runs that are not done; 0 likewise */
    char doing[64];       /* of er_run_spread_doing() */
};

/* What a run does now, where that takes long and has no share to report: reported until the next call; "" is nothing.
 * From within `compute`. */
void er_run_spread_doing(struct er_run_spread *spread, const char *doing);

/* Progress for what is done meanwhile: of each of its reports the caller hears that it is still being done. */
struct er_progress er_run_spread_still(struct er_run_spread *spread);

/* Runs run[0..n-1], or 0..n-1 where `run` is NULL. Of several that fail the first in order is reported, whichever thread
 * was the first; the others that were not begun are left. */
enum er_status er_run_spread(struct er_run_spread *spread, int64_t n, const int64_t *run,
                             struct er_pool *pool, struct er_error *err);

/* er_experiment.run of an experiment whose runs need neither data nor much memory: `compute` gets the points as ctx. */
enum er_status er_spread_points(
    const char *what,
    enum er_status (*compute)(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err),
    const struct er_point *point, int64_t n, struct er_pool *pool, const struct er_progress *progress,
    const struct er_run_events *events, struct er_error *err);

/* Runs that cost `cost[i]` units of `unit_seconds` and `bytes` each, on this pool: er_experiment.estimate. */
void er_spread_estimate(int64_t n, const double *cost, double unit_seconds, double bytes,
                        const struct er_pool *pool, struct er_estimate *out);

#endif
