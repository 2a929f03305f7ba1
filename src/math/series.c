/* series.c - Taylor coefficients of exponentials, waves and powers. */
#include "math/series.h"

#include <math.h>
#include <string.h>

void er_series_multiply(int order, const double *a, const double *b, double *y)
{
    for (int k = 0; k <= order; k++) y[k] = er_series_product(k, a, b);
}

void er_series_scale(int order, double c, const double *x, double *y)
{
    for (int k = 0; k <= order; k++) y[k] = c * x[k];
}

void er_series_exp(int order, const double *x, double *y)
{
    y[0] = exp(x[0]);
    for (int k = 1; k <= order; k++) y[k] = er_series_chain(k, y, x);
}

/* With q = 1 - p, which is the sigmoid of -x: q_0 has all its digits, and q_k = -p_k beyond. */
void er_series_sigmoid(int order, const double *x, double *p)
{
    double q[ER_SERIES_ORDER + 1], g[ER_SERIES_ORDER + 1];
    const double e = exp(-fabs(x[0])), large = 1 / (1 + e), small = e / (1 + e);
    p[0] = x[0] > 0 ? large : small;
    q[0] = x[0] > 0 ? small : large;
    for (int k = 1; k <= order; k++) {
        g[k - 1] = er_series_product(k - 1, p, q);
        p[k] = er_series_chain(k, g, x);
        q[k] = -p[k];
    }
}

void er_series_sin(int order, const double *x, double *y, double *z)
{
    y[0] = sin(x[0]);
    z[0] = cos(x[0]);
    for (int k = 1; k <= order; k++) {
        y[k] = er_series_chain(k, z, x);
        z[k] = -er_series_chain(k, y, x);
    }
}

void er_series_power(int order, int degree, const double *x, double *y)
{
    double before[ER_SERIES_ORDER + 1];
    for (int k = 0; k <= order; k++) y[k] = k == 0;
    for (int d = 0; d < degree; d++) {
        memcpy(before, y, (size_t)(order + 1) * sizeof *y);
        er_series_multiply(order, before, x, y);
    }
}
