/* random_many.h - Philox4x32-10 for many counters that follow each other, by the widest products of the machine.
 */
#ifndef ERMINE_CORE_RANDOM_MANY_H
#define ERMINE_CORE_RANDOM_MANY_H

#include <stdbool.h>
#include <stdint.h>

/* From the widest. */
enum er_random_vectors { ER_RANDOM_AVX512, ER_RANDOM_AVX2, ER_RANDOM_VECTORS };

/* Whether this machine and build have them. */
bool er_random_has(enum er_random_vectors which);

/* Four words for each of the counters counter, counter + 1, ..., as er_random_many_words(), for the first so many of
 * n that are whole blocks: their number. er_random_has(which). */
int64_t er_random_blocks(enum er_random_vectors which, uint64_t seed, uint64_t stream, uint64_t counter,
                         int64_t n, uint32_t *out);

#endif
