/* select_draw.h - classifiers that know nothing, and how many of n examples each of them gets wrong.
 *
 * Labels are fair coins, independent of all else.
 *
 *     coin flips    a classifier's answers are fair coins, and so are its mistakes: Binomial(n, 1/2), independent
 *                   between classifiers
 *     linear        sign(w . x), x and w ~ N(0, I_d). The mistakes of each are Binomial(n, 1/2); those of several
 *                   are not independent given the inputs that they share
 *
 * Repeat r of a seed is a draw of its own; the same for any number of threads.
 */
#ifndef ERMINE_EXPERIMENTS_SELECT_DRAW_H
#define ERMINE_EXPERIMENTS_SELECT_DRAW_H

#include <ermine/pool.h>
#include <ermine/progress.h>

enum { ER_SELECT_MOST_EXAMPLES = 1 << 17 };

struct er_select {
    int64_t examples;    /* n, 1..ER_SELECT_MOST_EXAMPLES */
    int64_t classifiers; /* M >= 1 */
    int64_t dimension;   /* d of linear classifiers; 0: coin flips */
    uint64_t seed;
};

/* Bytes that er_select_draw() takes on so many threads. */
double er_select_scratch_bytes(const struct er_select *select, int threads);

/* Draws all M classifiers of repeats 0..repeats-1: least[r] is the fewest mistakes of repeat r; fresh[r] those of the
 * classifier that made them (the first of several) on n fresh examples; count[k], k = 0..n, how many classifiers of
 * repeat 0 make k. Reports flops of classifiers x examples x repeats (x 2 d). ER_E_NOMEM,
 * ER_E_STOPPED. */
enum er_status er_select_draw(const struct er_select *select, int64_t repeats, int64_t *least, int64_t *fresh,
                              int64_t *count, struct er_pool *pool, const struct er_progress *progress,
                              struct er_error *err);

/* The fewest mistakes of coin flips for repeats from..repeats-1 without any classifier: each is one number drawn
 * from the exact distribution of the least, so that its mean says nothing about that distribution. fresh[r]: as
 * above. Reports nothing. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_select_draw_least(const struct er_select *select, int64_t from, int64_t repeats,
                                    int64_t *least, int64_t *fresh, const struct er_progress *progress,
                                    struct er_error *err);

#endif
