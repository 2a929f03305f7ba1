/* kernel_state.c - a head, then the blocks of the matrices in their order. */
#include "experiments/kernel_state.h"

#include "experiments/seal.h"

#include <ermine/memory.h>
#include <string.h>

static const double MEGABYTE = 1e6, MOST_MEGABYTES = 900;

struct head {
    char seal[ER_SEAL];
    int64_t n, m, d, ntk, side, done;
    int64_t found;
    double weight_std, bias_std, ridge, tuned_seconds, seconds;
};

bool er_kernel_state_worth(const struct er_kernel_matrices *matrices)
{
    const double size = (double)er_kernel_matrices_packed(matrices, matrices->done) / MEGABYTE;
    return size <= 1 || (size <= matrices->seconds && size <= MOST_MEGABYTES);
}

enum er_status er_kernel_state_save(const struct er_kernel_matrices *matrices,
                                    const struct er_kernel_tuned *tuned, void **out, size_t *bytes,
                                    struct er_error *err)
{
    const struct head head = {.n = matrices->n,
                              .m = matrices->m,
                              .d = matrices->d,
                              .ntk = matrices->ntk,
                              .side = matrices->side,
                              .done = matrices->done,
                              .found = tuned->found,
                              .weight_std = tuned->weight_std,
                              .bias_std = tuned->bias_std,
                              .ridge = tuned->ridge,
                              .tuned_seconds = tuned->seconds,
                              .seconds = matrices->seconds};
    *bytes = sizeof head + er_kernel_matrices_packed(matrices, matrices->done);
    char *at = er_alloc((int64_t)*bytes, 1);
    *out = at;
    if (!at) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for %zu bytes of a run", *bytes);
    memcpy(at, &head, sizeof head);
    er_kernel_matrices_pack(matrices, (double *)(void *)(at + sizeof head));
    er_seal_set(*out, *bytes);
    return ER_OK;
}

void er_kernel_state_restore(struct er_kernel_matrices *matrices, struct er_kernel_tuned *tuned,
                             const void *in, size_t bytes)
{
    struct head head;
    if (!in || bytes < sizeof head || !er_seal_holds(in, bytes)) return;
    memcpy(&head, in, sizeof head);
    if (head.n != matrices->n || head.m != matrices->m || head.d != matrices->d ||
        head.ntk != matrices->ntk || head.side != matrices->side || head.done < 0 ||
        head.done > er_kernel_matrices_blocks(matrices) ||
        bytes != sizeof head + er_kernel_matrices_packed(matrices, head.done))
        return;
    if (head.done < matrices->done || (tuned->found && !head.found)) return;
    if (head.found)
        *tuned =
            (struct er_kernel_tuned){true, head.weight_std, head.bias_std, head.ridge, head.tuned_seconds};
    er_kernel_matrices_unpack(matrices, head.done,
                              (const double *)(const void *)((const char *)in + sizeof head));
    matrices->seconds = head.seconds;
}
