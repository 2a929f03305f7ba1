/* bounds_finite.c - one hypothesis, finite classes, codes: Hoeffding's inequality and the union bound.
 *
 *     P(L > Lhat + e) <= exp(-2 m e^2) for one h;  for all of H:  |H| exp(-2 m e^2) = delta
 *     realisable: P(Lhat = 0) <= (1 - e)^m <= exp(-m e) for an h of L > e
 */
#include "measures/range.h"

#include <ermine/bounds.h>

double er_bound_hoeffding(double m, double delta, bool two_sided)
{
    return er_bound_finite_class(0, m, delta, two_sided);
}

double er_bound_finite_class(double ln_size, double m, double delta, bool two_sided)
{
    if (!er_in_range(m, delta) || !(ln_size >= 0)) return (double)NAN;
    return sqrt((ln_size + log((two_sided ? 2 : 1) / delta)) / (2 * m));
}

double er_bound_realisable(double ln_size, double m, double delta)
{
    if (!er_in_range(m, delta) || !(ln_size >= 0)) return (double)NAN;
    return (ln_size + log(1 / delta)) / m;
}

double er_bound_occam(double bits, double m, double delta)
{
    return er_bound_finite_class(bits * log(2), m, delta, false);
}
