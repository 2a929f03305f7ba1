/* <ermine/als.h> - recovery under a bound on the rank, by alternating least squares.
 *
 *     minimise over U (rows x r), V (columns x r)
 *         f = sum_k (<A_k, U V^T> - y_k)^2 + lambda (sum_i a_i |u_i|^2 + sum_j b_j |v_j|^2)
 *
 * A_k = e_i e_j^T in completion. a_i = b_j = 1, or, weighted, the number of observed entries of row i and of
 * column j.
 *
 * Given V, each u_i is a ridge regression on the entries of its row, of which there are as many as rows,
 * solved exactly; then V given U. In sensing all of U is one regression, of rows r unknowns, then all of V. f
 * never rises; the problem is not convex, so no bound from below is known, and where it ends depends on where
 * it began.
 *
 * Sources: Zhou, Wilkinson, Schreiber and Pan, "Large-scale parallel collaborative filtering for the Netflix
 * prize", AAIM 2008 (weighted); Jain, Netrapalli and Sanghavi, "Low-rank matrix completion using alternating
 * minimization", STOC 2013 (where to begin; sensing).
 */
#ifndef ERMINE_ALS_H
#define ERMINE_ALS_H

#include <ermine/factored.h>
#include <ermine/progress.h>

enum er_als_penalty { ER_ALS_PLAIN, ER_ALS_WEIGHTED };

/* V before the first regression; U is not needed. */
enum er_als_start {
    /* The r leading right singular directions v_c of M = sum_k y_k A_k, by 5 rounds of subspace iteration
     * from a Gaussian block, of lengths |M v_c|^(1/2) (rows columns / n)^(1/2). */
    ER_ALS_SPECTRAL,
    ER_ALS_GAUSSIAN /* entries N(0, s^2), s^4 = mean y^2 / r */
};

struct er_als_options {
    int64_t rank;                /* r: 1 .. min(rows, columns); 10 */
    double lambda;               /* >= 0; 0: regressions of least norm; 0.1 */
    enum er_als_penalty penalty; /* plain; sensing: plain alone */
    enum er_als_start start;     /* spectral */

    /* Ends when f falls by no more than this share of itself, 0 .. 1, or to 1e-30 |y|^2; 1e-6. */
    double tolerance;
    int64_t iterations; /* at most, >= 1; 500 */
    uint64_t seed;      /* of the Gaussian block: stream (ER_PURPOSE_FACTORS, 0); 0 */
};

/** The values named last above. */
ER_API struct er_als_options er_als_defaults(void);

struct er_als_state {
    double lambda;      /* of the options, or as chosen */
    double objective;   /* f */
    double gradient;    /* |df/d(U, V)| */
    int64_t iterations; /* pairs of regressions */
    bool converged;     /* by the tolerance, not by the number of iterations */
};

/**
 * Minimises f from the start that is asked for, to where it hardly falls.
 *
 * @param x      the solution, balanced (er_factored_balance(); with the weighted penalty as it is, since
 *               balance changes that). Overwritten, so cleared before; freed by er_factored_clear();
 *               untouched on failure.
 * @param state  not NULL; untouched on failure.
 * @param pool   not NULL.
 * @return ER_OK, also when it did not converge; ER_E_USAGE (options), ER_E_UNSUPPORTED (weighted sensing),
 *         ER_E_LIMIT (sensing beyond 4096 unknowns in a regression), ER_E_NOMEM, ER_E_NONFINITE (f or a
 *         factor), ER_E_STOPPED.
 *
 * Cost of an iteration: completion at most 2 n r (r + 5) + (rows + columns) r^3 / 3 flops on the pool;
 * sensing 4 n r rows columns on the pool and n r^2 (rows^2 + columns^2) + r^3 (rows^3 + columns^3) / 3 on one
 * thread, several times that with lambda = 0. With the plain penalty er_factored_balance() once, on one
 * thread.
 *
 * Memory, in doubles: the factors, as many numbers again, n + (r + 1) max(rows, columns), and 2 r^2 + 293 r +
 * 256 for each thread. Sensing, q = r max(rows, columns): n q + q^2 + rows columns more, and with lambda = 0
 * a second n q.
 *
 * Normal equations that are singular to rounding, as with lambda = 0 where a row has fewer than r entries or
 * dependent ones: the solution of least norm. Eigenvalues of the equations below r epsilon of the largest
 * count as 0; in sensing, singular values of the measurements of a factor's unknowns below epsilon times
 * their number of the largest.
 *
 * Threads: the pool's; one caller at a time. The same bits for any number of threads.
 */
ER_API enum er_status er_als(const struct er_recovery *problem, const struct er_als_options *options,
                             struct er_factored *x, struct er_als_state *state, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err);

/** The least lambda at which U V^T = 0 is a solution (completion; of options, the penalty and the seed are
 * read): the largest singular value of the matrix of observed entries with zeros elsewhere; weighted, of
 * these entries over sqrt(a_i b_j). For |U|^2 + |V|^2 is at least 2 ||U V^T||_*, and as much where the
 * factors are balanced. By LAPACK or Lanczos' method, as er_soft_impute_largest(), exact or an estimate
 * likewise. ER_E_UNSUPPORTED for sensing; ER_E_NOMEM; ER_E_NONFINITE for entries that are not finite;
 * `lambda` is untouched then. The same bits for any number of threads. */
ER_API enum er_status er_als_largest(const struct er_recovery *problem, const struct er_als_options *options,
                                     double *lambda, struct er_pool *pool, struct er_error *err);

/**
 * Completion alone: lambda chosen by the mean squared error on a `share` of the observed entries, held out
 * (er_recovery_hold_out()), and the solution for it on all of them. Of `count` values in `lambda` (any order,
 * each >= 0), or, where that is NULL, of er_als_largest() times 2^(-i/2), i = 1 .. count: times the largest
 * of the entries left for the choice, then of all. Values are tried as they fall, each from the usual start
 * with a tolerance of 1e-3 (or options->tolerance, if that is more), until the error has not fallen below its
 * least for 3 in a row. options->lambda is not read; state->lambda is what was chosen.
 *
 * @param count   >= 1.
 * @param share   in (0, 1), so that both parts have an entry.
 * @param seed    draws what is held out; options->seed is that of the starts.
 * @param chosen  which of them, from 0, in the order in which they are given; may be NULL.
 * @param error   its validation error, a mean square; may be NULL.
 * @return as er_als(), er_als_largest() and er_recovery_hold_out() (ER_E_UNSUPPORTED for sensing); ER_E_USAGE
 *         for no values. Outputs are untouched on failure. Cost: an er_als() for each value that is tried,
 *         and one more.
 */
ER_API enum er_status er_als_chosen(const struct er_recovery *problem, const struct er_als_options *options,
                                    int64_t count, const double *lambda, double share, uint64_t seed,
                                    int64_t *chosen, double *error, struct er_factored *x,
                                    struct er_als_state *state, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_error *err);

#endif
