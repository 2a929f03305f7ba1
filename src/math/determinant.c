/* determinant.c - determinants of 2 x 2 covariances; the loops three times, for the instructions that the machine has. */
#include "math/determinant.h"

#include "math/elementary_double.h"

#include <stdbool.h>

#ifdef FP_FAST_FMA
enum { PLAIN_FUSES = true };
#else
enum { PLAIN_FUSES = false };
#endif

/* a b - p for p = fl(a b), exactly. Without fma: both factors are split into halves of 26 bits (Veltkamp). */
ER_INLINE double lost(double a, double b, double p, const bool fused)
{
    if (fused) return fma(a, b, -p);
    const double wide_a = 134217729.0 * a, high_a = wide_a - (wide_a - a), low_a = a - high_a;
    const double wide_b = 134217729.0 * b, high_b = wide_b - (wide_b - b), low_b = b - high_b;
    return ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b;
}

ER_INLINE void loop(int64_t n, const double *q1, const double *q2, const double *c, double *det,
                    const bool fused)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double p = q1[i] * q2[i], w = c[i] * c[i];
        const double d = (p - w) + (lost(q1[i], q2[i], p, fused) - lost(c[i], c[i], w, fused));
        det[i] = er_select_double(d < 0.0, 0.0, d);
    }
}

/* In float32 a product in float64 is exact. */
ER_INLINE void loop32(int64_t n, const float *q1, const float *q2, const float *c, float *det,
                      const bool fused)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float p = q1[i] * q2[i], w = c[i] * c[i];
        const float lost_p =
            fused ? fmaf(q1[i], q2[i], -p) : (float)((double)q1[i] * (double)q2[i] - (double)p);
        const float lost_w = fused ? fmaf(c[i], c[i], -w) : (float)((double)c[i] * (double)c[i] - (double)w);
        const float d = (p - w) + (lost_p - lost_w);
        det[i] = er_select(d < 0.0f, 0.0f, d);
    }
}

void er_determinant_plain(int64_t n, const double *q1, const double *q2, const double *c, double *det)
{
    loop(n, q1, q2, c, det, PLAIN_FUSES);
}

#if ERMINE_AVX2 && defined __x86_64__

#define VARIANT(name, instructions)                                                                          \
    __attribute__((target(instructions))) static void name(int64_t n, const double *q1, const double *q2,    \
                                                           const double *c, double *det)                     \
    {                                                                                                        \
        loop(n, q1, q2, c, det, true);                                                                       \
    }                                                                                                        \
    __attribute__((target(instructions))) static void name##_32(int64_t n, const float *q1, const float *q2, \
                                                                const float *c, float *det)                  \
    {                                                                                                        \
        loop32(n, q1, q2, c, det, true);                                                                     \
    }
VARIANT(avx512, "avx512f,fma")
VARIANT(avx2, "avx2,fma")

static bool has_fma(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

void er_determinant(int64_t n, const double *q1, const double *q2, const double *c, double *det)
{
    if (has_fma() && __builtin_cpu_supports("avx512f"))
        avx512(n, q1, q2, c, det);
    else if (has_fma())
        avx2(n, q1, q2, c, det);
    else
        loop(n, q1, q2, c, det, PLAIN_FUSES);
}

void er_determinant32(int64_t n, const float *q1, const float *q2, const float *c, float *det)
{
    if (has_fma() && __builtin_cpu_supports("avx512f"))
        avx512_32(n, q1, q2, c, det);
    else if (has_fma())
        avx2_32(n, q1, q2, c, det);
    else
        loop32(n, q1, q2, c, det, PLAIN_FUSES);
}

#else

void er_determinant(int64_t n, const double *q1, const double *q2, const double *c, double *det)
{
    loop(n, q1, q2, c, det, PLAIN_FUSES);
}

void er_determinant32(int64_t n, const float *q1, const float *q2, const float *c, float *det)
{
    loop32(n, q1, q2, c, det, PLAIN_FUSES);
}

#endif
