/* als_chosen.c - the weight of the penalty by validation. */
#include <ermine/als.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_als_chosen(const struct er_recovery *problem, const struct er_als_options *options,
                             int64_t count, const double *lambda, double share, uint64_t seed,
                             int64_t *chosen, double *error, struct er_factored *x,
                             struct er_als_state *state, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err)
{
    struct er_recovery part = {0};
    struct er_als_options o = *options;
    double least = (double)INFINITY;
    int64_t best = 0;
    if (count < 1) return er_fail(err, ER_E_USAGE, "als: %" PRId64 " values of lambda to choose from", count);
    enum er_status status = er_recovery_hold_out(problem, share, seed, &part, err);
    for (int64_t i = 0; status == ER_OK && i < count; i++) {
        struct er_factored tried = {0};
        struct er_als_state unused;
        double found = (double)NAN;
        o.lambda = lambda[i];
        status = er_als(&part, &o, &tried, &unused, pool, progress, err);
        if (status == ER_OK) status = er_factored_error(&tried, &part.test, &found, pool, err);
        er_factored_clear(&tried);
        if (found < least) {
            least = found;
            best = i;
        }
    }
    er_recovery_clear(&part);
    o.lambda = lambda[best];
    if (status == ER_OK) status = er_als(problem, &o, x, state, pool, progress, err);
    if (status != ER_OK) return status;
    if (chosen) *chosen = best;
    if (error) *error = least;
    return ER_OK;
}
