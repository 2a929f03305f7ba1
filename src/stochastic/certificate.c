/* certificate.c - draws and divergence become a bound: see certificate.h. */
#include "stochastic/certificate.h"

#include <ermine/pac_bayes.h>
#include <math.h>

/* Variances down to 1e-44: no float is closer to its prior. */
static const double MOST_PLACES = 1e4;

/* The place j that makes KL_j + 2 ln j least. Of these only (P ln lambda + S / lambda) / 2 + 2 ln j moves
 * with j, S = sum s^2 + |w - prior|^2; it rises behind the variance S / P, so no place behind the next one
 * is looked at. */
static int64_t best_place(const struct er_stochastic *q)
{
    const int64_t P = er_net_parameters(q->net);
    double S = 0, least = (double)INFINITY;
    int64_t best = 1;
    for (int64_t i = 0; i < P; i++) {
        const double s = (double)q->deviation[i], d = (double)q->mean[i] - (double)q->prior[i];
        S += s * s + d * d;
    }
    const double last =
        fmin(fmax(1, ER_PRIOR_PRECISION * log(ER_PRIOR_CEILING * (double)P / S)), MOST_PLACES) + 1;
    for (int64_t j = 1; (double)j <= last; j++) {
        const double lambda = er_prior_variance(j),
                     cost = ((double)P * log(lambda) + S / lambda) / 2 + er_prior_cost((double)j);
        if (cost < least) best = j;
        least = fmin(least, cost);
    }
    return best;
}

struct er_certificate er_certify(const struct er_stochastic *q, double error, int64_t draws, double m,
                                 double delta, double delta_sampling)
{
    const int64_t j = best_place(q);
    const double variance = er_prior_variance(j),
                 divergence =
                     er_gaussian_kl(er_net_parameters(q->net), q->mean, q->deviation, q->prior, variance),
                 cost = divergence + er_prior_cost((double)j),
                 upper = er_pac_bayes_sampled(error, (double)draws, delta_sampling);
    struct er_certificate c = {.error = error,
                               .upper = upper,
                               .divergence = divergence,
                               .variance = variance,
                               .place = j,
                               .bound = er_pac_bayes_kl(upper, cost, m, delta),
                               .classic = er_pac_bayes_classic(upper, cost, m, delta),
                               .quadratic = er_pac_bayes_quadratic(upper, cost, m, delta)};
    c.dziugaite_roy = er_binary_kl_inverse(upper, er_dziugaite_roy(c.divergence, (double)j, m, delta));
    return c;
}
