/* <ermine/risk_interval.h> - how sure a root mean squared error on held-out ratings is.
 *
 *     RMSE = sqrt(sum e^2 / n)           e: prediction less rating, n entries held out
 *
 * The ratings of one user are not independent: a user who is hard to predict brings all of them. So users are
 * drawn, not ratings: a resample takes as many users as have entries, with replacement, each with all of its
 * entries, and the interval runs from the 2.5th to the 97.5th percentile of the resamples' RMSE (between
 * neighbours by a straight line). Users are rows. What the training set's draw adds is not in it: seeds show
 * that.
 *
 * Beside it stands the interval of a normal mean of n independent squared errors,
 * sqrt(m -+ 1.96 s / sqrt(n)), m and s their mean and standard deviation: narrower than it should be, by as
 * much as users differ; below 0 it is cut.
 *
 * Source: B. Efron, "Bootstrap methods: another look at the jackknife", Ann. Statist. 7(1), 1979; of
 * clusters: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
 */
#ifndef ERMINE_RISK_INTERVAL_H
#define ERMINE_RISK_INTERVAL_H

#include <ermine/pool.h>
#include <ermine/recovery.h>

enum { ER_RISK_RESAMPLES = 1000 };

struct er_risk_interval {
    double rmse;
    double low, high;             /* users drawn again; NaN of less than 2 users */
    double plain_low, plain_high; /* of independent entries; NaN of less than 2 */
    int64_t n, users;             /* entries, and rows that have some */
};

/**
 * RMSE of n errors and its intervals.
 *
 * @param entries    which row each error belongs to: error k is that of entry k, in the order of the entries.
 * @param error      entries->n values.
 * @param resamples  1 .. 10^6; ER_RISK_RESAMPLES.
 * @param seed       draws users: resample b from stream (ER_PURPOSE_RESAMPLES, b).
 * @param pool       its threads share the resamples; NULL: the caller's alone. The same bits for any number
 *                   of threads.
 * @return ER_OK; ER_E_USAGE for no entries or resamples that are not 1 .. 10^6; ER_E_NONFINITE for an error
 *         that is not finite, or whose square is not; ER_E_NOMEM. `out` is untouched on failure.
 * Cost: O(n) and a few nanoseconds a user and resample; 16 bytes a row and 8 a resample.
 */
ER_API enum er_status er_risk_interval(const struct er_sparse *entries, const double *error,
                                       int64_t resamples, uint64_t seed, struct er_pool *pool,
                                       struct er_risk_interval *out, struct er_error *err);

#endif
