/* <ermine/nuclear.h> - what agrees with the observations of a problem of matrix recovery and has least norm:
 * the convex rivals of deep factorisation, each with a certificate of how near to the minimum it is.
 *
 *     nuclear     P = min ||X||_*   subject to |<A_k, X> - y_k| <= tolerance for all k
 *                 D = max sum_k l_k y_k - tolerance sum_k |l_k|   subject to ||sum_k l_k A_k||_2 <= 1
 *     Frobenius   min ||X||_F   subject to <A_k, X> = y_k
 *
 * ||.||_* is the sum of the singular values, ||.||_2 the largest of them. Any X and any l that keep to their
 * constraints have D(l) <= D = P <= ||X||_*: the difference bounds the error of both, whatever led to them.
 *
 * Sources: Recht, Fazel and Parrilo, "Guaranteed minimum-rank solutions of linear matrix equations via
 * nuclear norm minimization", SIAM Review 2010 (the duality); Candes and Recht, "Exact matrix completion via
 * convex optimization", FoCM 2009. Arora et al. 2019 ask a tolerance of 1e-3 of the solver SCS.
 */
#ifndef ERMINE_NUCLEAR_H
#define ERMINE_NUCLEAR_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/recovery.h>

enum er_nuclear_method {
    ER_NUCLEAR_AUTO, /* below */
    /* A primal-dual interior point method: 8 to 20 iterations of n^3 / 3 for n <= 16,384 observations. */
    ER_NUCLEAR_INTERIOR,
    /* Alternating directions, completion alone (else ER_E_USAGE): tens to thousands of iterations, a
     * decomposition each. */
    ER_NUCLEAR_SPLITTING,
};

/* ER_NUCLEAR_AUTO goes by shapes and the tolerance: the interior point method in sensing, with a tolerance,
 * and where n^3 <= 4,000 rows columns min(rows, columns); else 1,000 iterations of splitting, which is fast
 * where the observations are so many that they determine the matrix, and the interior point method if these
 * did not reach the gap (where a number of iterations is asked for, that many of splitting alone). Above
 * 16,384 observations, or 8,000 rows and columns together, splitting alone.
 *
 * What is too large: rows columns min(rows, columns) above 1e11 (4,640 squared), whose singular value
 * decomposition takes about a minute on one core, where tens to thousands of them are needed; the interior
 * point method also above its two bounds. */

struct er_nuclear_spec {
    enum er_nuclear_method method; /* ER_NUCLEAR_AUTO */
    double tolerance;              /* >= 0; 0, the default: equality */
    double gap;                    /* stop at this relative gap, (primal - dual) / primal: 0 .. 1; 1e-6 */
    int64_t iterations;            /* at most; 0: 100 of interior point, 20,000 of splitting; 0 */
};

/** The values named last above. */
ER_API struct er_nuclear_spec er_nuclear_spec_default(void);

/* What is known of a solution. */
struct er_nuclear_result {
    double primal;      /* the norm of X, which keeps to the constraints but for rounding (`violation`) */
    double dual;        /* a lower bound of the least norm: D(l) at an l within its bound */
    double gap;         /* (primal - dual) / primal, 0 where both are 0 */
    double violation;   /* max_k |<A_k, X> - y_k| - tolerance, at least 0 */
    int64_t iterations; /* of `method`; 0 where the solution has a closed form */
    bool reached;       /* gap <= the one asked for; else rounding ended it, or ... */
    bool exhausted;     /* ... the number of iterations */
    enum er_nuclear_method method; /* which came to it; ER_NUCLEAR_AUTO of the Frobenius norm */
};

/**
 * Minimum nuclear norm.
 *
 * @param x       rows x columns: the solution. Completion: entries that are observed are y exactly (tolerance
 *                0).
 * @param lambda  n: the dual solution, in the order of the observations, ||sum_k lambda_k A_k||_2 <= 1; may
 *                be NULL. It certifies X: lambda = U V^T + what is orthogonal to it, X = U S V^T.
 * @return ER_OK, also where the gap was not reached (`reached`); ER_E_USAGE (`spec`); ER_E_INPUT:
 *         measurements that depend linearly on one another (the condition of their Gram matrix is above
 *         1e13); ER_E_NONFINITE: an observation or a measurement that is not finite; ER_E_LIMIT: a problem
 *         that is too large, above; ER_E_NOMEM; ER_E_STOPPED: it is asked between products and
 *         decompositions, of which the longest takes about a minute. Outputs are untouched on failure.
 *
 * Rounding: primal and dual are right to about min(rows, columns) 2^-53 of themselves, ||sum_k lambda_k
 * A_k||_2 <= 1 likewise. It ends the interior point method at gaps of 1e-9 to 1e-13, with a tolerance at 1e-8
 * to 1e-10. Where several X have the least norm, the interior point method gives one amid them.
 *
 * Cost: an iteration of the interior point method n^3 / 3 + 2 n^2 + 40 (rows + columns)^3 flops, in sensing
 * n^2 rows columns + 16 n rows columns (rows + columns) more; one of splitting about 20 rows columns
 * min(rows, columns). On one core, rank 3 of 50 x 50: 0.05 s with 500 observations, 0.12 s with 750; rank 5
 * of 100 x 100 with 2,000: 0.7 s; noise on 300 x 300 with 6,000: 2 s. Memory: er_nuclear_bytes().
 *
 * Threads: the pool's in the interior point method, the caller's alone in splitting (and with a NULL pool);
 * the same bits for any number.
 */
ER_API enum er_status er_nuclear_minimum(const struct er_recovery *problem,
                                         const struct er_nuclear_spec *spec, double *x, double *lambda,
                                         struct er_nuclear_result *result, struct er_pool *pool,
                                         const struct er_progress *progress, struct er_error *err);

/** Bytes that er_nuclear_minimum() takes beside the problem and its outputs, on one thread; sensing some
 * 8 rows max(rows, columns) more for each other thread. */
ER_API double er_nuclear_bytes(const struct er_recovery *problem, const struct er_nuclear_spec *spec);

/** What er_nuclear_minimum() usually takes, in floating-point operations at the speed of products: 15 iterations of
 * the interior point method, 1,000 of splitting. For estimates: a factor of a few. */
ER_API double er_nuclear_flops(const struct er_recovery *problem, const struct er_nuclear_spec *spec);

/**
 * Minimum Frobenius norm: X = sum_k l_k A_k with sum_l <A_k, A_l> l_l = y_k; in completion the observed
 * entries with zeros around them. It is what depth 1 converges to from zero.
 *
 *     result: primal = ||X||_F; dual = sum_k l_k y_k / ||sum_k l_k A_k||_F, which is the largest value of
 *             max sum_k l_k y_k subject to ||sum_k l_k A_k||_F <= 1; their difference is rounding.
 *
 * @return ER_OK; ER_E_INPUT and ER_E_NONFINITE as above; ER_E_NOMEM; ER_E_STOPPED (sensing). Outputs are
 *         untouched on failure.
 * Cost: completion O(rows columns + n); sensing n^3 / 3 + n^2 rows columns flops on the pool (NULL: the
 * caller's thread), 8 n^2 bytes.
 */
ER_API enum er_status er_frobenius_minimum(const struct er_recovery *problem, double *x,
                                           struct er_nuclear_result *result, struct er_pool *pool,
                                           const struct er_progress *progress, struct er_error *err);

#endif
