/* objective.c - bounds as functions of loss and divergence, with their slopes. */
#include "stochastic/objective.h"

#include <ermine/pac_bayes.h>
#include <math.h>

/* B_RE with the prior's cost among K: K + ln(m / delta), over m - 1. */
static struct er_objective_at dziugaite_roy(double loss, double divergence, double m, double delta)
{
    const double root = sqrt((divergence + log(m / delta)) / (2 * (m - 1)));
    return (struct er_objective_at){loss + root, 1, 1 / (4 * (m - 1) * root)};
}

struct er_objective_at er_objective(enum er_objective which, double loss, double divergence, double m,
                                    double delta)
{
    const double C = er_pac_bayes_complexity(divergence, m, delta), half = C / (2 * m), root = sqrt(half),
                 outer = sqrt(loss + half);
    if (which == ER_OBJECTIVE_DZIUGAITE_ROY) return dziugaite_roy(loss, divergence, m, delta);
    if (which == ER_OBJECTIVE_CLASSIC) return (struct er_objective_at){loss + root, 1, 1 / (4 * m * root)};
    if (which == ER_OBJECTIVE_QUADRATIC)
        return (struct er_objective_at){(outer + root) * (outer + root), (outer + root) / outer,
                                        (outer + root) * (1 / outer + 1 / root) / (2 * m)};
    const double q = fmin(fmax(loss, 1e-12), 0.99), p = er_binary_kl_inverse(q, C / m);
    const struct er_binary_kl_slopes slopes = er_binary_kl_inverse_slopes(q, p);
    return (struct er_objective_at){p, slopes.q, slopes.c / m};
}
