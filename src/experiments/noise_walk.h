/* noise_walk.h - stochastic gradient descent on a loss of one number, by many walkers.
 *
 *     x <- x - rate (L'(x) + sd xi / sqrt(batch)),   xi ~ N(0, 1), one for each step and walker
 *
 * is what a minibatch does whose examples have gradients of standard deviation sd around the mean. For small rates it is
 * dx = -L' dt + sqrt(2 T) dW with time rate x steps at the temperature
 *
 *     T = rate sd^2 / (2 batch)
 *
 * Source: Mandt, Hoffman and Blei, "Stochastic gradient descent as approximate Bayesian inference", JMLR 2017; Jastrzebski
 * et al., "Three factors influencing minima in SGD", 2017.
 */
#ifndef ERMINE_EXPERIMENTS_NOISE_WALK_H
#define ERMINE_EXPERIMENTS_NOISE_WALK_H

#include "experiments/noise_wells.h"

struct er_noise_spec {
    double rate, sd;
    int64_t batch, steps, walkers, per_decade; /* per_decade: records of the quadratic's curve */
    double curvature;                          /* h of L = h x^2 / 2, above 0; 0: wells */
    struct er_wells wells;
    uint64_t seed;
};

double er_noise_temperature(const struct er_noise_spec *spec);

/* On h x^2 / 2 from x = 0. Steps of a walker are independent given rho = 1 - rate h, so that
 *
 *     E x_t^2 = v (1 - rho^2t),   v = rate sd^2 / (batch h (2 - rate h)) where 0 < rate h < 2
 *
 * exactly, whatever the rate. */
double er_noise_variance(const struct er_noise_spec *spec,
                         int64_t step);                           /* INFINITY beyond the largest double */
double er_noise_variance_limit(const struct er_noise_spec *spec); /* INFINITY where it diverges */

/* The mean square distance that the noise alone leads to in all steps: that of a walk with curvature 0. No stable rate
 * goes beyond it. */
double er_noise_free(const struct er_noise_spec *spec);

/* square[k]: mean of x^2 over the walkers at record k (log_steps.h). *mean, *error: of x^2 over walkers and the last half of the
 * steps, and the standard error of that over walkers (NaN for one). ER_E_STOPPED. */
enum er_status er_noise_walk_quadratic(const struct er_noise_spec *spec, double *square, double *mean,
                                       double *error, const struct er_progress *progress,
                                       struct er_error *err);

/* In the wells, from the bottom of the narrow one. count[k], k = 0..bins-1: how often a walker was in the k-th of so many
 * parts of [-narrow, wide), of equal width, in the last tenth of the steps (at least one); *wide: the share of these that was
 * above 0. ER_E_STOPPED. */
enum er_status er_noise_walk_wells(const struct er_noise_spec *spec, int bins, double *count, double *wide,
                                   const struct er_progress *progress, struct er_error *err);

#endif
