/* series.h - arithmetic of Taylor coefficients: a function of s is its c[0 .. order], c[k] that of s^k, in float64.
 *
 * Functions of series come from differential equations: y = f(x(s)) with f' = g gives y' = g(x(s)) x', and where g is again
 * made of what is already known - of y, of x, or of a second series beside them - the coefficients follow one after the
 * other, exactly, at a cost of O(order^2). There are no factorials and no differences.
 *
 *     e^x:  y_0 = e^x_0     y_k = er_series_chain(k, y, x)
 *
 * Source: Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 13.2.
 */
#ifndef ERMINE_MATH_SERIES_H
#define ERMINE_MATH_SERIES_H

enum { ER_SERIES_ORDER = 15 };

/* Coefficient k of a b. */
static inline double er_series_product(int k, const double *a, const double *b)
{
    double sum = 0;
    for (int j = 0; j <= k; j++) sum += a[j] * b[k - j];
    return sum;
}

/* Coefficient k >= 1 of y where y' = g x': reads g[0 .. k-1], x[1 .. k]. */
static inline double er_series_chain(int k, const double *g, const double *x)
{
    double sum = 0;
    for (int j = 1; j <= k; j++) sum += j * x[j] * g[k - j];
    return sum / k;
}

/* y = a b; neither is y. */
void er_series_multiply(int order, const double *a, const double *b, double *y);

/* y = c x; y may be x. */
void er_series_scale(int order, double c, const double *x, double *y);

/* y = e^x. */
void er_series_exp(int order, const double *x, double *y);

/* p = 1 / (1 + e^-x): p' = p (1 - p) x'. Where x_0 is large p (1 - p) is taken of e^-|x_0|, so that no digits are lost. */
void er_series_sigmoid(int order, const double *x, double *p);

/* y = sin x, z = cos x. */
void er_series_sin(int order, const double *x, double *y, double *z);

/* y = x^degree, degree >= 0. */
void er_series_power(int order, int degree, const double *x, double *y);

#endif
