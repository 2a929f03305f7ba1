/* choose.h - which records form a part of a split.
 *
 * The records are put in an order: their own when `first`, otherwise a random permutation that depends on
 * (seed, stream, n) alone. Each part takes the next records of that order, so a smaller training set is the
 * beginning of a larger one. With `stratify` a part takes, in the same order, a quota of each class: the
 * shares of all n records, by largest remainder. Parts marked as they come have no quotas: of these, too, a
 * smaller one is the beginning of a larger one.
 */
#ifndef ERMINE_DATA_CHOOSE_H
#define ERMINE_DATA_CHOOSE_H

#include <ermine/data.h>

struct er_choice {
    uint64_t seed, stream; /* of er_stream() */
    bool first, stratify;
    int as_they_come;     /* so many parts, the last ones, are not stratified */
    int64_t n, classes;   /* records there are; their classes */
    const int32_t *label; /* n, each in 0..classes-1; read when `stratify` */
};

/* Chooses size[0] + ... + size[parts-1] <= n different records into out, one part after the other.
 * ER_E_NOMEM. */
enum er_status er_choose(const struct er_choice *choice, int parts, const int64_t size[], int64_t *out,
                         struct er_error *err);

#endif
