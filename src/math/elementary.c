/* elementary.c - the array forms of elementary.h, and logarithm and softplus in float64. */
#include "math/elementary.h"

#include "core/vector.h"
#include "math/elementary_double.h"

ER_VECTOR
void er_exp_array(int64_t n, const float *x, float *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_expf(x[i]);
}

/* log x: x = 2^e (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), and with s = f / (2 + f)
 *
 *     log(1 + f) = 2 atanh s = 2 s + s W(s^2) = f - (f^2/2 - s (f^2/2 + W(s^2)))
 *
 * where W(v) = v (c0 + c1 v + ...), seven coefficients to 2^-59 of the result. The second form, known from
 * fdlibm, has f exactly and rounds only what is small beside it. */
ER_INLINE double log_double(double x)
{
    const uint64_t half_root = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
    const double grown = x * 0x1p52;
    const int tiny = x < 0x1p-1022;
    const uint64_t split = er_double_bits(er_select_double(tiny, grown, x)) + (one - half_root);
    /* no vector instruction before AVX-512 turns 64-bit integers into doubles; below 2^52 these bits do */
    const double e =
        (er_bits_double(0x4330000000000000u | split >> 52) - 0x1p52) - er_select_double(tiny, 1075.0, 1023.0);
    const double f = er_bits_double((split & 0xfffffffffffffu) + half_root) - 1.0;
    const double s = f / (2.0 + f), v = s * s, h = 0.5 * f * f;
    double W = 0.14795383518788105;
    W = W * v + 0.15314111896016233;
    W = W * v + 0.18183561727530337;
    W = W * v + 0.22222198627297582;
    W = W * v + 0.28571428741820137;
    W = W * v + 0.39999999999417368;
    W = W * v + 0.6666666666666734;
    W = W * v;
    double y = e * 0.69314718055989033 + (f - (h - (s * (h + W) + e * 5.4979230187083712e-14)));
    y = er_select_double(x < (double)INFINITY, y, x);
    y = er_select_double(x == 0.0, -(double)INFINITY, y);
    return er_select_double(x < 0.0, (double)NAN, y);
}

ER_VECTOR
void er_log_array(int64_t n, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = log_double(x[i]);
}

ER_VECTOR
void er_exp_negative_array(int64_t n, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_exp(x[i]);
}

/* max(x, 0) + log(1 + e), e = e^-|x|; with u = fl(1 + e): log(1 + e) = log u + (1 + e - u) / u. */
ER_VECTOR
void er_softplus_array(int64_t n, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double a = er_abs_double(x[i]), e = er_exp(-a);
        const double u = 1.0 + e, lost = e - (u - 1.0);
        y[i] = er_select_double(x[i] > 0.0, x[i], 0.0) + (log_double(u) + lost / u);
    }
}
