/* toy_kernels.h - K and Theta of three training and two test inputs under the infinitely wide erf network of three hidden
 * layers, weight_std 1.5, bias_std 0.1, in plain loops: the toy on which predictions are known to 13 digits.
 */
#ifndef ERMINE_TESTS_SUPPORT_TOY_KERNELS_H
#define ERMINE_TESTS_SUPPORT_TOY_KERNELS_H

#include <stdint.h>

enum { TOY_TRAIN = 3, TOY_TEST = 2, TOY = TOY_TRAIN + TOY_TEST };

struct toy_kernels {
    double k[TOY][TOY], theta[TOY][TOY];
    /* The same in blocks: training, test x training, test. */
    double k_train[TOY_TRAIN * TOY_TRAIN], k_test[TOY_TEST * TOY_TRAIN], k_both[TOY_TEST * TOY_TEST];
    double theta_train[TOY_TRAIN * TOY_TRAIN], theta_test[TOY_TEST * TOY_TRAIN],
        theta_both[TOY_TEST * TOY_TEST];
};

extern const double toy_targets[TOY_TRAIN];

/* Of hidden width infinite, tangent parameterisation. */
struct toy_kernels toy_kernels(double weight_std, double bias_std);

/* Values that are known to 13 decimals: within 1e-10 relative, 1e-11 absolute below 0.1. */
void toy_check(int64_t n, const double *got, const double *want, const char *what);

#endif
