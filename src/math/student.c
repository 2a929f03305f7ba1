/* student.c - Student's t by the incomplete beta function. */
#include "math/student.h"

#include <float.h>
#include <math.h>

enum { MOST_TERMS = 100000, MOST_HALVINGS = 2000 };
static const double most_freedom = 1e6;

static double away_from_zero(double x)
{
    return fabs(x) < DBL_MIN / DBL_EPSILON ? DBL_MIN / DBL_EPSILON : x;
}

/* 1 / (1 + d_1 / (1 + d_2 / (1 + ...))), which converges fast for x < (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), product = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        product *= d * c;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        product *= d * c;
        if (fabs(d * c - 1) <= DBL_EPSILON) break;
    }
    return product;
}

/* log of the gamma function; the plain lgamma() writes a global. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* I_x(a, b), with y = 1 - x given for its digits. */
static double incomplete_beta(double a, double b, double x, double y)
{
    if (x <= 0) return 0;
    if (y <= 0) return 1;
    const double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(y));
    if (x < (a + 1) / (a + b + 2)) return front * fraction(a, b, x) / a;
    return 1 - front * fraction(b, a, y) / b;
}

double er_student_tail(double t, double freedom)
{
    const double v = fmin(freedom, most_freedom), square = t * t;
    if (isinf(square)) return 0;
    return incomplete_beta(v / 2, 0.5, v / (v + square), square / (v + square)) / 2;
}

double er_student_two_sided(double level, double freedom)
{
    const double tail = (1 - level) / 2;
    double low = 0, high = 1;
    while (er_student_tail(high, freedom) > tail) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < MOST_HALVINGS; i++) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        if (er_student_tail(middle, freedom) > tail)
            low = middle;
        else
            high = middle;
    }
    return high;
}
