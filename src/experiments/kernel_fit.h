/* kernel_fit.h - kernel ridge regression, and interpolation as its case without ridge.
 *
 *     f(z) = sum_i k(z, x_i) c_i        (K + (ridge + jitter) I) c = y        K_ij = k(x_i, x_j)
 *
 * f minimises sum_i |f(x_i) - y_i|^2 + ridge |f|^2 over the kernel's Hilbert space; with ridge 0 it is the
 * interpolant of least norm, |f|^2 = sum over targets of c' K c. Source: Schoelkopf and Smola, "Learning with
 * Kernels", 2002, chapter 4; Zhang et al., ICLR 2017, section 5.
 *
 * Where K + ridge I is not positive definite to rounding (equal examples, a linear kernel with more examples than
 * dimensions), which is: a pivot of its Cholesky factor is not above 0, or its condition number is above 2^52, there
 * jitter = 10^-10 100^t tr K / n is added, t = 0, 1, 2, the first that makes it so. It is 0 in all other cases. A
 * jitter j moves outputs by j c, and leaves an error of rounding of some 2^-52 / j where equal examples have different
 * targets; at 10^-10 both are small.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_FIT_H
#define ERMINE_EXPERIMENTS_KERNEL_FIT_H

#include "math/kernel.h"

#include <ermine/data.h>
#include <ermine/pool.h>

struct er_kernel_fit {
    bool solved;      /* false: singular even with the largest jitter; only trace and pivot hold then */
    int64_t k;        /* targets */
    double *c;        /* n x k coefficients */
    double *f;        /* n x k outputs on the training set, K c */
    double *left_out; /* n x k: outputs on example i of the fit without it */
    double norm;      /* |f| */
    double trace;     /* tr K */
    double jitter;    /* that was added */
    double condition; /* of the matrix that was solved with, er_cholesky_condition() */
};

/* The outputs on an example of the fit without it follow from the fit with it,
 * y_i - c_i / ((K + (ridge + jitter) I)^-1)_ii (Golub, Heath and Wahba, Technometrics 1979).
 *
 * y: n x k. Work is spread over the pool; the same bits on any number of threads. ER_E_NOMEM, with the numbers when
 * it is known beforehand; ER_E_STOPPED; ER_E_NONFINITE: the kernel of two examples is beyond float64. */
enum er_status er_kernel_fit(const struct er_kernel *kernel, const struct er_dataset *train, int64_t k,
                             const double *y, double ridge, struct er_pool *pool,
                             const struct er_progress *progress, struct er_kernel_fit *out,
                             struct er_error *err);
void er_kernel_fit_clear(struct er_kernel_fit *fit);

/* Bytes taken while it works, and flops, of n examples of d values with k targets. */
double er_kernel_fit_bytes(int64_t n, int64_t d, int64_t k, int threads);
double er_kernel_fit_flops(int64_t n, int64_t d, int64_t k);

#endif
