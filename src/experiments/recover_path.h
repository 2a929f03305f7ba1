/* recover_path.h - the lambda of soft-impute chosen by validation, with all that was tried on the way.
 *
 *     hold out a share of the observations; solve for lambda_max, ..., 0.01 lambda_max on the others, each from the solution
 *     before, until the error on what is held out has been above its least for three values in a row; of the least one's
 *     ratio lambda / lambda_max, solve on all observations
 */
#ifndef ERMINE_EXPERIMENTS_RECOVER_PATH_H
#define ERMINE_EXPERIMENTS_RECOVER_PATH_H

#include <ermine/soft_impute.h>

enum { ER_RECOVER_PATH = 20 };

struct er_recover_path {
    struct {
        struct er_soft_impute_state state;
        double error; /* mean squared, on what is held out */
    } step[ER_RECOVER_PATH];
    int64_t n;
};

/* x begins empty, of the problem's shape; then it is the solution on all observations, of which `state` tells. On failure it is
 * untouched. Errors of er_recovery_hold_out() and er_soft_impute(). */
enum er_status er_recover_path(const struct er_recovery *problem,
                               const struct er_soft_impute_options *options, double share, uint64_t seed,
                               struct er_recover_path *path, struct er_factored *x,
                               struct er_soft_impute_state *state, struct er_pool *pool,
                               const struct er_progress *progress, struct er_error *err);

#endif
