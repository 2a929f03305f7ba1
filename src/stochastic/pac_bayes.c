/* pac_bayes.c - bounds on the risk of a stochastic classifier, formula by formula: see the header. */
#include <ermine/pac_bayes.h>
#include <math.h>
#include <stdbool.h>

static const double PI = 3.14159265358979323846;

static bool in_range(double risk, double kl, double m, double delta)
{
    return risk >= 0 && risk <= 1 && kl >= 0 && m >= 8 && delta > 0 && delta <= 1;
}

double er_pac_bayes_complexity(double kl, double m, double delta)
{
    return in_range(0, kl, m, delta) ? kl + log(2 * sqrt(m) / delta) : (double)NAN;
}

double er_pac_bayes_kl(double risk, double kl, double m, double delta)
{
    return er_binary_kl_inverse(risk, er_pac_bayes_complexity(kl, m, delta) / m);
}

double er_pac_bayes_langford(double risk, double kl, double m, double delta)
{
    if (!in_range(risk, kl, m, delta)) return (double)NAN;
    return er_binary_kl_inverse(risk, (kl + log(m / delta)) / (m - 1));
}

double er_pac_bayes_classic(double risk, double kl, double m, double delta)
{
    if (!in_range(risk, kl, m, delta)) return (double)NAN;
    return risk + sqrt(er_pac_bayes_complexity(kl, m, delta) / (2 * m));
}

double er_pac_bayes_quadratic(double risk, double kl, double m, double delta)
{
    if (!in_range(risk, kl, m, delta)) return (double)NAN;
    const double half = er_pac_bayes_complexity(kl, m, delta) / (2 * m),
                 root = sqrt(risk + half) + sqrt(half);
    return root * root;
}

double er_pac_bayes_lambda(double risk, double kl, double m, double delta, double l)
{
    if (!in_range(risk, kl, m, delta) || !(l > 0 && l < 2)) return (double)NAN;
    return (risk + er_pac_bayes_complexity(kl, m, delta) / (m * l)) / (1 - l / 2);
}

double er_pac_bayes_best_lambda(double risk, double kl, double m, double delta)
{
    if (!in_range(risk, kl, m, delta)) return (double)NAN;
    return 2 / (sqrt(2 * m * risk / er_pac_bayes_complexity(kl, m, delta) + 1) + 1);
}

double er_pac_bayes_catoni(double risk, double kl, double m, double delta, double c)
{
    if (!(risk >= 0 && risk <= 1 && kl >= 0 && m >= 1 && delta > 0 && delta <= 1 && c > 0))
        return (double)NAN;
    return expm1(-c * risk - (kl - log(delta)) / m) / expm1(-c);
}

double er_pac_bayes_sampled(double mean, double n, double delta)
{
    if (!(n >= 1 && delta > 0 && delta <= 1)) return (double)NAN;
    return er_binary_kl_inverse(mean, log(2 / delta) / n);
}

double er_gaussian_kl(int64_t n, const float *mean, const float *deviation, const float *prior,
                      double variance)
{
    double sum = 0;
    if (!(variance > 0)) return (double)NAN;
    for (int64_t i = 0; i < n; i++) {
        const double s = (double)deviation[i], d = (double)mean[i] - (double)prior[i],
                     r = log(s * s / variance);
        sum += (expm1(r) - r) + d * d / variance;
    }
    return sum / 2;
}

double er_prior_place(double variance)
{
    if (!(variance > 0 && variance < ER_PRIOR_CEILING)) return (double)NAN;
    return ER_PRIOR_PRECISION * log(ER_PRIOR_CEILING / variance);
}

double er_prior_variance(int64_t j)
{
    return j >= 1 ? ER_PRIOR_CEILING * exp(-(double)j / ER_PRIOR_PRECISION) : (double)NAN;
}

double er_prior_cost(double j)
{
    return j >= 1 ? log(PI * PI / 6) + 2 * log(j) : (double)NAN;
}

double er_dziugaite_roy(double kl, double j, double m, double delta)
{
    if (!in_range(0, kl, m, delta) || !(j >= 1)) return (double)NAN;
    return (kl + 2 * log(j) + log(PI * PI * m / (6 * delta))) / (m - 1);
}
