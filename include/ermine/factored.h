/* <ermine/factored.h> - a matrix of low rank kept as two factors, never written out.
 *
 *     X = left right^T        left: rows x rank, right: columns x rank, row-major
 *
 * What solvers of matrix recovery that scale give back (<ermine/soft_impute.h>, <ermine/als.h>): at 10
 * million ratings of 10^5 users and items X has 10^10 entries, its factors of rank 50 have 10^7.
 */
#ifndef ERMINE_FACTORED_H
#define ERMINE_FACTORED_H

#include <ermine/pool.h>
#include <ermine/recovery.h>

struct er_factored {
    int64_t rows, columns, rank; /* rank 0: zeros */
    double *left, *right;        /* rank 0: may be NULL; freed by er_factored_clear() */
};

/** Frees the factors and zeroes the struct. A cleared one, or {0}, is allowed. */
ER_API void er_factored_clear(struct er_factored *x);

/**
 * The entries of X at given places, in the order of the entries: value[k] = left_i . right_j, `at->n` of
 * them. `at` has X's shape. The pool may be NULL: the caller's thread alone, here and below. Cost: 2 n rank
 * flops. The same bits for any number of threads.
 */
ER_API void er_factored_entries(const struct er_factored *x, const struct er_sparse *at, double *value,
                                struct er_pool *pool);

/**
 * Mean squared error of X at the places of `at` against its values; NaN where there are none. ER_E_NOMEM (n
 * doubles), ER_E_SHAPE; *error is untouched then. Cost and threads as above.
 */
ER_API enum er_status er_factored_error(const struct er_factored *x, const struct er_sparse *at,
                                        double *error, struct er_pool *pool, struct er_error *err);

/** X written out: w, rows x columns. Cost: 2 rows columns rank flops, on the caller's thread. */
ER_API void er_factored_dense(const struct er_factored *x, double *w);

/**
 * Writes the singular values of X into s (`rank` of them, falling; those beyond min(rows, columns) are 0) and
 * balances the factors, which leaves X as it is to rounding:
 *
 *     X = U S V^T,   left <- U S^(1/2),   right <- V S^(1/2)        so that left^T left = right^T right = S
 *
 * ||X||_* = (|left|^2 + |right|^2) / 2 then, the least that it is of any factors of X. By QR of each factor
 * and the singular values of a rank x rank matrix: exact to rounding of the largest, where the eigenvalues of
 * left^T left would lose half of the digits.
 *
 * Cost: 6 (rows + columns) rank^2 flops and some 20 rank^3, on the caller's thread; beside X as many numbers
 * as it has, and some 12 rank^2. `s` may be NULL; of rank 0 nothing is done. ER_E_NOMEM; ER_E_NONFINITE;
 * ER_E_LIMIT for ranks beyond LAPACK's 32-bit sizes (some 23,000): with X as it was.
 */
ER_API enum er_status er_factored_balance(struct er_factored *x, double *s, struct er_error *err);

/** A copy, freed by er_factored_clear(). ER_E_NOMEM, with `out` untouched. */
ER_API enum er_status er_factored_copy(const struct er_factored *x, struct er_factored *out,
                                       struct er_error *err);

/**
 * Part of a completion problem's observed entries held out from it, for choosing a constant without the test
 * entries: `out` has round(share n) of them, drawn by `seed` (ER_PURPOSE_VALIDATION), as its test entries and
 * observes the others; no truth.
 *
 * @param share  in (0, 1), so that both parts have an entry.
 * @return ER_OK; ER_E_USAGE; ER_E_UNSUPPORTED for sensing; ER_E_NOMEM. `out` is freed by er_recovery_clear()
 *         and untouched on failure.
 * Cost: O(n + rows + columns) time; 28 bytes an entry beside what er_sparse_new() takes for both parts.
 * Threads: yes.
 */
ER_API enum er_status er_recovery_hold_out(const struct er_recovery *problem, double share, uint64_t seed,
                                           struct er_recovery *out, struct er_error *err);

#endif
