/* svd.h - singular values and vectors of dense matrices of one shape, one after another without new memory.
 *
 *     A = U S V^T,   A: m x n,   U: m x k,   V^T: k x n,   k = min(m, n),   all row-major
 *
 * LAPACK's dgesdd: every singular value is within a small multiple of k 2^-53 of the largest. 4 m n k flops for values
 * alone, some 20 m n k with vectors. One decomposition at a time; the same bits for the same input on one machine.
 */
#ifndef ERMINE_MATH_SVD_H
#define ERMINE_MATH_SVD_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_svd;

/* For m x n matrices, m, n >= 1, of which vectors will be asked or not. ER_E_SHAPE of none, ER_E_LIMIT (beyond LAPACK's
 * 32-bit sizes), ER_E_NOMEM. Freed by er_svd_free(), which takes NULL. */
enum er_status er_svd_new(int64_t m, int64_t n, bool vectors, struct er_svd **out, struct er_error *err);
void er_svd_free(struct er_svd *svd);

/* The k singular values of `a`, which is left as it is, falling. ER_E_NONFINITE. */
enum er_status er_svd_values(struct er_svd *svd, const double *a, double *s, struct er_error *err);

/* And U and V^T; for those made with vectors. ER_E_NONFINITE. */
enum er_status er_svd_vectors(struct er_svd *svd, const double *a, double *s, double *u, double *vt,
                              struct er_error *err);

/* Bytes of one. */
double er_svd_bytes(int64_t m, int64_t n, bool vectors);

#endif
