/* seal.c - see seal.h: SHA-256 as text, zeros behind it. */
#include "experiments/seal.h"

#include <string.h>

static void seal_of(const void *state, size_t bytes, char seal[ER_SEAL])
{
    memset(seal, 0, ER_SEAL);
    er_sha256((const char *)state + ER_SEAL, bytes - ER_SEAL, seal);
}

void er_seal_set(void *state, size_t bytes)
{
    char seal[ER_SEAL];
    seal_of(state, bytes, seal);
    memcpy(state, seal, sizeof seal);
}

bool er_seal_holds(const void *state, size_t bytes)
{
    char seal[ER_SEAL];
    if (!state || bytes < ER_SEAL) return false;
    seal_of(state, bytes, seal);
    return memcmp(state, seal, sizeof seal) == 0;
}
