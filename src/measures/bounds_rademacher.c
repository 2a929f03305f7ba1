/* bounds_rademacher.c - bounds by a Rademacher complexity, and bounds of Rademacher complexities.
 */
#include "measures/range.h"

#include <ermine/bounds.h>

double er_bound_rademacher(double complexity, double m, double delta)
{
    return complexity >= 0 ? 2 * complexity + er_bound_hoeffding(m, delta, false) : (double)NAN;
}

double er_bound_rademacher_empirical(double complexity, double m, double delta)
{
    return complexity >= 0 ? 2 * complexity + 3 * er_bound_hoeffding(m, delta, true) : (double)NAN;
}

double er_bound_margin(double complexity, double rho, double m, double delta)
{
    return rho > 0 ? er_bound_rademacher_empirical(complexity / rho, m, delta) : (double)NAN;
}

double er_bound_margin_classes(double complexity, int64_t classes, double rho, double m, double delta)
{
    return classes >= 2 ? er_bound_margin(2 * (double)classes * complexity, rho, m, delta) : (double)NAN;
}

double er_rademacher_massart(double radius, double ln_size, double m)
{
    return radius >= 0 && ln_size >= 0 && m >= 1 ? radius * sqrt(2 * ln_size) / m : (double)NAN;
}

double er_rademacher_l2_bound(double B, double frobenius, double m)
{
    return B >= 0 && frobenius >= 0 && m >= 1 ? B * frobenius / m : (double)NAN;
}

double er_rademacher_l1_bound(double B, double largest, double d, double m)
{
    return B >= 0 && largest >= 0 && d >= 1 && m >= 1 ? B * largest * sqrt(2 * log(2 * d) / m) : (double)NAN;
}

double er_rademacher_kernel_bound(double B, double trace, double m)
{
    return trace >= 0 ? er_rademacher_l2_bound(B, sqrt(trace), m) : (double)NAN;
}

double er_rademacher_of_accuracy(double accuracy)
{
    return accuracy >= 0 && accuracy <= 1 ? 2 * accuracy - 1 : (double)NAN;
}
