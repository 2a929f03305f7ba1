/* qr.h - orthogonal triangles of row-major matrices, by LAPACK's LQ of their transposes.
 */
#ifndef ERMINE_MATH_QR_H
#define ERMINE_MATH_QR_H

#include <ermine/status.h>

/* A (m x n, m >= n) = Q R: the first n rows of `a` become R, upper triangular with zeros below; the other rows are lost.
 * Q isn't made. ER_E_NOMEM. Cost: 2 n^2 (m - n / 3). */
enum er_status er_qr_triangle(int64_t m, int64_t n, double *a, struct er_error *err);

/* A (m x n) = Q R, k = min(m, n): the first k columns of `a`, whose rows stay n apart, become Q's, orthonormal; r (k x n; may be
 * NULL) becomes R, zeros below its diagonal. ER_E_NOMEM. Cost: 4 k^2 (max(m, n) - k / 3). */
enum er_status er_qr_thin(int64_t m, int64_t n, double *a, double *r, struct er_error *err);

/* The rows of `a` (m x n, m <= n), independent, become orthonormal: A = L Q with a positive diagonal of L, so that Gaussian
 * rows give Haar's measure (Mezzadri 2007). ER_E_NOMEM. Cost: 4 m^2 (n - m / 3). */
enum er_status er_qr_orthonormal(int64_t m, int64_t n, double *a, struct er_error *err);

#endif
