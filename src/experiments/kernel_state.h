/* kernel_state.h - what a run of `kernel` keeps in the store besides its matrices, which have files of their own: what a
 * search has found, and how long all took.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_STATE_H
#define ERMINE_EXPERIMENTS_KERNEL_STATE_H

#include "experiments/seal.h"

#include <stdint.h>

/* What a search has found before there are matrices; `found` 0: there was none. */
struct er_kernel_tuned {
    int64_t found;
    double weight_std, bias_std, ridge, seconds;
};

/* As it lies in the store. */
struct er_kernel_state {
    char seal[ER_SEAL];
    struct er_kernel_tuned tuned;
    double seconds; /* of the matrices, so far */
    int64_t ntk;    /* the files have Theta */
};

void er_kernel_state_seal(struct er_kernel_state *state);

/* Takes bytes where they are such a state, whole, with something found that *state lacks, or with more seconds. */
void er_kernel_state_take(struct er_kernel_state *state, const void *bytes, size_t n);

#endif
