/* arccosine.h - the arc-cosine kernels of orders 0 and 1: what wide layers of relu units make of two inputs.
 *
 *     u = cos of the angle between them, theta = arccos u, in [0, pi]
 *     kappa_0(u) = (pi - theta) / pi                               2 E[ 1(g > 0) 1(h > 0) ]
 *     kappa_1(u) = (sin theta + (pi - theta) cos theta) / pi       2 E[ max(g, 0) max(h, 0) ]
 *
 * g and h standard normal with correlation u. Both rise from 0 at u = -1 to 1 at u = 1. A u beyond by rounding is taken as
 * the end. Source: Cho and Saul, "Kernel methods for deep learning", NeurIPS 2009, equations 1 to 6, over J_n(0).
 */
#ifndef ERMINE_MATH_ARCCOSINE_H
#define ERMINE_MATH_ARCCOSINE_H

#include <math.h>

static inline double er_arccosine_0(double u)
{
    return (M_PI - acos(fmax(-1, fmin(1, u)))) / M_PI;
}

static inline double er_arccosine_1(double u)
{
    const double c = fmax(-1, fmin(1, u));
    return (sqrt(1 - c * c) + (M_PI - acos(c)) * c) / M_PI;
}

#endif
