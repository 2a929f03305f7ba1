/* regress_validation.h - error on examples that a fit has not seen: hold-out, leave-one-out, k-fold,
 * bootstrap.
 *
 *     validation_rmse = sqrt(mean over all examples held out, by any fit, of the squared error)
 *
 * k-fold cuts a random permutation into k runs whose lengths differ by at most one. The bootstrap draws n
 * of n examples with replacement; what a resample lacks (about n / e examples) is held out. Sources: Stone,
 * J. R. Stat. Soc. B 1974 (leave-one-out); Efron, Ann. Stat. 1979 (bootstrap).
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_VALIDATION_H
#define ERMINE_EXPERIMENTS_REGRESS_VALIDATION_H

#include "experiments/regress_fit.h"
#include "experiments/regress_keys.h"

#include <ermine/progress.h>

/* Which examples one fit gets, and which are held out from it. A resample may hold one several times. */
struct er_fold {
    int64_t *fit, *held;
    int64_t n_fit, n_held;
};

/* How many fits a validation of n examples takes. */
int64_t er_folds(const struct er_regress_spec *spec, int64_t n);

/* Fold i of n examples with inputs x (one number each where spec.above is given, else not read). Freed by
 * er_fold_clear(). ER_E_NOMEM; ER_E_INPUT: nothing is left to fit, or nothing is held out by `above`. */
enum er_status er_fold_open(const struct er_regress_spec *spec, int64_t n, const double *x, int64_t i,
                            struct er_fold *out, struct er_error *err);
void er_fold_clear(struct er_fold *fold);

/* The rows of examples that `row` (n of them) names, in memory of their own: er_examples_clear().
 * ER_E_NOMEM. */
enum er_status er_examples_rows(const struct er_examples *from, const int64_t *row, int64_t n,
                                struct er_examples *out, struct er_error *err);
void er_examples_clear(struct er_examples *examples);

/* Mean and spread of curves, one for each fold. */
struct er_bundle {
    int64_t n;         /* points */
    const double *phi; /* features there */
    double *mean,
        *squares; /* n each, zeroed: the mean of the curves so far, their sum of squared deviations */
    int64_t curves;
};

/* Fits all folds, and adds the errors on what was held out. `bundle` (one output only) and `progress` may
 * be NULL. ER_E_STOPPED; errors of er_fold_open() and er_regress_solve(). */
enum er_status er_regress_validate(const struct er_regress_spec *spec, const struct er_examples *examples,
                                   const double *x, struct er_error_sums *held, struct er_bundle *bundle,
                                   const struct er_progress *progress, struct er_error *err);

#endif
