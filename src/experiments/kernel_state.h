/* kernel_state.h - kernel matrices as far as they are done, sealed, as a run's state in the store.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_STATE_H
#define ERMINE_EXPERIMENTS_KERNEL_STATE_H

#include "experiments/kernel_matrices.h"

/* What a search has found before there are matrices; `found` false: there was none. */
struct er_kernel_tuned {
    bool found;
    double weight_std, bias_std, ridge, seconds;
};

/* Whether a state of what is done is worth its room in the store: at most a megabyte, or one for each second of the
 * computing that it saves; and at most 900, since the store holds values of up to a gigabyte. */
bool er_kernel_state_worth(const struct er_kernel_matrices *matrices);

/* A state, freed by er_free(). ER_E_NOMEM. */
enum er_status er_kernel_state_save(const struct er_kernel_matrices *matrices,
                                    const struct er_kernel_tuned *tuned, void **out, size_t *bytes,
                                    struct er_error *err);

/* Takes a state where it is one of these matrices, whole, and further than they are. */
void er_kernel_state_restore(struct er_kernel_matrices *matrices, struct er_kernel_tuned *tuned,
                             const void *in, size_t bytes);

#endif
