/* gaussian_kernel.h - kernel matrices of points in a plane, and targets for them. */
#ifndef ERMINE_TESTS_SUPPORT_GAUSSIAN_KERNEL_H
#define ERMINE_TESTS_SUPPORT_GAUSSIAN_KERNEL_H

#include "support/needed.h"

#include <ermine/random.h>
#include <math.h>

/* exp(-|x - x'|^2 / 2) between points n.. and m.. of one uniform sample of [-2, 2]^2. */
static inline double *gaussian_kernel(int64_t first, int64_t m, int64_t n)
{
    const int64_t points = first + m > n ? first + m : n;
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    double *x = needed(2 * points, sizeof *x), *k = needed(m * n, sizeof *k);
    for (int64_t i = 0; i < 2 * points; i++) x[i] = 4 * er_random_uniform(&r) - 2;
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            const double a = x[2 * (first + i)] - x[2 * j], b = x[2 * (first + i) + 1] - x[2 * j + 1];
            k[i * n + j] = exp(-(a * a + b * b) / 2);
        }
    er_free(x);
    return k;
}

static inline double *targets(int64_t n)
{
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, 0));
    double *y = needed(n, sizeof *y);
    for (int64_t i = 0; i < n; i++) y[i] = er_random_normal(&r);
    return y;
}

#endif
