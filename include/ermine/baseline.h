/* <ermine/baseline.h> - predictions of ratings that know no interaction of users and items: what every method
 * of completion has to beat.
 *
 *     mean    y_ij ~ mu                   mu the mean of the training entries
 *     bias    y_ij ~ mu + b_i + c_j       b, c = argmin sum_(i,j) (y_ij - mu - b_i - c_j)^2
 *                                                       + lambda (|b|^2 + |c|^2)
 *
 * b_i says how far user i rates above the mean, c_j how far item j is rated above it; the penalty draws those
 * of few ratings towards 0. A row or column without entries has 0.
 *
 * Source: Y. Koren, R. Bell and C. Volinsky, "Matrix factorization techniques for recommender systems", IEEE
 * Computer 42(8), 2009, equations 3 and 5 (without factors); there mu is the mean as well.
 */
#ifndef ERMINE_BASELINE_H
#define ERMINE_BASELINE_H

#include <ermine/pool.h>
#include <ermine/recovery.h>

struct er_baseline {
    int64_t rows, columns;
    double mean;      /* mu */
    double *row;      /* b: rows; zeros of a mean alone */
    double *column;   /* c: columns; both freed by er_baseline_clear() */
    int64_t sweeps;   /* how many it took; 0 of a mean alone */
    double objective; /* what is minimised */

    /* The largest |d objective / d b_i| or |d objective / d c_j| over 2 sum |y - mu|; 0 of a mean alone. */
    double gradient;
};

/* lambda where one has no reason for another: on MovieLens-100K the error on held-out ratings has its least
 * value at 3 and is within 0.001 of it from 1 to 5. */
#define ER_BASELINE_LAMBDA 5.0

/** Frees the arrays and zeroes the struct. A cleared one, or {0}, is allowed. */
ER_API void er_baseline_clear(struct er_baseline *baseline);

/** mu alone. ER_E_USAGE where there are no entries; ER_E_NOMEM. `out` is freed by er_baseline_clear() and
 * untouched on failure. Cost: O(n + rows + columns). */
ER_API enum er_status er_baseline_mean(const struct er_sparse *train, struct er_baseline *out,
                                       struct er_error *err);

/**
 * mu, b and c, by minimising over b, over c and over a shift (b + t, c - t) in turn. The first two are
 * divisions: b_i = sum_j (y_ij - mu - c_j) / (n_i + lambda) over the n_i entries of row i. Ends when a sweep
 * moves nothing by more than 1e-12 of the largest |y - mu|, or after 1000 sweeps (then `gradient` says how
 * far it is).
 *
 * @param train   finite values.
 * @param lambda  0 to 1e300. At 0 the sums b_i + c_j are what is determined, within each connected part of
 *                the entries.
 * @param pool    its threads share the rows and columns; NULL: the caller's alone. The same bits for any
 *                number of threads.
 * @return ER_OK; ER_E_USAGE for a lambda that is not from 0 to 1e300, and where there are no entries;
 *         ER_E_NOMEM. `out` is freed by er_baseline_clear() and untouched on failure.
 * Cost: a few nanoseconds an entry and sweep; some 20 to 100 sweeps.
 */
ER_API enum er_status er_baseline_bias(const struct er_sparse *train, double lambda, struct er_pool *pool,
                                       struct er_baseline *out, struct er_error *err);

/** mu + b_i + c_j; i of 0 .. rows - 1, j of 0 .. columns - 1. */
static inline double er_baseline_at(const struct er_baseline *baseline, int64_t i, int64_t j)
{
    return baseline->mean + baseline->row[i] + baseline->column[j];
}

/** y_ij - (mu + b_i + c_j) of all entries, in their order: what is left to complete. Entries of a matrix of
 * the same shape; residual: n values. Cost: O(n). */
ER_API void er_baseline_residual(const struct er_baseline *baseline, const struct er_sparse *entries,
                                 double *residual);

#endif
