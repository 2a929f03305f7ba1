/* bounds_networks.c - Rademacher complexities of networks by norms of their weights, and the grid of classes.
 */
#include "measures/range.h"

#include <ermine/bounds.h>

static const double LN2 = 0.693147180559945309417;
enum { STEPS = 16 }; /* of the grid, to a factor of two */

double er_rademacher_golowich(double ln_product, int64_t d, double frobenius, double m)
{
    if (d < 1 || !(frobenius >= 0) || !(m >= 1)) return (double)NAN;
    return frobenius / m * (1 + sqrt(2 * LN2 * (double)d)) * exp(ln_product);
}

double er_rademacher_neyshabur(double ln_product, int64_t d, double frobenius, double m)
{
    if (d < 1 || !(frobenius >= 0) || !(m >= 1)) return (double)NAN;
    return frobenius / m * exp(ln_product + (double)(d - 1) * LN2);
}

double er_rademacher_neyshabur_l1(double ln_product, int64_t d, double largest, double n, double m)
{
    if (d < 1) return (double)NAN;
    return er_rademacher_l1_bound(exp(ln_product + (double)(d - 1) * LN2), largest, n, m);
}

double er_rademacher_golowich_l1(double ln_product, int64_t d, double largest, double n, double m)
{
    if (d < 1 || !(largest >= 0) || !(n >= 1) || !(m >= 1)) return (double)NAN;
    return 2 / sqrt(m) * exp(ln_product) * sqrt((double)d + 1 + log(n)) * largest;
}

double er_spectral_complexity_ln(const double *s, const double *b, int64_t n)
{
    double ln_product = 0, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(s[i] > 0) || !(b[i] >= 0)) return (double)NAN;
        ln_product += log(s[i]);
        sum += cbrt(b[i] / s[i]) * cbrt(b[i] / s[i]);
    }
    return ln_product + 1.5 * log(sum);
}

double er_rademacher_bartlett(double ln_complexity, double entries, double gamma, double frobenius, double m)
{
    if (!(gamma > 0) || !(entries >= 1) || !(frobenius >= 0) || !(m >= 1)) return (double)NAN;
    const double C = 4 / gamma * frobenius / sqrt(m) * exp(ln_complexity);
    return 4 / m + 12 * log(m) / sqrt(m) * sqrt(log(2 * entries)) * C;
}

double er_bound_grid(double ln_value, double *ln_ceiling)
{
    const double j = ceil(ln_value / LN2 * STEPS);
    const double n = j >= 0 ? 2 * j + 1 : -2 * j;
    *ln_ceiling = fmax(j / STEPS * LN2, ln_value);
    return log(n) + log(n + 1);
}
