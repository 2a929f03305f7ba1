/* matrices.h - symmetric operators with known spectra, for tests. */
#ifndef ERMINE_TESTS_SUPPORT_MATRICES_H
#define ERMINE_TESTS_SUPPORT_MATRICES_H

#include <ermine/spectrum.h>

/* What the products below read; `n` is the operator's. */
struct matrix {
    int64_t n;
    const double *a; /* diagonal: n elements; dense: n x n */
    int64_t applies; /* counted */
    int64_t spoil;   /* this product (from 0) holds a NaN; negative: none */
};

struct er_operator matrix_diagonal(struct matrix *m);
struct er_operator matrix_dense(struct matrix *m);

/* Second differences with zero ends: eigenvalues 2 - 2 cos(k pi / (n + 1)), k = 1..n. */
struct er_operator matrix_laplacian(struct matrix *m);

/* A symmetric n x n matrix of standard normal elements (variance 2 on the diagonal), over sqrt(n). er_free().
 */
double *matrix_random(int64_t n, uint64_t seed);

#endif
