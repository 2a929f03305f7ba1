/* <ermine/evidence.h> - the marginal likelihood of a Bayesian network of infinite width, maximised over its prior: standard
 * deviations of weights and biases, and the ridge.
 *
 *     maximise  log p(y | weight_std, bias_std, ridge)       of er_log_marginal_likelihood(), with training data alone
 *
 * by the simplex method in the logarithms of the three: no derivatives of kernels are needed. It finds a local maximum.
 * Sources: Rasmussen and Williams 2006, section 5.4.1; Nelder and Mead, "A simplex method for function minimization",
 * Computer Journal 1965.
 */
#ifndef ERMINE_EVIDENCE_H
#define ERMINE_EVIDENCE_H

#include <ermine/predict.h>

/* What is maximised over. As a start: weight_std > 0; bias_std and ridge >= 0, and what is 0 at the start stays 0. */
struct er_prior {
    double weight_std, bias_std;
    struct er_ridge ridge;
};

/* Writes K_DD (n x n) of a prior; anything but ER_OK ends the search with it, but ER_E_NONFINITE: such a prior counts as
 * impossible. */
typedef enum er_status er_prior_kernel(void *ctx, const struct er_prior *prior, double *k_train,
                                       struct er_error *err);

struct er_evidence_options {
    bool fixed_weight_std, fixed_bias_std, fixed_ridge; /* stay as they start */
    double step;                                        /* of the first simplex, in logarithms: > 0 */
    double
        tolerance; /* ends when the simplex is smaller than this in logarithms, and its values agree to this: > 0 */
    int64_t
        evaluations; /* >= 1: a kernel matrix and a factorisation each. The first simplex, at most 4 of them, and a step
                            that has begun, at most 5, are not cut short: up to 4 more */
};

/** Nothing fixed, step 0.3, tolerance 1e-3, 100 evaluations. */
ER_API struct er_evidence_options er_evidence_defaults(void);

struct er_evidence_report {
    double log_likelihood; /* at the prior found, summed over outputs */
    double at_start;
    int64_t evaluations;
    bool converged; /* within the tolerance */
};

/**
 * @param prior  the start; becomes the best one met, which is the start itself at worst.
 * A prior whose K_DD + r I is not positive definite to rounding counts as impossible, so that no ridge is raised behind the
 * search's back; ER_E_NONFINITE when the start is. Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_STOPPED, the callback's. Memory:
 * 16 n^2 bytes.
 */
ER_API enum er_status er_evidence_maximise(int64_t n, int64_t outputs, const double *y,
                                           er_prior_kernel *kernel, void *ctx,
                                           const struct er_evidence_options *options, struct er_prior *prior,
                                           struct er_evidence_report *report, struct er_pool *pool,
                                           const struct er_progress *progress, struct er_error *err);

#endif
