/* regress_risk.h - risks of linear models that are known exactly.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_RISK_H
#define ERMINE_EXPERIMENTS_REGRESS_RISK_H

#include <stdint.h>

/* Excess risk of weights w where y = x theta + noise and x_j ~ N(0, variance_j), independent:
 *     sum_j variance_j (w_j - theta_j)^2 */
double er_regress_excess_risk(int64_t d, const double *w, const double *theta, const double *variance);

/* Expected excess risk of the least-squares solution of least norm on n examples x ~ N(0, v I_d), noise
 * variance s^2, as exact for n > d + 1 and, over directions of theta, for n < d - 1; infinite, and NaN
 * here, between:
 *
 *     n < d - 1:  (1 - n / d) v |theta|^2 + s^2 n / (d - n - 1)        n > d + 1:  s^2 d / (n - d - 1)
 *
 * `signal` is v |theta|^2, `noise` is s. Source: Hastie, Montanari, Rosset and Tibshirani, "Surprises in
 * high-dimensional ridgeless least squares interpolation", Annals of Statistics 2022 (its limit for large n
 * and d); at finite sizes by the mean of an inverse Wishart matrix. */
double er_regress_theory_risk(int64_t n, int64_t d, double signal, double noise);

#endif
