/* dual_abrelu.c - the dual of two half lines, phi(x) = a min(x, 0) + b max(x, 0): relu, leaky relu, the modulus.
 *
 *     s = sqrt(det)     angle = atan2(s, c), pi/2 where a variance is 0     F = (a - b)^2 / (2 pi)
 *     T' = (a^2 + b^2)/2 - F angle          T = F s + T' c
 *     q1 = q2 = c: T' = (a^2 + b^2)/2, ((a + b)/2)^2 at 0                    T = q (a^2 + b^2)/2
 *
 * At 0, where phi has a kink, phi'(0) = (a + b)/2. Near a point with itself the angle has half of the digits: T is right to
 * 1e-16, T' to 2e-9 (float32: 2e-5), as the determinant of a rounded covariance allows. Source: Cho and Saul, NeurIPS 2009;
 * Tsuchida et al., arXiv:1711.09090.
 */
#include "math/dual_abrelu.h"
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

/* Loops take F and half in the place of p. */
ER_VECTOR
static void loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det, double *k,
                 double *theta)
{
    (void)q1;
    (void)q2;
    const double F = p[0], half = p[1];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double c = k[i], s = sqrt(det[i]), slope = half - F * er_angle(s, c);
        k[i] = F * s + slope * c;
        theta[i] *= slope;
    }
}

ER_VECTOR
static void loop32(const double *p, int64_t n, const float *q1, const float *q2, const float *det, float *k,
                   float *theta)
{
    (void)q1;
    (void)q2;
    const float F = (float)p[0], half = (float)p[1];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float c = k[i], s = sqrtf(det[i]), slope = half - F * er_anglef(s, c);
        k[i] = F * s + slope * c;
        theta[i] *= slope;
    }
}

void er_abrelu_plain(const struct er_half_lines *l, int64_t n, const struct er_dual_side *one,
                     const struct er_dual_side *two, double *k, double *theta)
{
    er_dual_pairs(loop, (const double[]){l->F, l->half}, n, one, two, k, theta);
}

void er_abrelu_plain_32(const struct er_half_lines *l, int64_t n, const struct er_dual_side32 *one,
                        const struct er_dual_side32 *two, float *k, float *theta)
{
    er_dual_pairs32(loop32, (const double[]){l->F, l->half}, n, one, two, k, theta);
}

#if ERMINE_AVX2 && defined __x86_64__
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
}
#endif

static void pair(const double *p, int64_t n, const struct er_dual_side *one, const struct er_dual_side *two,
                 double *k, double *theta)
{
    const struct er_half_lines l = er_half_lines(p);
#if ERMINE_AVX2 && defined __x86_64__
    if (has_avx512()) {
        er_abrelu_avx512(&l, n, one, two, k, theta);
        return;
    }
#endif
    er_abrelu_plain(&l, n, one, two, k, theta);
}

static void pair32(const double *p, int64_t n, const struct er_dual_side32 *one,
                   const struct er_dual_side32 *two, float *k, float *theta)
{
    const struct er_half_lines l = er_half_lines(p);
#if ERMINE_AVX2 && defined __x86_64__
    if (has_avx512()) {
        er_abrelu_avx512_32(&l, n, one, two, k, theta);
        return;
    }
#endif
    er_abrelu_plain_32(&l, n, one, two, k, theta);
}

static void self(const double *p, int64_t n, const double *q, const double *table, double *k, double *theta)
{
    (void)table;
    const double half = er_half_lines(p).half, at_0 = (p[0] + p[1]) * (p[0] + p[1]) / 4;
    for (int64_t i = 0; i < n; i++) {
        if (theta) theta[i] *= q[i] > 0 ? half : at_0;
        k[i] = half * q[i];
    }
}

const struct er_dual er_dual_abrelu = {.slope = true, .pair = pair, .self = self, .pair32 = pair32};
