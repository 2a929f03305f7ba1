/* recover_errors.h - constants that predict ratings without any interaction, and intervals of prediction errors. */
#ifndef ERMINE_EXPERIMENTS_RECOVER_ERRORS_H
#define ERMINE_EXPERIMENTS_RECOVER_ERRORS_H

#include <ermine/factored.h>

/* The mean of a completion problem's observations, or mu + b_u + c_i fitted to them (<ermine/baseline.h>), as a matrix of rank 1 or
 * 2. `lambda` is the penalty of the latter; NaN: its usual one. Freed by er_factored_clear(). ER_E_NOMEM. */
enum er_status er_recover_constants(const struct er_recovery *problem, bool bias, double lambda,
                                    struct er_factored *out, struct er_error *err);

/* The 95 % interval of the root mean squared error of predictions of entries, from resampled rows. ER_E_NOMEM. */
enum er_status er_recover_interval(const struct er_sparse *test, const double *predicted, double *low,
                                   double *high, struct er_error *err);

/* The same of a dense matrix, or where w is NULL of factors. */
enum er_status er_recover_interval_of(const struct er_sparse *test, const double *w,
                                      const struct er_factored *x, double *low, double *high,
                                      struct er_error *err);

#endif
