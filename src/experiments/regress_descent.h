/* regress_descent.h - gradient descent on a linear model, with a curve.
 *
 *     W <- W - rate * (phi^T (phi W - y) + ridge W) / n
 *
 * which is the gradient of (1/2n) (|phi W - y|^2 + ridge |W|^2).
 *
 * From W0 it comes, for a rate below 2 n / (largest eigenvalue of phi^T phi + ridge), to pinv(phi) y + (I -
 * pinv(phi) phi) W0: the solution nearest to where it began; with ridge to the one minimum. `distance` is the
 * relative distance to that limit, no finite number where it is 0. Without a rate it is 1 / curvature, and 1 where all
 * features are 0: then no step changes W.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_DESCENT_H
#define ERMINE_EXPERIMENTS_REGRESS_DESCENT_H

#include "experiments/regress_fit.h"
#include "experiments/regress_keys.h"

#include <ermine/progress.h>

/* What is measured along the way. */
struct er_descent_record {
    double step, train_mse, test_mse, excess_risk, norm, distance;
};

/* What goes in, and out. */
struct er_descent {
    const struct er_examples *train, *test;
    const double *theta, *variance;   /* of linear truth, features each; else NULL: no excess risk */
    struct er_fit_facts facts;        /* out: of phi */
    double *w;                        /* out: features x k, the caller's */
    int64_t steps;                    /* out: done */
    bool diverged;                    /* out: the squared error left the finite numbers at `steps` */
    struct er_descent_record *record; /* out: n_records of them, er_free() */
    int64_t n_records;
};

/* Records at step 0, at 1..9, then 12 a decade (10, 12, 15, 20, 25, 30, 40, ..., 90 times its power of
 * ten), and at the last. ER_E_STOPPED; errors of er_regress_solve(). Cost: 4 n N k operations a step. */
enum er_status er_regress_descend(const struct er_regress_spec *spec, struct er_descent *descent,
                                  const struct er_progress *progress, struct er_error *err);

#endif
