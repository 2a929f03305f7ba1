/* augment.h - the two halves of <ermine/augment.h>: what is drawn, and what is done with it.
 */
#ifndef ERMINE_DATA_AUGMENT_H
#define ERMINE_DATA_AUGMENT_H

#include <ermine/augment.h>

struct er_augment_draw {
    int64_t down, right; /* u and v: where the window begins in the padded image */
    bool flip;
};

struct er_augment_draw er_augment_draw(const struct er_augment *augment, uint64_t seed, uint64_t epoch,
                                       int64_t example);

/* `out` is the window of `in` that was drawn; arguments as in er_augment_example(). */
void er_augment_apply(const struct er_augment *augment, struct er_augment_draw draw, struct er_shape shape,
                      const float *zero, const float *in, float *out);

#endif
