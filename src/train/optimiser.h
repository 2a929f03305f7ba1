/* optimiser.h - what an optimiser is: one file in src/train/optimisers, one line in optimisers.def. */
#ifndef ERMINE_TRAIN_OPTIMISER_H
#define ERMINE_TRAIN_OPTIMISER_H

#include <ermine/train.h>

struct er_optimiser_ops {
    const char *name, *help;
    bool full_batch; /* always takes all examples at once */

    /* Arrays of P floats that it keeps, all zero at the start. */
    int (*states)(const struct er_optimiser *o);

    /* out (n) = where the gradient of a step is taken, given all of the one at the weights: n = P. NULL: there
     * is one gradient, at the weights. */
    void (*ascend)(const struct er_optimiser *o, int64_t n, const float *restrict g, const float *restrict w,
                   float *restrict out);

    /* Step t (from 1) with learning rate lr for n parameters, all or some of them: g the gradient, w the
     * parameters, state k at state + k * stride. Element by element, so pieces give the bits of the whole. */
    void (*step)(const struct er_optimiser *o, double lr, int64_t t, int64_t n, const float *restrict g,
                 float *restrict w, float *restrict state, int64_t stride);
};

/* The optimiser called `name`, or NULL. */
const struct er_optimiser_ops *er_optimiser_find(const char *name);

/* SGD's rule, which gradient descent shares. */
int er_sgd_states(const struct er_optimiser *o);
void er_sgd_step(const struct er_optimiser *o, double lr, int64_t t, int64_t n, const float *restrict g,
                 float *restrict w, float *restrict state, int64_t stride);

#endif
