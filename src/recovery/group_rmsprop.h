/* group_rmsprop.h - GroupRMSprop: one running mean square for all parameters together, so that a step keeps the gradient's
 * direction.
 *
 *     s <- a s + (1 - a) |g|^2,      step length / |g| = rate / (sqrt(s / (1 - a^t)) + epsilon)
 *
 * Source: the code of Arora, Cohen, Hu and Luo, "Implicit regularization in deep matrix factorization", NeurIPS 2019.
 */
#ifndef ERMINE_RECOVERY_GROUP_RMSPROP_H
#define ERMINE_RECOVERY_GROUP_RMSPROP_H

#include <math.h>

/* What the gradient is multiplied by in step t = 1, 2, ...; *s is 0 before the first, `square` is |g|^2. 0 where that is 0. */
static inline double er_group_rmsprop(double rate, double decay, double epsilon, double square, double t,
                                      double *s)
{
    *s = decay * *s + (1 - decay) * square;
    return square == 0 ? 0 : rate / (sqrt(*s / (1 - pow(decay, t))) + epsilon);
}

#endif
