/* kernel_state.c - sealed, and taken back. */
#include "experiments/kernel_state.h"

#include <string.h>

void er_kernel_state_seal(struct er_kernel_state *state)
{
    er_seal_set(state, sizeof *state);
}

void er_kernel_state_take(struct er_kernel_state *state, const void *bytes, size_t n)
{
    struct er_kernel_state other;
    if (n != sizeof other || !er_seal_holds(bytes, n)) return;
    memcpy(&other, bytes, sizeof other);
    if (other.tuned.found < state->tuned.found) return;
    if (other.tuned.found > state->tuned.found || other.seconds >= state->seconds) *state = other;
}
