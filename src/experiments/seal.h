/* seal.h - a checksum before a run's state, so that bytes which were damaged are known.
 */
#ifndef ERMINE_EXPERIMENTS_SEAL_H
#define ERMINE_EXPERIMENTS_SEAL_H

#include <ermine/hash.h>
#include <stdbool.h>

enum { ER_SEAL = ER_SHA256_HEX + 7 }; /* bytes at the beginning of a state: a multiple of 8 */

/* Writes the seal of a state of at least ER_SEAL bytes, of all behind it. Cost: SHA-256 of the bytes. */
void er_seal_set(void *state, size_t bytes);

/* Whether bytes, NULL among them, are a state as it was sealed. Same cost. */
bool er_seal_holds(const void *state, size_t bytes);

#endif
