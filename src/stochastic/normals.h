/* normals.h - many standard normal numbers in float32, as a function of (seed, stream).
 *
 *     out[i], out[i + 8] = sqrt(-2 ln u) cos(2 pi v), sqrt(-2 ln u) sin(2 pi v)       i in 0..7 of each 16
 *
 * with u = (k + 1/2) 2^-23 of the upper 23 bits k of a word and v = l 2^-24 of the next word's: |out| <
 * 5.8, outside of which a normal number lies once in 10^8 draws. Other numbers than those of
 * er_random_normal(), and 20 times as fast. Box and Muller, Ann. Math. Statist. 1958. The same bits on
 * every machine (math/elementary.h). Any thread.
 */
#ifndef ERMINE_STOCHASTIC_NORMALS_H
#define ERMINE_STOCHASTIC_NORMALS_H

#include <stdint.h>

/* out[0..n) for n >= 0; the first of more are those of fewer. */
void er_normals(uint64_t seed, uint64_t stream, int64_t n, float *out);

#endif
