/* The normal distribution: known values, the inverse of each other, tails. */
#include "t.h"

#include "math/normal.h"

#include <float.h>

int main(void)
{
    /* Abramowitz and Stegun, table 26.1; quantiles of the usual levels to 15 digits (well known) */
    T_CLOSE(er_normal_cdf(0), 0.5, 0, "half");
    T_CLOSE(er_normal_cdf(1), 0.841344746068543, 1e-15, "one");
    T_CLOSE(er_normal_cdf(-3), 0.001349898031630, 1e-15, "-3");
    T_CLOSE(er_normal_quantile(0.975), 1.959963984540054, 1e-14, "level 97.5");
    T_CLOSE(er_normal_quantile(0.995), 2.575829303548901, 1e-14, "level 99.5");
    T_CLOSE(er_normal_quantile(0.5), 0, 1e-15, "the median");
    T_CLOSE(er_normal_quantile(0.001), -3.090232306167813, 1e-13, "level 0.1");
    for (int i = 0; i < 116; i++) {
        const double x = -37 + 0.37 * i;
        const double p = er_normal_cdf(x);
        /* p is rounded: x is known to eps p / phi(x), which is eps / |x| below and grows above 0 */
        const double room = 4 * DBL_EPSILON * (p / exp(-0.5 * x * x) * sqrt(2 * M_PI) + fabs(x) + 1);
        T_CLOSE(er_normal_quantile(p), x, room, "the quantile of Phi(%g)", x);
    }
    double before = -(double)INFINITY;
    for (int i = 1; i < 2000; i++) {
        const double x = er_normal_quantile(i / 2000.0);
        if (!(x > before)) T_OK(false, "falls at %d", i);
        before = x;
    }
    T_OK(er_normal_quantile(0) < -DBL_MAX && er_normal_quantile(1) > DBL_MAX, "infinite at the ends");
    T_OK(isnan(er_normal_quantile(-0.1)) && isnan(er_normal_quantile(1.1)) &&
             isnan(er_normal_quantile((double)NAN)),
         "and none beyond");
    return t_done();
}
