/* factor_state.c - what a factorisation needs to go on elsewhere: a head, the factors, Adam's moments. */
#include "recovery/factor.h"

#include <string.h>

struct head {
    int64_t numbers, size, step, plateau_step;
    double second_sum, plateau_loss;
};

static size_t block_bytes(const struct er_factorisation *f)
{
    return (size_t)f->plan.numbers * f->plan.size;
}

size_t er_factorisation_state_bytes(const struct er_factorisation *f)
{
    return sizeof(struct head) + block_bytes(f) * (f->first ? 3 : 1);
}

void er_factorisation_state(const struct er_factorisation *f, void *state)
{
    const size_t bytes = block_bytes(f);
    char *to = state;
    const struct head head = {.numbers = f->plan.numbers,
                              .size = (int64_t)f->plan.size,
                              .step = f->step,
                              .plateau_step = f->plateau_step,
                              .second_sum = f->second_sum,
                              .plateau_loss = f->plateau_loss};
    memcpy(to, &head, sizeof head);
    to += sizeof head;
    memcpy(to, f->w, bytes);
    if (!f->first) return;
    memcpy(to + bytes, f->first, bytes);
    memcpy(to + 2 * bytes, f->second, bytes);
}

enum er_status er_factorisation_restore(struct er_factorisation *f, const void *state, size_t bytes,
                                        struct er_error *err)
{
    const size_t block = block_bytes(f);
    const char *from = state;
    struct head head;
    if (bytes != er_factorisation_state_bytes(f))
        return er_fail(err, ER_E_INPUT, "factorise: a state of %zu bytes, this one's has %zu", bytes,
                       er_factorisation_state_bytes(f));
    memcpy(&head, from, sizeof head);
    if (head.numbers != f->plan.numbers || head.size != (int64_t)f->plan.size || head.step < 0)
        return er_fail(err, ER_E_INPUT, "factorise: the state is of %lld numbers at step %lld, not of %lld",
                       (long long)head.numbers, (long long)head.step, (long long)f->plan.numbers);
    from += sizeof head;
    memcpy(f->w, from, block);
    if (f->first) {
        memcpy(f->first, from + block, block);
        memcpy(f->second, from + 2 * block, block);
    }
    f->step = head.step;
    f->second_sum = head.second_sum;
    f->plateau_step = head.plateau_step;
    f->plateau_loss = head.plateau_loss;
    f->known = f->square_known = false;
    return ER_OK;
}
