/* choose.h - which records form a part of a split.
 *
 * The records are put in an order: their own when `first`, otherwise a random permutation that depends on
 * (seed, stream, n) alone. Each part takes the next records of that order, so a smaller training set is the
 * beginning of a larger one. With `stratify` a part takes, in the same order, a quota of each class: the
 * shares of all n records, by largest remainder. With `balance` the quotas are equal, to within one, the
 * lower classes first; where a class has too few records the others share its places. Parts marked as they
 * come have no quotas: of these, too, a smaller one is the beginning of a larger one.
 */
#ifndef ERMINE_DATA_CHOOSE_H
#define ERMINE_DATA_CHOOSE_H

#include <ermine/data.h>

struct er_choice {
    uint64_t seed, stream;         /* of er_stream() */
    bool first, stratify, balance; /* at most one of the last two */
    int as_they_come;              /* so many parts, the last ones, have no quotas */
    int64_t n, classes;            /* records there are; their classes */
    const int32_t *label; /* n, each in 0..classes-1, or -1: never chosen. NULL without quotas: all may be */
};

/* Chooses size[0] + ... + size[parts-1] different records, at most as many as may be chosen, into out, one part after the other.
 * ER_E_NOMEM. */
enum er_status er_choose(const struct er_choice *choice, int parts, const int64_t size[], int64_t *out,
                         struct er_error *err);

#endif
