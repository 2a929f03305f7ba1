/* sign_error.h - how often measures are wrong about which of two models has the larger gap, environment by environment.
 *
 *     se = (1 - sign(mu1 - mu2) sign(g1 - g2)) / 2         error = sum w se / sum w      over the pairs of an environment
 *     effective number of pairs = (sum w)^2 / sum w^2      w = er_rank_pair_weight(g1 - g2)
 */
#ifndef ERMINE_RANK_SIGN_ERROR_H
#define ERMINE_RANK_SIGN_ERROR_H

#include "rank/comparison.h"

#include <ermine/pool.h>
#include <ermine/progress.h>

struct er_rank_sign_errors_of {
    struct er_rank_sign_errors all;
    struct er_rank_sign_errors *axis; /* A */
};

/* out[k]: sign errors of the comparison's K measures, with intervals of the same draws as er_rank_statistics_new(). The same bits
 * for any pool. ER_E_LIMIT (environments times measures above 2^26), ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_rank_sign_errors_new(const struct er_rank_comparison *c,
                                       const struct er_rank_options *options, struct er_pool *pool,
                                       const struct er_progress *progress,
                                       struct er_rank_sign_errors_of **out, struct er_error *err);
void er_rank_sign_errors_free(struct er_rank_sign_errors_of *errors);

#endif
