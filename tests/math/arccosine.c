/* The arc-cosine kernels: values that are known, one the slope of the other, ends that rounding passes. */
#include "t.h"

#include "math/arccosine.h"

#include <float.h>

int main(void)
{
    T_CLOSE(er_arccosine_0(0), 0.5, DBL_EPSILON, "half of a right angle's units are on together: order 0");
    T_CLOSE(er_arccosine_1(0), 1 / M_PI, DBL_EPSILON, "order 1 at a right angle");
    T_CLOSE(er_arccosine_0(0.5), 2.0 / 3, DBL_EPSILON, "order 0 at 60 degrees");
    T_CLOSE(er_arccosine_1(0.5), sqrt(3) / 2 / M_PI + 1.0 / 3, DBL_EPSILON, "order 1 at 60 degrees");
    for (int i = -1; i <= 1; i += 2) {
        T_CLOSE(er_arccosine_0(i), (1 + i) / 2, DBL_EPSILON, "order 0 at %d", i);
        T_CLOSE(er_arccosine_1(i), (1 + i) / 2, DBL_EPSILON, "order 1 at %d", i);
        T_CLOSE(er_arccosine_1(i * (1 + 1e-12)), (1 + i) / 2, 1e-11, "order 1 beyond %d", i);
    }
    for (double u = -0.9; u < 0.95; u += 0.1) { /* a third derivative below 10 there; rounding over h */
        const double h = 1e-5, slope = (er_arccosine_1(u + h) - er_arccosine_1(u - h)) / (2 * h);
        T_CLOSE(slope, er_arccosine_0(u), 10 * h * h + 4 * DBL_EPSILON / h, "slope at %g", u);
    }
    return t_done();
}
