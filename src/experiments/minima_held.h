/* minima_held.h - minima that are found first and then looked at together: planes and paths need several.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_HELD_H
#define ERMINE_EXPERIMENTS_MINIMA_HELD_H

#include <ermine/minima.h>

/* The most minima that are looked at together. */
enum { ER_HELD_MOST = 3 };

/* The network at a moment of the way to a minimum. */
struct er_held_record {
    float *w, *statistics; /* P and S */
};

/* What a request came to. */
struct er_held_minimum {
    float *w, *statistics; /* P and S; NULL: none was found */
    double train_loss, train_error, test_loss, test_error;
    char outcome[32], cause[200]; /* as in struct er_minima_result */
    double seconds;

    /* Records of a training, from its first to one of its last, evenly: at most `most`, which is set beforehand
     * (0: none), and more than half as many where there were so many. */
    int64_t most, records, every, met; /* every `every`-th of those that were met */
    struct er_held_record *record;
};

/* Answers n requests and keeps the first minimum of each that interpolates, or, where none does, the first. Those that
 * diverged have none. `out` is zeroed beforehand, but for `most`, and to be cleared also after a failure. Errors: er_minima_find()'s. */
enum er_status er_minima_hold(const struct er_minimum_request *request, int64_t n, struct er_pool *pool,
                              const struct er_progress *progress, struct er_held_minimum *out,
                              struct er_error *err);
void er_minima_let_go(struct er_held_minimum *held, int64_t n);

#endif
