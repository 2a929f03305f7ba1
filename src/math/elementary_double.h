/* elementary_double.h - the exponential, the arc tangent and what they need in float64, to be inlined in vector loops.
 *
 * As math/elementary.h, which says what that means: no branch, no call, no table, only operations that are rounded once, so
 * an element has the same bits at every vector width.
 */
#ifndef ERMINE_MATH_ELEMENTARY_DOUBLE_H
#define ERMINE_MATH_ELEMENTARY_DOUBLE_H

#include "math/elementary.h"

ER_INLINE uint64_t er_double_bits(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

ER_INLINE double er_bits_double(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* yes or no, both of them computed. */
ER_INLINE double er_select_double(int condition, double yes, double no)
{
    const uint64_t mask = -(uint64_t)condition;
    return er_bits_double((er_double_bits(yes) & mask) | (er_double_bits(no) & ~mask));
}

ER_INLINE double er_abs_double(double x)
{
    return er_bits_double(er_double_bits(x) & 0x7fffffffffffffffu);
}

/* x with its sign changed where the condition holds. */
ER_INLINE double er_negate_double(int condition, double x)
{
    return er_bits_double(er_double_bits(x) ^ (uint64_t)condition << 63);
}

ER_INLINE float er_negate(int condition, float x)
{
    return er_bits_float(er_float_bits(x) ^ (uint32_t)condition << 31);
}

/* 1.5 * 2^52: added to a double below 2^51 it rounds that to an integer, which is then in the low bits. */
#define ER_ROUNDER_DOUBLE 0x1.8p52

/* n of x = n ln 2 + r, |r| <= ln 2 / 2. ln 2 in two parts, the first of 32 bits: its product with n is exact. */
struct er_exp_reduced {
    double n, r;
    uint64_t power; /* n in the low bits */
};

ER_INLINE struct er_exp_reduced er_exp_reduce(double x)
{
    const double rounded = x * 1.4426950408889634 + ER_ROUNDER_DOUBLE, n = rounded - ER_ROUNDER_DOUBLE;
    return (struct er_exp_reduced){n, (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33,
                                   er_double_bits(rounded) - er_double_bits(ER_ROUNDER_DOUBLE)};
}

/* (e^r - 1 - r) / r^2: Taylor's series of e^r to r^13, whose rest is below 2^-57. */
ER_INLINE double er_exp_rest(double r)
{
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    return p * r + 0.5;
}

/* e^x, 1.1 ulp; inf from 709.8 on, 0 from -745.2 on. 2^n goes on in two factors, since n may be beyond the exponents. */
ER_INLINE double er_exp(double x)
{
    x = er_select_double(x < -746.0, -746.0, x);
    x = er_select_double(x > 710.0, 710.0, x);
    const struct er_exp_reduced e = er_exp_reduce(x);
    const double p = 1.0 + (e.r + e.r * e.r * er_exp_rest(e.r));
    const uint64_t twice = e.power + 2046, half = twice >> 1;
    return p * er_bits_double(half << 52) * er_bits_double((twice - half) << 52);
}

/* e^x - 1 for x <= 700: 2^n (e^r - 1) + (2^n - 1); exact to 2 ulp, also near 0. */
ER_INLINE double er_expm1(double x)
{
    x = er_select_double(x < -60.0, -60.0, x);
    x = er_select_double(x > 700.0, 700.0, x);
    const struct er_exp_reduced e = er_exp_reduce(x);
    const double scale = er_bits_double((e.power + 1023) << 52);
    return scale * (e.r + e.r * e.r * er_exp_rest(e.r)) + (scale - 1.0);
}

/* atan t for |t| <= tan(pi/8): t + t^3 P(t^2), P of degree 10 to 2^-59. */
ER_INLINE double er_atan_small(double t)
{
    const double z = t * t;
    const double z2 = z * z, z4 = z2 * z2;
    const double P0 = (-0.333333333333332 + 0.19999999999953255 * z) +
                      (-0.14285714280167128 + 0.11111110782181163 * z) * z2;
    const double P4 = (-0.09090897725959339 + 0.07692059729374953 * z) +
                      (-0.06663099333234623 + 0.058478601742576006 * z) * z2;
    const double P8 = (-0.05039194316406108 + 0.03806223476548069 * z) + -0.017905139321149444 * z2;
    const double P = P0 + (P4 + P8 * z4) * z4;
    return t + t * z * P;
}

/* The angle of the vector (c, s), s >= 0, in [0, pi]: atan2(s, c) to 4e-16; pi / 2 at (0, 0), where atan2 has 0.
 *
 * Of the smaller over the larger of s and |c|, or where that is above tan(pi/8) by atan x = pi/4 + atan((x - 1)/(x + 1)), it is
 * er_atan_small(), then reflected at pi/4 and pi/2. */
ER_INLINE double er_angle(double s, double c)
{
    const double a = er_abs_double(c);
    const int steep = s >= a, left = c < 0.0;
    const double small = er_select_double(steep, a, s);
    double large = er_select_double(steep, s, a);
    large = er_select_double(large < 0x1p-1022, 0x1p-1022, large);
    const int near = small > 0.4142135623730951 * large;
    double t = er_select_double(near, small - large, small) / er_select_double(near, small + large, large);
    t = er_negate_double(steep != left, t);
    double turn = er_select_double(near, 0.7853981633974483, 0.0);
    turn = er_select_double(steep, 1.5707963267948966 - turn, turn);
    turn = er_select_double(left, 3.141592653589793 - turn, turn);
    return turn + er_atan_small(t);
}

/* atan(y / x) for x > 0: odd in y, and right to 3 epsilon of itself also where it is small. */
ER_INLINE double er_atan_ratio(double y, double x)
{
    const double a = er_abs_double(y);
    const int steep = a >= x;
    const double small = er_select_double(steep, x, a), large = er_select_double(steep, a, x);
    const int near = small > 0.4142135623730951 * large;
    const double t =
        er_select_double(near, small - large, small) / er_select_double(near, small + large, large);
    double turn = er_select_double(near, 0.7853981633974483, 0.0);
    turn = er_select_double(steep, 1.5707963267948966 - turn, turn);
    return er_negate_double(y < 0.0, turn + er_atan_small(er_negate_double(steep, t)));
}

/* The same in float32, to 2e-7: P of degree 4 to 2^-30. */
ER_INLINE float er_anglef(float s, float c)
{
    const float a = er_absf(c);
    const int steep = s >= a, left = c < 0.0f;
    const float small = er_select(steep, a, s);
    float large = er_select(steep, s, a);
    large = er_select(large < 0x1p-126f, 0x1p-126f, large);
    const int near = small > 0.414213568f * large;
    float t = er_select(near, small - large, small) / er_select(near, small + large, large);
    t = er_negate(steep != left, t);
    float turn = er_select(near, 0.785398185f, 0.0f);
    turn = er_select(steep, 1.57079637f - turn, turn);
    turn = er_select(left, 3.14159274f - turn, turn);
    const float z = t * t;
    const float z2 = z * z;
    const float P =
        (-0.333333164f + 0.199984714f * z) + ((-0.142435327f + 0.105938092f * z) + -0.0607821070f * z2) * z2;
    return turn + (t + t * z * P);
}

#endif
