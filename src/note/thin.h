/* thin.h - which of many points are drawn: the first, the last, and others at even steps between.
 */
#ifndef ERMINE_NOTE_THIN_H
#define ERMINE_NOTE_THIN_H

#include <stdint.h>

/* How many of n are kept when at most `most` (>= 2) may be. */
static inline int64_t er_thin_count(int64_t n, int64_t most)
{
    return n < most ? n : most;
}

/* The i-th that is kept, 0 <= i < er_thin_count(n, most): strictly rising from 0 to n - 1. n < 2^31 * 2^31 /
 * most. */
static inline int64_t er_thin(int64_t i, int64_t n, int64_t most)
{
    return n <= most ? i : i * (n - 1) / (most - 1);
}

#endif
