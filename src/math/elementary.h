/* elementary.h - exp, log and their kin in float32, to be inlined in vector loops.
 *
 *     #pragma omp simd
 *     for (int64_t i = 0; i < n; i++) y[i] = er_tanhf(x[i]);
 *
 * No branch, no call, no table: in a function marked ER_VECTOR (core/vector.h) a loop over them becomes
 * vector code. Only +, -, *, / and operations on bits are used, each rounded once, so an element has the same
 * bits at every vector width; they differ from libm's. All assume rounding to nearest. NaN gives NaN, and
 * results below FLT_MIN are the rounded subnormals, not 0, unless it is said otherwise. No function sets
 * errno; floating-point exceptions may be raised for nothing. Any thread.
 *
 * Errors are the largest found against double libm over every 61st float of the range, in ulp of the exact
 * value (1 ulp = 2^-23 of its power of two; below FLT_MIN 2^-149); tests/math/elementary.c repeats that with
 * every 997th.
 *
 * Reduction of the argument, then a polynomial. Coefficients: minimax in relative error of the result, by our
 * own Remez exchange in 50 digits, then rounded to float one after the other from the lowest power, the
 * higher ones fitted anew each time where that helped. The reductions are those of Cody and Waite, "Software
 * Manual for the Elementary Functions", 1980; so is a constant that is given in several parts with few bits
 * each, which makes its product with a small integer exact.
 */
#ifndef ERMINE_MATH_ELEMENTARY_H
#define ERMINE_MATH_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define ER_INLINE static inline __attribute__((always_inline))

/* y[i] = er_expf(x[i]), i < n. y may be x. On an AVX-512 EPYC 0.4 ns an element (libm 3.2), with AVX2 0.55,
 * with SSE2 1.3. */
void er_exp_array(int64_t n, const float *x, float *y);

/* y[i] = log(x[i]), i < n, in float64. y may be x. 0.82 ulp; -0 and 0 give -inf, below 0 NaN, inf inf. */
void er_log_array(int64_t n, const double *x, double *y);

/* y[i] = e^x[i] for x[i] <= 0, i < n, in float64. y may be x. 1.1 ulp; 0 from -745.2 on. */
void er_exp_negative_array(int64_t n, const double *x, double *y);

/* y[i] = log(1 + e^x[i]), i < n, in float64. y may be x. 1.8 ulp. */
void er_softplus_array(int64_t n, const double *x, double *y);

ER_INLINE uint32_t er_float_bits(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

ER_INLINE float er_bits_float(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

ER_INLINE float er_absf(float x)
{
    return er_bits_float(er_float_bits(x) & 0x7fffffffu);
}

/* yes or no, both of them computed: the compiler moves the operations of a plain ?: into a branch, where it
 * may not vectorise them, as they could raise exceptions. */
ER_INLINE float er_select(int condition, float yes, float no)
{
    const uint32_t mask = -(uint32_t)condition;
    return er_bits_float((er_float_bits(yes) & mask) | (er_float_bits(no) & ~mask));
}

/* |x| with the sign of s. */
ER_INLINE float er_with_sign(float x, float s)
{
    return er_bits_float((er_float_bits(x) & 0x7fffffffu) | (er_float_bits(s) & 0x80000000u));
}

/* 1.5 * 2^23: added to a float below 2^22 it rounds that to an integer, which is then in the low bits. */
#define ER_ROUNDER 12582912.0f

/* e^(x + low) for -105 <= x <= 90 and |low| <= |x| 2^-11 or so: x + low = n ln 2 + r, |r| <= ln 2 / 2, and
 * e^r = 1 + r + r^2 q(r), q of degree 4 to 2^-28. 2^n goes on in two factors, since n may be beyond the
 * exponents of float. */
ER_INLINE float er_exp_two(float x, float low)
{
    const float rounded = x * 1.44269502f + ER_ROUNDER, n = rounded - ER_ROUNDER;
    const float r = ((x - n * 0.693145752f) - n * 1.42860677e-06f) + low;
    float q = 0.00138403988f;
    q = q * r + 0.00836934894f;
    q = q * r + 0.0416680835f;
    q = q * r + 0.166665152f;
    q = q * r + 0.49999994f;
    const float p = 1.0f + (r + r * r * q);
    const uint32_t twice = (er_float_bits(rounded) - er_float_bits(ER_ROUNDER)) + 254, half = twice >> 1;
    return p * er_bits_float(half << 23) * er_bits_float((twice - half) << 23);
}

/* e^x, 1.0 ulp; inf from 88.73 on, 0 from -103.98 on. */
ER_INLINE float er_expf(float x)
{
    x = er_select(x > 89.0f, 89.0f, x);
    x = er_select(x < -104.0f, -104.0f, x);
    return er_exp_two(x, 0.0f);
}

/* e^x - 1 for x <= 0, 1.6 ulp: down to -ln 2 / 2 x + x^2 q(x), with the q above; below e^x - 1. */
ER_INLINE float er_expm1f(float x)
{
    float q = 0.00138403988f;
    q = q * x + 0.00836934894f;
    q = q * x + 0.0416680835f;
    q = q * x + 0.166665152f;
    q = q * x + 0.49999994f;
    return er_select(x < -0.34657359f, er_expf(x) - 1.0f, x + x * x * q);
}

/* x^d for 0 <= d < 32: from d's highest bit down a square, and a factor x where the bit is set. */
ER_INLINE float er_powerf(float x, int d)
{
    float y = 1;
    for (int bit = 4; bit >= 0; bit--) y = y * y * er_select(d >> bit & 1, x, 1.0f);
    return y;
}

/* log(2^e (1 + f)) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1: log(1 + f) = f - f^2/2 + f^3 P(f), P of degree 7 to
 * 2^-27 of the result. */
ER_INLINE float er_log_reduced(float e, float f)
{
    float P = -0.0763449445f;
    P = P * f + 0.12761575f;
    P = P * f - 0.131601825f;
    P = P * f + 0.142017588f;
    P = P * f - 0.166233569f;
    P = P * f + 0.200012267f;
    P = P * f - 0.250008196f;
    P = P * f + 0.333333313f;
    const float s = f * f;
    return e * 0.693145752f + (f - (0.5f * s - (f * s * P + e * 1.42860677e-06f)));
}

/* Bits such that u = 2^e m, sqrt(1/2) <= m < sqrt(2), for a normal u > 0: e + 127 above bit 23, m's below. */
ER_INLINE uint32_t er_log_split(float u)
{
    return er_float_bits(u) + (0x3f800000u - 0x3f3504f3u);
}

ER_INLINE float er_log_mantissa(uint32_t split)
{
    return er_bits_float((split & 0x007fffffu) + 0x3f3504f3u);
}

/* log x, 0.82 ulp; -inf at -0 and 0, NaN below 0. */
ER_INLINE float er_logf(float x)
{
    const float grown = x * 8388608.0f; /* 2^23: the subnormals become normal */
    const int tiny = x < 1.17549435e-38f;
    const uint32_t split = er_log_split(er_select(tiny, grown, x));
    const float e = (float)(int32_t)(split >> 23) - er_select(tiny, 150.0f, 127.0f);
    float y = er_log_reduced(e, er_log_mantissa(split) - 1.0f);
    y = er_select(x < INFINITY, y, x);
    y = er_select(x == 0.0f, -INFINITY, y);
    return er_select(x < 0.0f, NAN, y);
}

/* log(1 + x) for x > -1 and finite: with u = fl(1 + x) = 2^e m, 1 + x = 2^e (m + (1 + x - u) 2^-e). */
ER_INLINE float er_log1p_finite(float x)
{
    const float u = 1.0f + x;
    const float lost = er_select(x < 1.0f, x - (u - 1.0f), 1.0f - (u - x));
    const uint32_t split = er_log_split(u), exponent = split >> 23;
    const float shrink = er_select(u < 1e9f, er_bits_float((254u - exponent) << 23), 0.0f);
    return er_log_reduced((float)(int32_t)exponent - 127.0f, (er_log_mantissa(split) - 1.0f) + lost * shrink);
}

/* log(1 + x), 1.4 ulp; -inf at -1, NaN below. -0 gives 0. */
ER_INLINE float er_log1pf(float x)
{
    float y = er_log1p_finite(x);
    y = er_select(x < INFINITY, y, x);
    y = er_select(x == -1.0f, -INFINITY, y);
    return er_select(x < -1.0f, NAN, y);
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), 1.7 ulp. */
ER_INLINE float er_softplusf(float x)
{
    const float above = er_select(x > 0.0f, x, 0.0f);
    return above + er_log1p_finite(er_expf(-er_absf(x)));
}

/* 1 / (1 + e^-x), 2.4 ulp down to FLT_MIN; 0 from -88.73 on. The derivative of softplus. */
ER_INLINE float er_sigmoidf(float x)
{
    return 1.0f / (1.0f + er_expf(-x));
}

/* tanh x, 1.3 ulp: odd to the bit. Below 0.625 x + x^3 P(x^2), P of degree 4 to 2^-27; above
 * 1 - 2 / (e^2x + 1). */
ER_INLINE float er_tanhf(float x)
{
    const float a = er_absf(x), s = x * x;
    float P = -0.0056922962f;
    P = P * s + 0.0206281673f;
    P = P * s - 0.0537365153f;
    P = P * s + 0.133314058f;
    P = P * s - 0.333332807f;
    const float near = a + a * s * P, far = 1.0f - 2.0f / (er_expf(2.0f * a) + 1.0f);
    return er_with_sign(er_select(a > 0.625f, far, near), x);
}

/* erf x, 1.3 ulp: odd to the bit. Below 0.875 x + x P(x^2), P of degree 5 to 2^-26; above
 * 1 - e^-Q(x), Q of degree 6 to 2^-28 of the result; from 4 on it is 1 in float. */
ER_INLINE float er_erff(float x)
{
    const float a = er_absf(x), s = x * x, b = er_select(a > 4.0f, 4.0f, a);
    float P = -0.000602087239f;
    P = P * s + 0.00499750162f;
    P = P * s - 0.0267687142f;
    P = P * s + 0.112818591f;
    P = P * s - 0.376124978f;
    P = P * s + 0.128379151f;
    float Q = -0.000200994502f;
    Q = Q * b + 0.00309227128f;
    Q = Q * b - 0.0224201214f;
    Q = Q * b + 0.104327291f;
    Q = Q * b + 0.636737466f;
    Q = Q * b + 1.12793601f;
    Q = Q * b + 0.000133598151f;
    const float near = a + a * P, far = 1.0f - er_exp_two(-Q, 0.0f);
    return er_with_sign(er_select(a > 0.875f, far, near), x);
}

/* e^(-x^2 / 2), 1.4 ulp: x^2 is taken in two parts, h^2 exactly and (x - h)(x + h). Even to the bit. */
ER_INLINE float er_gaussianf(float x)
{
    float a = er_absf(x);
    a = er_select(a > 14.5f, 14.5f, a);
    const float h = er_bits_float(er_float_bits(a) & 0xfffff000u);
    return er_exp_two(-0.5f * h * h, -0.5f * (a - h) * (a + h));
}

/* Density of the standard normal, phi(x) = e^(-x^2 / 2) / sqrt(2 pi), 2.1 ulp. */
ER_INLINE float er_normal_densityf(float x)
{
    return 0.398942292f * er_gaussianf(x);
}

/* Distribution function of the standard normal, Phi(x), 5.3 ulp and 1.0e-7 at most, also in the lower tail,
 * which (1 + erf(x / sqrt 2)) / 2 would lose. With a = |x|, for a < 0.7, and beyond that
 *
 *     Phi(x) = 1/2 + x P(x^2)                       P of degree 4
 *     Phi(-a) = e^(-a^2 / 2) S(t) / (a + 4)         t = (a - 4) / (a + 4), S of degree 8, to 2^-24.9
 *     Phi(a) = 1 - Phi(-a)
 *
 * The form of the tail is that of Shepherd and Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2)
 * erfc x", Mathematics of Computation 36, 1981. Beside er_normal_densityf(x) the exponential is computed
 * once. gelu(x) = x Phi(x), its derivative Phi + x phi. */
ER_INLINE float er_normal_cdff(float x)
{
    const float a = er_absf(x), s = x * x, b = er_select(a > 14.5f, 14.5f, a);
    float P = 0.000103134473f;
    P = P * s - 0.00118121295f;
    P = P * s + 0.009972197f;
    P = P * s - 0.0664902553f;
    P = P * s + 0.398942292f;
    const float inverse = 1.0f / (b + 4.0f), t = (b - 4.0f) * inverse;
    float S = 0.000213464751f;
    S = S * t + 0.00145678665f;
    S = S * t - 0.00353111047f;
    S = S * t - 0.00749247521f;
    S = S * t + 0.0604064465f;
    S = S * t - 0.186526939f;
    S = S * t + 0.387136847f;
    S = S * t - 0.607896507f;
    S = S * t + 0.755285144f;
    const float tail = er_gaussianf(x) * (S * inverse);
    const float far = er_select(x > 0.0f, 1.0f - tail, tail);
    return er_select(a < 0.7f, 0.5f + x * P, far);
}

/* sin(r + parity * pi) for |r| <= 1.582, which is pi / 2 and what rounding adds to it in the callers at 1e5:
 * r + r^3 P(r^2), P of degree 3 to 2^-27. Beyond, r is cut off. */
ER_INLINE float er_sin_reduced(float r, uint32_t parity)
{
    r = er_select(r > 1.582f, 1.582f, r);
    r = er_select(r < -1.582f, -1.582f, r);
    const float s = r * r;
    float P = 2.60483694e-06f;
    P = P * s - 0.000198093316f;
    P = P * s + 0.00833306555f;
    P = P * s - 0.166666597f;
    const float y = r + r * s * P;
    return er_bits_float(er_float_bits(y) ^ (parity << 31));
}

/* x - m pi / 2 in four parts, the first three of 8 bits: exact but for the last for integers |m| < 2^16. */
ER_INLINE float er_minus_quarters(float x, float m)
{
    return ((x - m * 1.5703125f) - m * 0.000457763672f) - m * 2.59876251e-05f - m * 7.54979013e-08f;
}

/* sin x: within 1.2e-7 for |x| <= 1e5. Beyond, quarters are no longer exact and the error grows: 0.01 at 2e5,
 * 0.1 at 4e6, then all is lost, but the result stays within [-1, 1]. inf gives NaN; the sign of -0 is lost.
 */
ER_INLINE float er_sinf(float x)
{
    const float rounded = x * 0.318309873f + ER_ROUNDER, n = rounded - ER_ROUNDER;
    return er_sin_reduced(er_minus_quarters(x, 2.0f * n), er_float_bits(rounded));
}

/* cos x = -sin(x - (n + 1/2) pi) (-1)^n, as er_sinf(). Even to the bit. */
ER_INLINE float er_cosf(float x)
{
    const float a = er_absf(x);
    const float rounded = (a * 0.318309873f - 0.5f) + ER_ROUNDER, n = rounded - ER_ROUNDER;
    return er_sin_reduced(er_minus_quarters(a, 2.0f * n + 1.0f), er_float_bits(rounded) + 1);
}

#endif
