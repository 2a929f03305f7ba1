/* svd.h - singular values of a small matrix, by one-sided Jacobi rotations in double: the oracle of operator
 * norms.
 *
 * Source: Hestenes, "Inversion of matrices by biorthogonalization and related results", J. SIAM 1958; Demmel
 * and Veselic, SIAM J. Matrix Anal. Appl. 1992, for its accuracy.
 */
#ifndef ERMINE_TESTS_ORACLES_SVD_H
#define ERMINE_TESTS_ORACLES_SVD_H

#include <stdint.h>

/* The n singular values of a (m x n, row-major), largest first, in s. Of m < n, the last n - m are 0 to rounding. Overwritten by
 * A V: columns, in some order, whose lengths these are; of a positive definite A, its eigenvectors times its eigenvalues. */
void svd_values(int64_t m, int64_t n, double *a, double *s);

#endif
