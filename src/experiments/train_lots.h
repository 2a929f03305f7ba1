/* train_lots.h - runs that train networks, as ensembles: a lot of data at a time, nets shared where they can be.
 *
 * A run has a member that learns from its data as they are (draw 0) and, where an experiment asks for them,
 * more that learn from the same inputs with other labels (draws 1, 2, ...). All members of the runs whose data
 * are in memory train side by side.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_LOTS_H
#define ERMINE_EXPERIMENTS_TRAIN_LOTS_H

#include <ermine/pool.h>
#include <ermine/schema.h>
#include <ermine/train.h>

/* A member and whose it is. Borrowed for the call that hands it over. */
struct er_lots_member {
    int64_t run, draw; /* draw 0: on the data's own labels */
    const struct er_point *point;
    const struct er_member *member;
};

/* What an experiment does with its members. The last six are as in struct er_train_events: calls come from any
 * worker thread, also for members of one run at the same time. */
struct er_lots {
    void *ctx;

    /* How many draws of labels a run has besides its own data, and the labels of one (train->n of them, below
     * train->classes). NULL: none. */
    int64_t (*draws)(const struct er_point *point);
    void (*relabel)(const struct er_point *point, const struct er_dataset *train, int64_t draw,
                    int32_t *label);

    enum er_status (*begin)(void *ctx, const struct er_lots_member *whose, bool *skip, const void **state,
                            size_t *bytes, struct er_error *err);
    enum er_status (*checkpoint)(void *ctx, const struct er_lots_member *whose, const void *state,
                                 size_t bytes, struct er_error *err); /* may be NULL, as may the next two */
    enum er_status (*keep)(void *ctx, const struct er_lots_member *whose, const struct er_kept *kept,
                           struct er_error *err);
    enum er_status (*record)(void *ctx, const struct er_lots_member *whose,
                             const struct er_curve_point *point, const struct er_kept *at,
                             struct er_error *err);
    enum er_status (*end)(void *ctx, const struct er_lots_member *whose, const struct er_train_result *result,
                          struct er_error *err);
    double checkpoint_seconds;
};

/* Trains the members of runs 0..n-1. Progress counts runs. Errors: er_data_open()'s and er_net_new()'s with
 * their places in the study, er_train()'s. Memory: data up to ER_TRAIN_DATA_BYTES and one split at a time,
 * 4 bytes an example for each draw of the runs on them, and er_train()'s. */
enum er_status er_lots_train(const struct er_lots *lots, const struct er_point *point, int64_t n,
                             const struct er_data_places *places, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err);

#endif
