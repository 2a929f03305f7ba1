/* wide_outputs.h - how Gaussian the outputs of random networks are. */
#ifndef ERMINE_EXPERIMENTS_WIDE_OUTPUTS_H
#define ERMINE_EXPERIMENTS_WIDE_OUTPUTS_H

#include "experiments/wide_net.h"

enum { ER_WIDE_QUANTILES = 81 };

struct er_wide_outputs {
    double kurtosis;    /* <z^4> / <z^2>^2 - 3 over networks and outputs, mean over examples */
    double ks;          /* sup |F(z) - Phi(z)|, mean over examples */
    double ks_gaussian; /* its mean for as many independent Gaussian numbers: 0.8687 / sqrt(count) */
};

/* Of `draws` networks from `seed` on at n inputs, z = f / sqrt(K(x, x)), k the exact kernel matrix (n x n). curve[0], [1]:
 * quantiles of the normal distribution and of all z, ER_WIDE_QUANTILES each. */
enum er_status er_wide_outputs_measure(const struct er_wide_net *net, int64_t n, const double *x,
                                       const double *k, int64_t draws, uint64_t seed,
                                       const struct er_progress *progress, struct er_wide_outputs *out,
                                       double *const *curve, struct er_error *err);

#endif
