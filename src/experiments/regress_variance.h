/* regress_variance.h - the bias-variance decomposition of a fit, over training sets of one source.
 *
 *     bias2(x)    = |mean_r f_r(x) - f(x)|^2          r = 1..R training sets of n
 *     variance(x) = mean_r |f_r(x) - mean_r f_r(x)|^2
 *     E |f_r(x) - y|^2 = bias2(x) + variance(x) + noise^2      on fresh targets y = f(x) + noise
 *
 * at the inputs x of the test part, means over them. The right side is a theorem, and the left side is
 * measured beside it, with noise drawn for it. Source: Geman, Bienenstock and Doursat, "Neural networks and
 * the bias/variance dilemma", Neural Computation 1992.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_VARIANCE_H
#define ERMINE_EXPERIMENTS_REGRESS_VARIANCE_H

#include "experiments/regress_keys.h"

#include <ermine/progress.h>
#include <ermine/regression.h>

struct er_decomposition {
    double bias2, variance;               /* means over x */
    double bias2_median, variance_median; /* medians over x: the ends of an interval rule the means */
    double train_mse;                     /* mean over the training sets */
    double test_mse;                      /* on fresh noisy targets */
};

/* `split` has R n training examples, set r being rows r n .. r n + n - 1, and a test part with clean
 * targets; its noise is known. ER_E_STOPPED; ER_E_NOMEM; errors of er_regress_solve(). Cost: R fits. */
enum er_status er_regress_decompose(const struct er_regress_spec *spec,
                                    const struct er_regression_split *split, const struct er_basis *basis,
                                    const struct er_progress *progress, struct er_decomposition *out,
                                    struct er_error *err);

#endif
