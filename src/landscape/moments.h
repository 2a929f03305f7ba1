/* moments.h - batch norm's running moments of a whole set, from those of its batches.
 *
 * Of batches k with n_k values, mean mu_k and unbiased variance v_k, pooled:
 *
 *     N = sum n_k      mu = sum n_k mu_k / N      v = sum ((n_k - 1) v_k + n_k (mu_k - mu)^2) / (N - 1)
 *
 * which are those of all values together. A training forward that moves statistics with momentum 1 leaves mu_k and
 * v_k. Slices and paths gather by these two functions, so that equal weights have equal moments in both.
 */
#ifndef ERMINE_LANDSCAPE_MOMENTS_H
#define ERMINE_LANDSCAPE_MOMENTS_H

#include "net/net.h"

/* ER_E_UNSUPPORTED: a layer's momentum is 0, so that training never measures its input. */
enum er_status er_moments_check(const struct er_net *net, struct er_error *err);

/* Doubles that a gathering takes, all 0 to begin with. */
int64_t er_moments_size(const struct er_net *net);

/* Adds a batch of so many rows, whose moments are `batch` (S). */
void er_moments_add(const struct er_net *net, const float *batch, int64_t rows, double *gathered);

/* statistics (S) = the moments of all that was gathered, which were `rows` >= 1. */
void er_moments_give(const struct er_net *net, const double *gathered, int64_t rows, float *statistics);

#endif
