/* ensemble.h - covariances at test examples of what is linear in the targets.
 *
 *     prediction = f_0* + B (y - f_0D)        f_0 ~ N(0, K)
 *     covariance = K_** - B K_D* - K_*D B^T + B K_DD B^T = K_** + sym(M B^T),   M = B K_DD - 2 K_*D
 *
 * with sym(A) = (A + A^T) / 2. B comes row by row from that of Theta_*D: by triangular solutions at infinite time, by
 * eigenvectors before. Variances need M and B of one block of rows at a time.
 */
#ifndef ERMINE_LIMIT_ENSEMBLE_H
#define ERMINE_LIMIT_ENSEMBLE_H

#include "limit/product.h"

/* What turns `rows` rows of Theta_*D (n each), in place, into those of B. scratch: rows x n. Any thread. */
typedef void er_ensemble_influence(const void *of, int64_t rows, double *theta, double *scratch);

struct er_ensemble {
    int64_t n, m;
    const double *theta_test, *k_test, *k_train;
    er_ensemble_influence *influence;
    const void *of;
    double flops; /* of the influence, a row */
};

/* `covariance` (m x m) holds K_**, `variance` (m) K(x,x). clipped: how many variances were below 0 and are 0; or NULL. */
enum er_status er_ensemble_covariance(const struct er_ensemble *ensemble, double *covariance,
                                      struct er_pool *pool, const struct er_progress *progress,
                                      struct er_error *err);
enum er_status er_ensemble_variances(const struct er_ensemble *ensemble, double *variance, int64_t *clipped,
                                     struct er_pool *pool, const struct er_progress *progress,
                                     struct er_error *err);

/* Values below 0 become 0; how many those were, to *clipped where that is not NULL. */
void er_clip_variances(int64_t m, double *variance, int64_t *clipped);

#endif
