/* jiang_forms.h - capacity terms of Jiang et al., ICLR 2020, from a radius: mu of  error <= training error + sqrt(mu / m).
 *
 * m examples, omega weights, d2 a squared distance of weights.
 *
 *     plain       d2 / (4 sigma^2) + ln(m / sigma) + 10                             (48, 49)
 *     sharpness   d2 ln(2 omega) / (4 alpha^2) + ln(m / sigma) + 10                 (51, 52)
 *     relative    1/4 sum_i ln((eps^2 + a d2 / omega) / (eps^2 + r^2 q_i^2)) + ln(m / s) + 10
 *
 *     relative, pacbayes    r = s = sigma'      a = sigma'^2 + 1                    (56, 57)
 *     relative, sharpness   r = alpha', s = sigma   a = alpha'^2 + 4 ln(2 omega / delta)   (59, 60)
 *
 * with eps = 1e-3, delta = 0.05. Natural logarithms, float64.
 */
#ifndef ERMINE_MEASURES_JIANG_FORMS_H
#define ERMINE_MEASURES_JIANG_FORMS_H

#include <stdint.h>

double er_jiang_plain(double square, double sigma, double m);
double er_jiang_sharpness(double square, double alpha, double sigma, double omega, double m);

/* Weights by which a relative form is made: element i counts where chosen[i] is not 0; q_i = w_i - minus_i, or w_i where
 * `minus` is NULL. */
struct er_jiang_weights {
    int64_t n;
    const unsigned char *chosen; /* NULL: all */
    const float *w, *minus;
};

double er_jiang_square(const struct er_jiang_weights *q);
double er_jiang_relative_pacbayes(const struct er_jiang_weights *q, double square, double omega, double sigma,
                                  double m);
double er_jiang_relative_sharpness(const struct er_jiang_weights *q, double square, double omega,
                                   double alpha, double sigma, double m);

#endif
