/* weight_posterior.h - the stochastic networks that the PAC-Bayes measures bound: Q = N(mean, diag deviation^2), found once.
 *
 *     isotropic   mean w, deviations all the same: of 2^-1, 2^-1.5, ... 2^-9 that which seems best by few draws
 *     optimised   from w and 0.03 on by descent on Dziugaite and Roy's bound (stochastic/bound_descent.h), 20 passes
 *
 * Hopeless: a bound so near to 1 that draws can't matter to anybody. Of the isotropic one the deviations at which even a
 * network without errors would have such a bound are not tried at all: they count as errors of 1.
 */
#ifndef ERMINE_MEASURES_WEIGHT_POSTERIOR_H
#define ERMINE_MEASURES_WEIGHT_POSTERIOR_H

#include "measures/measured.h"
#include "stochastic/certificate.h"

enum er_posterior_kind { ER_POSTERIOR_ISOTROPIC, ER_POSTERIOR_OPTIMISED };

struct er_weight_posterior {
    struct er_stochastic q; /* borrows the net and the prior from the run */
    float *mean, *deviation;
    bool hopeless;
};

/* delta of what guides the search, and in the bound of what it found: the examples' share of ER_MEASURE_DELTA. What is
 * left is for the draws. */
#define ER_POSTERIOR_DELTA 0.04

/* *out: the run's. Needs weights, initial weights and a training set. ER_E_UNSUPPORTED (running statistics; fewer than 8
 * examples), ER_E_NONFINITE (the descent's loss), ER_E_NOMEM. */
enum er_status er_weight_posterior_of(struct er_measured_run *run, enum er_posterior_kind kind,
                                      const struct er_weight_posterior **out, struct er_error *err);

#endif
