/* <ermine/recovery.h> - problems of matrix recovery: an unknown matrix W, rows x columns, of which little is
 * observed.
 *
 *     completion    y_k = W[i_k, j_k] + noise      entries, none twice
 *     sensing       y_k = <A_k, W> + noise         <A, W> = sum_ij A_ij W_ij, A_k dense
 *
 * The empirical risk of a matrix W is the mean over observations of the squared error, without a factor 1/2:
 *
 *     L(W) = (1/n) sum_k (<A_k, W> - y_k)^2        A_k = e_i e_j^T in completion
 *
 * Its risk is the mean squared error over all entries where the truth is known, and over the entries that
 * were held out where it is not. Everything is in double precision, row-major; a problem is a function of its
 * specification.
 *
 * Source of the synthetic problems: Arora, Cohen, Hu and Luo, "Implicit regularization in deep matrix
 * factorization", NeurIPS 2019, section 4 and its code.
 */
#ifndef ERMINE_RECOVERY_H
#define ERMINE_RECOVERY_H

#include <ermine/ratings.h>

/* Entries of a matrix by rows and by columns. */
struct er_sparse {
    int64_t rows, columns, n;

    /* By rows: the entries of row i are row_start[i] .. row_start[i + 1] - 1, their columns rising. */
    int64_t *row_start; /* rows + 1 */
    int32_t *column;    /* n */
    double *value;      /* n */

    /* By columns: those of column j are entry[p], p from column_start[j] to column_start[j + 1] - 1, rows
     * rising. */
    int64_t *column_start; /* columns + 1 */
    int32_t *row;          /* n: of entry[p] */
    int64_t *entry;        /* n: which entry it is, so that its value is value[entry[p]] */
};

/**
 * Entries in any order, sorted.
 *
 * @return ER_OK; ER_E_INPUT for an index outside and for a pair that comes twice; ER_E_SHAPE for sides that
 *         are not 1 .. 2^31 - 1 and for n < 0; ER_E_NOMEM. Values are taken as they are. `out` is freed by
 *         er_sparse_clear() and untouched on failure.
 * Cost: O(n + rows + columns) time, 8 n bytes beside the result's 24 n + 8 (rows + columns). Threads: yes.
 */
ER_API enum er_status er_sparse_new(int64_t rows, int64_t columns, int64_t n, const int32_t *row,
                                    const int32_t *column, const double *value, struct er_sparse *out,
                                    struct er_error *err);

/** Frees the arrays and zeroes the struct. A cleared one, or {0}, is allowed. */
ER_API void er_sparse_clear(struct er_sparse *sparse);

/** The row of each entry, in their order: n values. */
ER_API void er_sparse_row_indices(const struct er_sparse *sparse, int32_t *row);

/** The mean squared difference of n values, one for each entry, to the entries'; NaN of none. */
ER_API double er_sparse_mean_square(const struct er_sparse *sparse, const double *value);

enum er_recovery_kind { ER_COMPLETION, ER_SENSING };

struct er_recovery {
    enum er_recovery_kind kind;
    int64_t rows, columns;
    int64_t n;              /* observations, >= 1 */
    struct er_sparse train; /* completion: they are its entries; else empty */
    double *a, *y;          /* sensing: n x (rows columns) and n; else NULL */
    struct er_sparse test;  /* entries held out; none where the truth is known */
    double *truth;          /* rows x columns, without noise; NULL: unknown */
};

/** Frees what it has and zeroes the struct. A cleared one, or {0}, is allowed. */
ER_API void er_recovery_clear(struct er_recovery *problem);

/* A synthetic problem. */
struct er_recovery_spec {
    enum er_recovery_kind kind; /* completion */
    bool symmetric;             /* V = U: positive semidefinite, square */
    int64_t rows, columns;      /* 1 .. 2^20, and together < 2^31 entries; 100, 100 */
    int64_t rank;               /* 1 .. min(rows, columns); 5 */
    int64_t observed;           /* >= 1; completion: at most rows columns; 2000 */
    double noise;               /* standard deviation of the observations' noise, >= 0; 0 */
    uint64_t seed;              /* 0 */
};

/** The values named last above. */
ER_API struct er_recovery_spec er_recovery_spec_default(void);

/**
 * Truth W* = U V^T / sqrt(rank) with Gaussian U and V, rescaled to ||W*||_F = sqrt(rows columns), so that its
 * entries have mean square 1 and the zero matrix has risk 1. Completion observes distinct entries drawn
 * uniformly; sensing has A_k with independent entries N(0, 1) / sqrt(rows columns) (N(0,1)/n for a square),
 * so that E y^2 = 1. Truth, places, measurements and noise have streams of their own: more observations begin
 * with the fewer ones, and noise of another size has the same shape. The paper's synthetic data: 100 x 100,
 * rank 5 or 10, 2,000 or 5,000 observations.
 *
 * @return ER_OK; ER_E_USAGE for numbers out of range and a symmetric matrix that is not square; ER_E_NOMEM.
 *         `out` is freed by er_recovery_clear() and untouched on failure.
 * Cost: O(rows columns (rank + 1)) time and 8 bytes an entry of the truth (16 while completion draws its
 * places); of sensing 8 rows columns bytes and 20 ns an element for each measurement. Threads: yes. Truth and
 * places are the same bits on every machine up to libm's normals (<ermine/random.h>).
 * Invariants: ||W*||_F, rank, prefixes, mean squares of measurements (tests/recovery/problem.c).
 */
ER_API enum er_status er_recovery_new(const struct er_recovery_spec *spec, struct er_recovery *out,
                                      struct er_error *err);

/**
 * A problem of completion from ratings: `train` of them are drawn to be observed, by `seed`, and `test` of
 * the others are held out (0: all others). One permutation of the ratings is drawn: more to be observed begin
 * with the fewer ones, and those held out come next.
 *
 * @param train  >= 1.
 * @param test   >= 0, and at most what is left; with none left and 0 nothing is held out.
 * @return ER_OK; ER_E_USAGE where there are not so many; ER_E_NOMEM; for ratings that er_ratings_open() did
 *         not make, errors of er_sparse_new(). `out` is freed by er_recovery_clear() and untouched on
 *         failure.
 * Cost: O(n + rows + columns) time; 8 bytes a rating, and 16 for each that is taken beside what
 * er_sparse_new() takes, for train and test in turn. Threads: yes.
 */
ER_API enum er_status er_recovery_from_ratings(const struct er_ratings *ratings, int64_t train, int64_t test,
                                               uint64_t seed, struct er_recovery *out, struct er_error *err);

/* --- of a dense matrix w, rows x columns; any threads; sums in a fixed order ---------------------------- */

/** L(w): the mean squared error over the observations. Cost: O(n), of sensing O(n rows columns). */
ER_API double er_recovery_loss(const struct er_recovery *problem, const double *w);

/** dL/dW, rows x columns; in completion zero where nothing is observed. Cost: O(rows columns), of sensing O(n
 * rows columns). */
ER_API void er_recovery_gradient(const struct er_recovery *problem, const double *w, double *gradient);

/** The mean squared error over all entries of the truth, or over the entries held out; NaN where there is
 * neither. Cost: O(rows columns), or O(entries held out). */
ER_API double er_recovery_risk(const struct er_recovery *problem, const double *w);

/* --- what a matrix is like ------------------------------------------------------------------------------ */

/**
 * Singular values of a dense m x n matrix, min(m, n) of them, falling. |error| <= p DBL_EPSILON s_1 with a p
 * that grows slowly with m and n: those below have no correct digit (LAPACK's dgesdd).
 * @return ER_OK, ER_E_NOMEM; ER_E_SHAPE of an empty matrix; ER_E_LIMIT beyond LAPACK's 32-bit sizes;
 *         ER_E_NONFINITE for a number that is not finite.
 * Cost: O(m n min(m, n)), a copy of a. Threads: yes.
 */
ER_API enum er_status er_singular_values(int64_t m, int64_t n, const double *a, double *s,
                                         struct er_error *err);

/** Sum of n singular values: the nuclear norm. */
ER_API double er_nuclear_norm(int64_t n, const double *s);

/**
 * exp(-sum p_i ln p_i), p_i = s_i / sum s, of n singular values; 1 .. n, and 0 of nothing but zeros (Roy and
 * Vetterli, "The effective rank", EUSIPCO 2007). The code of Arora et al. has ln(p_i + 1e-10), which differs
 * by less than 1e-8 n.
 */
ER_API double er_effective_rank(int64_t n, const double *s);

#endif
