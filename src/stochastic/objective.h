/* objective.h - what is minimised to find a posterior: a bound of the surrogate loss in place of the error.
 *
 *     l   mean surrogate loss of one sampled network over a batch
 *     K   KL(Q || P) + the cost of the prior's place
 *     C   K + ln(2 sqrt(m) / delta)
 *
 *     dziugaite-roy   l + sqrt(B / 2),  B = B_RE (er_dziugaite_roy)
 *     classic         l + sqrt(C / (2 m))
 *     quadratic       (sqrt(l + C / (2 m)) + sqrt(C / (2 m)))^2, which the lambda bound is at its best lambda
 *     kl              kl^-1(l | C / m)
 *
 * The value is a guide, no certificate.
 */
#ifndef ERMINE_STOCHASTIC_OBJECTIVE_H
#define ERMINE_STOCHASTIC_OBJECTIVE_H

enum er_objective {
    ER_OBJECTIVE_DZIUGAITE_ROY,
    ER_OBJECTIVE_CLASSIC,
    ER_OBJECTIVE_QUADRATIC,
    ER_OBJECTIVE_KL
};

struct er_objective_at {
    double value, by_loss, by_divergence; /* and its derivatives by l and K */
};

/* divergence: K >= 0. l >= 0; kl takes at most 0.99, behind which it would be flat.
 * m >= 8, 0 < delta <= 1. */
struct er_objective_at er_objective(enum er_objective which, double loss, double divergence, double m,
                                    double delta);

#endif
