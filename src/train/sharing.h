/* sharing.h - how an ensemble is shared among threads: members under way at a time, threads on each.
 */
#ifndef ERMINE_TRAIN_SHARING_H
#define ERMINE_TRAIN_SHARING_H

#include <ermine/train.h>

struct er_sharing {
    int threads;     /* of the pool */
    int64_t at_once; /* members under way at a time */
    int parts;       /* threads on one member */
};

/* Whether a member's steps are long enough for threads to meet a dozen times in one. */
bool er_sharing_worth(const struct er_member *member);

/* One thread for each of n members; several where members are fewer than threads, if all are `worth` it. */
struct er_sharing er_sharing_of(int64_t n, int threads, bool worth);

/* For less memory: fewer members at a time, with more threads on each; at last one, on fewer. False when it
 * is one member on one thread. */
bool er_sharing_less(struct er_sharing *s);

/* How many of n members are handed to the pool before all of them are waited for: n, where the pool by itself
 * begins no more at a time than may be. */
int64_t er_sharing_lot(const struct er_sharing *s, int64_t n);

/* How long n members take of which member i takes seconds[i]: in their order, each begins as soon as another
 * has ended and it may. */
double er_sharing_seconds(const struct er_sharing *s, const double *seconds, int64_t n);

#endif
