/* connect_pair.h - two minima of one run, and what lies between them.
 */
#ifndef ERMINE_EXPERIMENTS_CONNECT_PAIR_H
#define ERMINE_EXPERIMENTS_CONNECT_PAIR_H

#include "experiments/connect_keys.h"
#include "experiments/minima_held.h"

/* First what is given, borrowed; then what the calls below add. Cleared by er_connect_pair_clear(). */
struct er_connect_pair {
    const struct er_net *net;
    const struct er_dataset *train, *test; /* test: NULL without one */
    const struct er_held_minimum *end[2];  /* A and B, both found */
    struct er_connect_settings settings;

    float *moved, *bend; /* B's hidden units moved to A's (NULL: not); the path's bend (NULL: a line) */
    struct er_alignment alignment;
    double seconds;
    double change; /* the largest change of an output by moving units; 0 without */
    double disagreement, distance, path_distance;
    char cause[512];                      /* of a bend that diverged; "" */
    struct er_path_point *line, *on_path; /* settings.points each */
};

/* Aligns and trains the bend: one thread. `stop` of the progress is looked at. A bend that diverges is no error, but
 * its cause. ER_E_STOPPED, ER_E_NOMEM, ER_E_UNSUPPORTED (hidden units that cannot move). */
enum er_status er_connect_pair_join(struct er_connect_pair *pair, const struct er_progress *progress,
                                    struct er_error *err);

/* Measures the straight line between the minima as found, and the path, on a pool. */
enum er_status er_connect_pair_measure(struct er_connect_pair *pair, struct er_pool *pool,
                                       const struct er_progress *progress, struct er_error *err);

void er_connect_pair_clear(struct er_connect_pair *pair);

#endif
