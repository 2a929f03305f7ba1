/* recover_errors.h - constants that predict ratings without any interaction, and intervals of prediction
 * errors. */
#ifndef ERMINE_EXPERIMENTS_RECOVER_ERRORS_H
#define ERMINE_EXPERIMENTS_RECOVER_ERRORS_H

#include <ermine/baseline.h>
#include <ermine/factored.h>

/* The mean of a completion problem's observations, or mu + b_u + c_i fitted to them. `lambda` is the penalty
 * of the latter; NaN: its usual one. Pools may be NULL, here and below. ER_E_NOMEM. */
enum er_status er_recover_fit(const struct er_recovery *problem, bool bias, double lambda,
                              struct er_pool *pool, struct er_baseline *out, struct er_error *err);

/* The same as a matrix of rank 1 or 2. Freed by er_factored_clear(). ER_E_NOMEM. */
enum er_status er_recover_factors(const struct er_baseline *baseline, bool bias, struct er_factored *out,
                                  struct er_error *err);

/* The 95 % interval of the root mean squared error of predictions of entries, from resampled rows.
 * ER_E_NOMEM. */
enum er_status er_recover_interval(const struct er_sparse *test, const double *predicted,
                                   struct er_pool *pool, double *low, double *high, struct er_error *err);

/* The same of a dense matrix, or where w is NULL of factors. */
enum er_status er_recover_interval_of(const struct er_sparse *test, const double *w,
                                      const struct er_factored *x, struct er_pool *pool, double *low,
                                      double *high, struct er_error *err);

#endif
