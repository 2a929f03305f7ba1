/* <ermine/soft_impute.h> - matrix completion by the nuclear norm as a penalty, along a path of its weight.
 *
 *     minimise over X    P(X) = 1/2 sum_k (X[i_k, j_k] - y_k)^2 + lambda ||X||_*
 *
 * As lambda falls to 0, X goes to the matrix of least nuclear norm among those that fit (<ermine/nuclear.h>);
 * at and above lambda_max, the largest singular value of the matrix of observed entries with zeros elsewhere,
 * X = 0. (What er_soft_impute_largest() tells of it is exact or an estimate that may fall short: see there.)
 *
 * Every solution comes with a certificate. With residual R = y - X on the observed entries and 0 elsewhere,
 *
 *     D(T) = <T, y> - 1/2 |T|^2 <= P(X)
 *
 * for every T on the observed entries with operator norm at most lambda, and T = c R with the best c there
 * makes D a bound from below: at the solution R itself has norm lambda, and equality. The gap (P - D) / P is
 * what is printed, and what iteration stops by.
 *
 * Two ways. Dense: proximal steps X <- soft-threshold(X + R) (soft-impute) with Nesterov's momentum and
 * restarts, a decomposition of a rows x columns matrix a step. Factored: X = A B^T of at most `rank` columns,
 * whose penalty (|A|^2 + |B|^2) lambda / 2 is lambda ||X||_* at balance; exact ridge regressions for all rows
 * of B, then of A; balance; and singular directions of R above lambda that no factor spans are added to A and
 * B, so that factors have no more columns than X needs. X is never written out: 10 million entries are within
 * reach.
 *
 * Sources: Mazumder, Hastie and Tibshirani, "Spectral regularization algorithms for learning large incomplete
 * matrices", JMLR 2010 (soft-impute, path, warm starts, lambda_max); Srebro, Rennie and Jaakkola,
 * "Maximum-margin matrix factorization", NIPS 2004 (the penalty of factors); Hastie, Mazumder, Lee and Zadeh,
 * "Matrix completion and low-rank SVD via fast alternating least squares", JMLR 2015; Beck and Teboulle 2009,
 * O'Donoghue and Candes 2015 (momentum, restarts). Departure: softImpute-ALS of Hastie et al. fills in the
 * unobserved entries, which makes its regressions share one matrix and saves a factor r; but on 80,000
 * ratings of MovieLens-100K without biases, at 0.53 lambda_max (rank 20), it takes some 100 pairs of them to
 * a gap of 1e-4 and 450 to 1e-6, where exact regressions take 30 and 60.
 */
#ifndef ERMINE_SOFT_IMPUTE_H
#define ERMINE_SOFT_IMPUTE_H

#include <ermine/factored.h>
#include <ermine/progress.h>

enum er_soft_impute_way {
    ER_SOFT_IMPUTE_CHOOSE, /* dense where the shorter side is at most 64 and the longer 1024 */
    ER_SOFT_IMPUTE_DENSE,
    ER_SOFT_IMPUTE_FACTORED
};

struct er_soft_impute_options {
    enum er_soft_impute_way way; /* ER_SOFT_IMPUTE_CHOOSE */
    int64_t rank;                /* factored: columns at most; 0, the default: min(rows, columns, 50) */
    double gap;                  /* relative, to stop at: 1e-14 .. 1; 1e-6 */
    int64_t iterations;          /* at most, for each lambda, >= 1; 10000 */
    uint64_t seed;               /* start vectors of operator norms; 0 */
};

/** The values named last above. */
ER_API struct er_soft_impute_options er_soft_impute_defaults(void);

/** Whether a problem is solved in the dense way. */
ER_API bool er_soft_impute_is_dense(const struct er_recovery *problem, enum er_soft_impute_way way);

/* Of one lambda. */
struct er_soft_impute_state {
    double lambda;
    double primal, dual; /* P(X) and the bound D from below */
    double gap;          /* (primal - dual) / primal; 0 where both are 0 */
    double nuclear_norm; /* of X */
    int64_t iterations;  /* proximal steps, or pairs of regressions */
    int64_t rank;        /* of X: singular values above 0 */
    bool converged;      /* the gap was reached */
    bool capped;         /* factored, and X has as many columns as are allowed: the gap may be due to that */

    /* The operator norm of the certificate is LAPACK's, and `dual` a bound to rounding. False: it is Lanczos'
     * in float32 from a random start, with its residual and rounding added. That is a bound of SOME singular
     * value: of the largest one where it stands apart, but where several cluster at the top, as those of R do
     * at a solution, it may fall short by their spread, by 1e-5 to 1e-4 of itself in the worst that was seen,
     * and `dual` is then an estimate. Rounding added keeps the gap above some 2e-7: a smaller one can be
     * asked for, and is not reached. */
    bool exact;
};

/**
 * lambda_max: by LAPACK to rounding where the shorter side has at most 1,024 rows or columns and a Gram
 * matrix of it costs few products (always up to 128); else by Lanczos, an estimate that may fall short, as
 * `exact` above has it. ER_E_UNSUPPORTED for sensing; ER_E_NOMEM; ER_E_NONFINITE for entries that are not
 * finite; `lambda` is untouched then. The pool may not be NULL, here and below; one caller at a time, and the
 * same bits for any number of threads.
 */
ER_API enum er_status er_soft_impute_largest(const struct er_recovery *problem, uint64_t seed, double *lambda,
                                             struct er_pool *pool, struct er_error *err);

/**
 * The solution for one lambda > 0, with balanced factors (er_factored_balance()), as many columns as its
 * rank.
 *
 * @param x      where to start from, {.rank = 0} for zeros, balanced, of the problem's shape; then the
 *               solution, freed by er_factored_clear(). On failure as it was.
 * @param state  not NULL; untouched on failure.
 * @return ER_OK, also where the gap was not reached: see `converged`. ER_E_USAGE (options, lambda),
 *         ER_E_UNSUPPORTED (sensing), ER_E_SHAPE (the start's shape, or more columns than are allowed),
 *         ER_E_LIMIT (dense, beyond LAPACK's 32-bit sizes), ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED.
 *
 * Cost of an iteration: dense some 20 rows columns min(rows, columns) flops; factored at most 2 n r (r + 5) +
 * (rows + columns) r^3 / 3 for r columns at work, on the pool, and 6 (rows + columns) r^2 on one thread for
 * balance. A certificate every 5 pairs or 10 steps: some tens of products with R, 4 n flops each, or the
 * largest eigenvalue of a matrix of the shorter side. Memory in doubles: n, and dense 5 rows columns + 6
 * min(rows, columns)^2; factored (rows + columns) (3 rank + 64), and for each thread 2 rank^2 + 293 rank +
 * 256; where the certificate is exact the square of the shorter side. Of lambda = 0 take <ermine/nuclear.h>.
 * The same bits for any number of threads.
 */
ER_API enum er_status er_soft_impute(const struct er_recovery *problem,
                                     const struct er_soft_impute_options *options, double lambda,
                                     struct er_factored *x, struct er_soft_impute_state *state,
                                     struct er_pool *pool, const struct er_progress *progress,
                                     struct er_error *err);

/* Called with each solution of a path; false ends the path. The solution is borrowed for the call. */
typedef bool er_soft_impute_seen(void *ctx, const struct er_soft_impute_state *state,
                                 const struct er_factored *x);

/* A path: `count` values from lambda_max down to `least` times it, in equal ratios; each starts from the one
 * before. */
struct er_soft_impute_path {
    int64_t count; /* >= 1; 1: `least` alone */
    double least;  /* of lambda_max: 1e-12 .. 1 */
};

/** 20 values down to 0.01 of lambda_max. */
ER_API struct er_soft_impute_path er_soft_impute_path_default(void);

/**
 * All solutions of a path, shown one after the other; the last is left in `x` and `state` (neither is NULL; x
 * begins as {0}). `seen` may be NULL. Errors as above, and ER_E_INPUT where all entries are 0, which have no
 * path. On failure `x` and `state` are those of the last lambda that came out.
 */
ER_API enum er_status er_soft_impute_along(const struct er_recovery *problem,
                                           const struct er_soft_impute_options *options,
                                           const struct er_soft_impute_path *path, er_soft_impute_seen *seen,
                                           void *ctx, struct er_factored *x,
                                           struct er_soft_impute_state *state, struct er_pool *pool,
                                           const struct er_progress *progress, struct er_error *err);

struct er_soft_impute_choice {
    double ratio;  /* lambda / lambda_max of the least validation error */
    double error;  /* that mean squared error */
    int64_t index; /* which of the path; the last: a longer path might do better */
};

/* Called with each lambda that is tried: its solution on what is not held out, and the mean squared error on
 * what is. */
typedef void er_soft_impute_tried(void *ctx, const struct er_soft_impute_state *state, double error);

/**
 * lambda chosen by validation: `share` of the observed entries are held out (er_recovery_hold_out()), the
 * path is walked on the others until the error has not fallen below its least for 3 values in a row, and the
 * ratio lambda / lambda_max of the least error is taken for all observed entries: the ratio rather than
 * lambda, for lambda_max grows with the entries. On the way a gap of 3e-3 is enough, where options->gap asks
 * for less; on MovieLens-100K that moves the validation error by 0.0001. The last solution is taken to the
 * gap asked for, and starts from the best of the path. `tried`, which may be NULL, is told of each lambda in
 * turn. x begins as {0}. Errors as above, and of er_recovery_hold_out(); choice, x and state are untouched on
 * failure. `seed` draws what is held out.
 */
ER_API enum er_status er_soft_impute_chosen(const struct er_recovery *problem,
                                            const struct er_soft_impute_options *options,
                                            const struct er_soft_impute_path *path, double share,
                                            uint64_t seed, er_soft_impute_tried *tried, void *ctx,
                                            struct er_soft_impute_choice *choice, struct er_factored *x,
                                            struct er_soft_impute_state *state, struct er_pool *pool,
                                            const struct er_progress *progress, struct er_error *err);

#endif
