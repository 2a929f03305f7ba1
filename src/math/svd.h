/* svd.h - singular value decompositions of dense matrices in float64, one shape at a time, without allocation.
 *
 *     A = U S V^T        A m x n, U m x r, S = diag(s), s falling, V^T r x n, r = min(m, n), row-major
 *
 * LAPACK's dgesdd (divide and conquer): |error of s_i| <= p(m, n) DBL_EPSILON s_1 with a modest p, so that singular values
 * below that have no correct digit. Cost: about 4 m n r flops for the values alone, 6 to 20 m n r with vectors.
 */
#ifndef ERMINE_MATH_SVD_H
#define ERMINE_MATH_SVD_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_svd; /* scratch for one shape; one thread at a time */

/* ER_E_SHAPE for sides that are not 1 .. 2^30, ER_E_NOMEM. */
enum er_status er_svd_new(int64_t m, int64_t n, bool vectors, struct er_svd **out, struct er_error *err);

void er_svd_free(struct er_svd *svd);

/* s, and with vectors u and vt; a is kept. u and vt may be NULL where there are none. ER_E_NONFINITE for an A with a number
 * that is not finite, and where LAPACK does not converge. */
enum er_status er_svd_of(struct er_svd *svd, const double *a, double *u, double *s, double *vt,
                         struct er_error *err);

#endif
