/* certificate.c - draws and divergence become a bound: see certificate.h. */
#include "stochastic/certificate.h"

#include <ermine/pac_bayes.h>
#include <math.h>

/* sum s^2 + |w - prior|^2 over P: the variance that makes KL least. */
static double best_variance(const struct er_stochastic *q)
{
    const int64_t P = er_net_parameters(q->net);
    double sum = 0;
    for (int64_t i = 0; i < P; i++) {
        const double s = (double)q->deviation[i], d = (double)q->mean[i] - (double)q->prior[i];
        sum += s * s + d * d;
    }
    return sum / (double)P;
}

/* KL and the price of place j together. */
static double price(const struct er_stochastic *q, int64_t j, double *divergence)
{
    *divergence =
        er_gaussian_kl(er_net_parameters(q->net), q->mean, q->deviation, q->prior, er_prior_variance(j));
    return *divergence + er_prior_cost((double)j);
}

struct er_certificate er_certify(const struct er_stochastic *q, double error, int64_t draws, double m,
                                 double delta, double delta_sampling)
{
    const double best = best_variance(q), at = best < er_prior_variance(1) ? er_prior_place(best) : 1;
    double below, above;
    int64_t j = (int64_t)fmin(at, 1e6);
    const double cost_below = price(q, j, &below), cost_above = price(q, j + 1, &above);
    const bool up = cost_above < cost_below;
    const double cost = up ? cost_above : cost_below,
                 upper = er_pac_bayes_sampled(error, (double)draws, delta_sampling);
    j += up;
    struct er_certificate c = {.error = error,
                               .upper = upper,
                               .divergence = up ? above : below,
                               .variance = er_prior_variance(j),
                               .place = j,
                               .bound = er_pac_bayes_kl(upper, cost, m, delta),
                               .classic = er_pac_bayes_classic(upper, cost, m, delta),
                               .quadratic = er_pac_bayes_quadratic(upper, cost, m, delta)};
    c.dziugaite_roy = er_binary_kl_inverse(upper, er_dziugaite_roy(c.divergence, (double)j, m, delta));
    return c;
}
