/* jiang_forms.c - closed forms. */
#include "measures/jiang_forms.h"

#include "measures/perturbed.h"

#include <math.h>

static double rest(double sigma, double m)
{
    return log(m / sigma) + 10;
}

double er_jiang_plain(double square, double sigma, double m)
{
    return square / (4 * sigma * sigma) + rest(sigma, m);
}

double er_jiang_sharpness(double square, double alpha, double sigma, double omega, double m)
{
    return square * log(2 * omega) / (4 * alpha * alpha) + rest(sigma, m);
}

static double element(const struct er_jiang_weights *q, int64_t i)
{
    if (q->chosen && !q->chosen[i]) return 0;
    return q->minus ? (double)q->w[i] - (double)q->minus[i] : (double)q->w[i];
}

double er_jiang_square(const struct er_jiang_weights *q)
{
    double sum = 0;
    for (int64_t i = 0; i < q->n; i++) sum += element(q, i) * element(q, i);
    return sum;
}

static double relative(const struct er_jiang_weights *q, double radius, double above)
{
    const double least = ER_PERTURBED_EPSILON * ER_PERTURBED_EPSILON;
    double sum = 0;
    for (int64_t i = 0; i < q->n; i++) {
        if (q->chosen && !q->chosen[i]) continue;
        const double v = radius * element(q, i);
        sum += log((least + above) / (least + v * v));
    }
    return sum / 4;
}

double er_jiang_relative_pacbayes(const struct er_jiang_weights *q, double square, double omega, double sigma,
                                  double m)
{
    return relative(q, sigma, (sigma * sigma + 1) * square / omega) + rest(sigma, m);
}

double er_jiang_relative_sharpness(const struct er_jiang_weights *q, double square, double omega,
                                   double alpha, double sigma, double m)
{
    const double delta = ER_MEASURE_DELTA;
    return relative(q, alpha, (alpha * alpha + 4 * log(2 * omega / delta)) * square / omega) + rest(sigma, m);
}
