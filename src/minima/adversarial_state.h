/* adversarial_state.h - where a request of the sampler `adversarial` is: in which of its two trainings; and that as
 * bytes.
 */
#ifndef ERMINE_MINIMA_ADVERSARIAL_STATE_H
#define ERMINE_MINIMA_ADVERSARIAL_STATE_H

#include "minima/sampler.h"

struct er_adversarial_state {
    bool second;               /* the first training is done */
    bool missed;               /* and ended before the random labels were learnt as well as its rule asks */
    double seconds;            /* that it took */
    float *start, *statistics; /* P, S: where the second begins; the caller's */
    const void *inner;         /* er_train()'s checkpoint of the one under way, borrowed */
    size_t inner_bytes;        /* 0: none */
};

/* The state as bytes: *out is freed by er_free(). ER_E_NOMEM. */
enum er_status er_adversarial_write(const struct er_minimum_request *request,
                                    const struct er_adversarial_state *state, unsigned char **out,
                                    size_t *bytes, struct er_error *err);

/* Takes up what was written for this request; `inner` then points into `from`. Bytes that are damaged, or those of
 * another first training, are passed over. */
void er_adversarial_read(const struct er_minimum_request *request, const unsigned char *from, size_t bytes,
                         struct er_adversarial_state *state);

#endif
