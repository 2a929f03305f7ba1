/* normal.c - Phi and its inverse.
 *
 * For p <= 1/2, t = sqrt(-2 log p): x0 = -(t - (c0 + c1 t + c2 t^2) / (1 + d1 t + d2 t^2 + d3 t^3)), to 4.5e-4
 * (Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.2.23). Then twice, with f = (Phi(x) - p) / phi(x),
 *
 *     x <- x - f / (1 + x f / 2)        Halley's step for Phi(x) = p, since Phi'' = -x phi
 */
#include "math/normal.h"

#include <math.h>

double er_normal_cdf(double x)
{
    return 0.5 * erfc(-x * M_SQRT1_2);
}

static double lower_quantile(double p)
{
    const double t = sqrt(-2 * log(p));
    double x =
        (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
    for (int step = 0; step < 2; step++) {
        const double density = exp(-0.5 * x * x) / sqrt(2 * M_PI), f = (er_normal_cdf(x) - p) / density;
        x -= f / (1 + 0.5 * x * f);
    }
    return x;
}

double er_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1)) return (double)NAN;
    if (p == 0) return -(double)INFINITY;
    return p <= 0.5 ? lower_quantile(p) : p == 1 ? (double)INFINITY : -lower_quantile(1 - p);
}
