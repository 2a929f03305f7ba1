/* dual_abrelu.h - what dual_abrelu.c and its twins for AVX-512 share. */
#ifndef ERMINE_MATH_DUAL_ABRELU_H
#define ERMINE_MATH_DUAL_ABRELU_H

#include "math/dual.h"

#include <math.h>
#include <stddef.h>

struct er_half_lines {
    double F, half; /* (a - b)^2 / (2 pi), (a^2 + b^2) / 2 */
};

static inline struct er_half_lines er_half_lines(const double *p)
{
    const double a = p[0], b = p[1];
    return (struct er_half_lines){(a - b) * (a - b) / (2 * M_PI), (a * a + b * b) / 2};
}

void er_abrelu_avx512(const struct er_half_lines *l, int64_t n, const struct er_dual_side *one,
                      const struct er_dual_side *two, double *k, double *theta);
void er_abrelu_avx512_32(const struct er_half_lines *l, int64_t n, const struct er_dual_side32 *one,
                         const struct er_dual_side32 *two, float *k, float *theta);

/* What is left on other machines; the same to rounding. */
void er_abrelu_plain(const struct er_half_lines *l, int64_t n, const struct er_dual_side *one,
                     const struct er_dual_side *two, double *k, double *theta);
void er_abrelu_plain_32(const struct er_half_lines *l, int64_t n, const struct er_dual_side32 *one,
                        const struct er_dual_side32 *two, float *k, float *theta);

#endif
