/* binary_kl.c - the divergence of two coins and its inverses, rounded to the safe side.
 *
 *     kl(q || p) = -q log1p((p - q) / q) - (1 - q) log1p(-(p - q) / (1 - q))
 *
 * kl(q || .) is 0 at q, convex, and rises to both sides. Its two terms cancel near q: each is right to some
 * 2^-52 of itself, which is what the bisection takes off before it believes that kl exceeds c.
 */
#include <ermine/pac_bayes.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

/* ln((1 - p) / (1 - q)): where little of 1 - q is left, the quotient itself, whose 1 - p is exact then. */
static double log_left(double q, double p)
{
    const double d = p - q;
    return d > (1 - q) / 2 ? log((1 - p) / (1 - q)) : log1p(-d / (1 - q));
}

/* kl, and in *doubt a bound on its rounding error: a difference, a quotient, a logarithm and a product are
 * rounded at most twice each. No two doubles are further apart than e^800. */
static double divergence(double q, double p, double *doubt)
{
    const double d = p - q, below = q > 0 ? -q * fmin(log1p(d / q), 800) : 0,
                 above = q < 1 ? -(1 - q) * log_left(q, p) : 0;
    *doubt = 16 * DBL_EPSILON * (fabs(below) + fabs(above) + fabs(d));
    return below + above;
}

double er_binary_kl(double q, double p)
{
    double doubt;
    if (!(q >= 0 && q <= 1 && p >= 0 && p <= 1)) return (double)NAN;
    if (q == p) return 0;
    if ((p == 0 && q > 0) || (p == 1 && q < 1)) return (double)INFINITY;
    return fmax(0, divergence(q, p, &doubt));
}

static bool exceeds(double q, double p, double c)
{
    double doubt;
    if (p >= 1) return true;
    const double kl = divergence(q, p, &doubt);
    return kl - doubt > c;
}

/* The upper end of the bracket, of which it is always known that kl exceeds c. */
double er_binary_kl_inverse(double q, double c)
{
    if (!(q >= 0 && q <= 1 && c >= 0)) return (double)NAN;
    if (c == 0) return q;
    double low = q, high = 1;
    for (;;) {
        const double mid = low + (high - low) / 2;
        if (!(mid > low && mid < high)) return high;
        if (exceeds(q, mid, c))
            high = mid;
        else
            low = mid;
    }
}

/* By symmetry; 1 - q is rounded, by at most an epsilon, which moves the result by less than a few. */
double er_binary_kl_inverse_low(double q, double c)
{
    if (!(q >= 0 && q <= 1 && c >= 0)) return (double)NAN;
    if (c == 0) return q;
    return fmax(0, 1 - er_binary_kl_inverse(1 - q, c) - 4 * DBL_EPSILON);
}

/* dp/dc = 1 / (d kl / d p),  dp/dq = -(d kl / d q) / (d kl / d p). */
struct er_binary_kl_slopes er_binary_kl_inverse_slopes(double q, double p)
{
    if (!(q > 0 && q < p && p < 1)) return (struct er_binary_kl_slopes){0};
    const double by_p = (1 - q) / (1 - p) - q / p, by_q = log(q / p) - log((1 - q) / (1 - p));
    return (struct er_binary_kl_slopes){.q = -by_q / by_p, .c = 1 / by_p};
}
