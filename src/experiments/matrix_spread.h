/* matrix_spread.h - runs that solve problems of matrix recovery. Problems are in memory a share of it at a
 * time, and runs that have the same one share it. Small runs are spread over the pool, large ones come one
 * after the other, each on all threads; numbers are the same either way.
 */
#ifndef ERMINE_EXPERIMENTS_MATRIX_SPREAD_H
#define ERMINE_EXPERIMENTS_MATRIX_SPREAD_H

#include "experiments/matrix_groups.h"
#include "experiments/run_spread.h"

struct er_matrix_spread {
    const struct er_point *point;
    er_matrix_centre *centre;
    /* Whether a run, of `runs` whose problems are in memory, is to have all threads of a pool to itself. */
    bool (*is_large)(const struct er_point *point, const struct er_recovery *problem, int64_t runs,
                     int threads);
    /* Called with spread.ctx before the runs of a loaded group, and after them, even where `open` failed or
     * was not called. NULL: nothing to do. */
    enum er_status (*open)(void *ctx, int64_t group, struct er_error *err);
    void (*close)(void *ctx, int64_t group);
    struct er_run_spread spread;

    /* Set by er_matrix_spread(); zeros before. */
    struct er_matrix_groups groups;
    struct er_pool *inner; /* of each run's own: NULL while runs are spread */
};

/* The group of a run; its problem is loaded while the run is computed. */
const struct er_matrix_group *er_matrix_spread_group(const struct er_matrix_spread *m, int64_t run);

/* er_experiment.run of points 0..n-1. */
enum er_status er_matrix_spread(struct er_matrix_spread *m, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, struct er_error *err);

#endif
