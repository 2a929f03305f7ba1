/* <ermine/kernel_solver.h> - (K + r I) x = b for kernel matrices too large for a factorisation: preconditioned conjugate
 * gradients.
 *
 * The matrix is read in blocks, once an iteration and of entries (i, j) and (j, i) only one: it may be a file larger than
 * memory (er_gram_file_matrix()), of which 512 KiB a thread are copied at a time. The preconditioner is M = P P^T + d I with
 * P (n x rank) the first columns of the Cholesky factor with pivots, each time the example that the ones before explain
 * least, and d = r + the mean of what of the diagonal they leave unexplained; M^-1 is applied by Woodbury's formula. A kernel
 * whose eigenvalues fall quickly needs few iterations then: some root of the condition number of M^-1 (K + r I), where without a
 * preconditioner it is the root of that of K + r I.
 *
 * Sources: Golub and Van Loan, "Matrix Computations", 4th ed., 2013, section 11.5; Harbrecht, Peters and Schneider, "On the
 * low-rank approximation by the pivoted Cholesky decomposition", Appl. Numer. Math. 2012; Gardner et al., "GPyTorch",
 * NeurIPS 2018 (this preconditioner).
 */
#ifndef ERMINE_KERNEL_SOLVER_H
#define ERMINE_KERNEL_SOLVER_H

#include <ermine/kernel_matrix.h>
#include <ermine/predict.h>

struct er_kernel_solver_options {
    int64_t rank; /* columns of the preconditioner, 0 (none) .. n; fewer where the kernel has a lower rank */
    double tolerance;   /* on |b - A x| / |b| of every right side: 1e-15 .. 1 */
    int64_t iterations; /* at most, >= 1 */
};

/** Rank 100 (or n), tolerance 1e-8, 1000 iterations. */
ER_API struct er_kernel_solver_options er_kernel_solver_defaults(void);

struct er_kernel_solver_report {
    double added;       /* r */
    int64_t rank;       /* of the preconditioner */
    int64_t iterations; /* passes over the matrix, that which measures the residual counted */
    double residual;    /* the largest |b - A x| / |b|, measured at the end */
    bool converged;     /* within the tolerance */
    double condition;   /* of M^-1 A as the iteration met it: a bound from below */
};

/**
 * x (n x k) for right sides b (n x k). All k share a pass.
 *
 * Not to converge is no error: see the report, which may be NULL; the pool may not. ER_E_USAGE; ER_E_NOMEM; ER_E_STOPPED, after a block of the
 * matrix at most; ER_E_NONFINITE, also when A is found not to be positive definite.
 *
 * Cost: an iteration takes 2 n^2 k flops on the pool and 4 n rank k on one thread, and reads 4 n^2 bytes; the preconditioner
 * n rank^2 flops on the pool, as many again on one thread, and n + rank columns, entry by entry. Memory:
 * 8 n (rank + 20 k) + 8 rank^2 bytes, and 512 KiB a thread unless the entries are in memory. The same bits for any number of
 * threads, and for the same entries wherever they are.
 */
ER_API enum er_status er_kernel_solve(const struct er_kernel_matrix *k_train, struct er_ridge ridge,
                                      int64_t k, const double *b,
                                      const struct er_kernel_solver_options *options, double *x,
                                      struct er_kernel_solver_report *report, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_error *err);

/**
 * The largest eigenvalue of a symmetric matrix whose eigenvalues are >= 0, by the Lanczos method: for the largest stable
 * rate, 2 (1 + momentum) n O / (lambda + r), where no decomposition is affordable. From below, relative error about
 * `tolerance` (1e-14 .. 0.1). At most 200 products, each a pass; not to converge within them is no error. Memory: 152 n
 * bytes, and 512 KiB a thread. Errors as above.
 */
ER_API enum er_status er_kernel_largest(const struct er_kernel_matrix *k_train, double tolerance,
                                        double *largest, struct er_pool *pool,
                                        const struct er_progress *progress, struct er_error *err);

#endif
