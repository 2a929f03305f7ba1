/* soft_impute_path.c - falling lambdas, each from the solution before; and one of them chosen by validation. */
#include <ermine/soft_impute.h>
#include <inttypes.h>
#include <math.h>

enum { RISEN = 3 };               /* values of lambda in a row whose validation error was above the least */
static const double ROUGH = 3e-3; /* gap of what is only judged by held-out entries */

struct er_soft_impute_path er_soft_impute_path_default(void)
{
    return (struct er_soft_impute_path){.count = 20, .least = 0.01};
}

/* Of lambda_max, the i-th of a path. */
static double ratio_of(const struct er_soft_impute_path *path, int64_t i)
{
    return path->count > 1 ? pow(path->least, (double)i / (double)(path->count - 1)) : path->least;
}

/* lambda_max, above 0. */
static enum er_status find_largest(const struct er_recovery *problem, uint64_t seed, double *largest,
                                   struct er_pool *pool, struct er_error *err)
{
    const enum er_status status = er_soft_impute_largest(problem, seed, largest, pool, err);
    return status == ER_OK && !(*largest > 0)
               ? er_fail(err, ER_E_INPUT, "soft-impute: all observed entries are 0, there is no path")
               : status;
}

enum er_status er_soft_impute_along(const struct er_recovery *problem,
                                    const struct er_soft_impute_options *options,
                                    const struct er_soft_impute_path *path, er_soft_impute_seen *seen,
                                    void *ctx, struct er_factored *x, struct er_soft_impute_state *state,
                                    struct er_pool *pool, const struct er_progress *progress,
                                    struct er_error *err)
{
    double largest = 0;
    bool going = true;
    if (path->count < 1 || !(path->least >= 1e-12 && path->least <= 1))
        return er_fail(err, ER_E_USAGE,
                       "soft-impute: a path of %" PRId64
                       " values down to %g of the largest: at least 1, 1e-12 to 1",
                       path->count, path->least);
    enum er_status status = find_largest(problem, options->seed, &largest, pool, err);
    for (int64_t i = 0; status == ER_OK && going && i < path->count; i++) {
        status = er_soft_impute(problem, options, ratio_of(path, i) * largest, x, state, pool, progress, err);
        if (status == ER_OK && seen) going = seen(ctx, state, x);
    }
    return status;
}

struct validation {
    const struct er_sparse *held;
    struct er_pool *pool;
    er_soft_impute_tried *tried;
    void *ctx; /* of tried */
    double least;
    int64_t at, best;
    struct er_factored x; /* of the least error */
    enum er_status status;
    struct er_error *err;
};

static bool see(void *ctx, const struct er_soft_impute_state *state, const struct er_factored *x)
{
    struct validation *v = ctx;
    double error = (double)NAN;
    v->status = er_factored_error(x, v->held, &error, v->pool, v->err);
    if (v->status == ER_OK && v->tried) v->tried(v->ctx, state, error);
    if (error < v->least) {
        v->least = error;
        v->best = v->at;
        er_factored_clear(&v->x);
        v->status = er_factored_copy(x, &v->x, v->err);
    }
    v->at++;
    return v->status == ER_OK && v->at - 1 - v->best < RISEN;
}

enum er_status er_soft_impute_chosen(const struct er_recovery *problem,
                                     const struct er_soft_impute_options *options,
                                     const struct er_soft_impute_path *path, double share, uint64_t seed,
                                     er_soft_impute_tried *tried, void *ctx,
                                     struct er_soft_impute_choice *choice, struct er_factored *x,
                                     struct er_soft_impute_state *state, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_error *err)
{
    struct er_recovery part = {0};
    struct er_soft_impute_options roughly = *options;
    struct er_factored found = {0};
    struct er_soft_impute_state unused;
    double largest = 0;
    struct validation v = {.pool = pool, .tried = tried, .ctx = ctx, .least = (double)INFINITY, .err = err};
    enum er_status status = er_recovery_hold_out(problem, share, seed, &part, err);
    v.held = &part.test;
    roughly.gap = fmax(roughly.gap, ROUGH);
    if (status == ER_OK)
        status = er_soft_impute_along(&part, &roughly, path, see, &v, &found, &unused, pool, progress, err);
    if (status == ER_OK) status = v.status;
    er_factored_clear(&found);
    er_recovery_clear(&part);
    if (status == ER_OK) status = find_largest(problem, options->seed, &largest, pool, err);
    if (status == ER_OK)
        status = er_soft_impute(problem, options, ratio_of(path, v.best) * largest, &v.x, state, pool,
                                progress, err);
    if (status == ER_OK) {
        *choice = (struct er_soft_impute_choice){ratio_of(path, v.best), v.least, v.best};
        *x = v.x;
    } else {
        er_factored_clear(&v.x);
    }
    return status;
}
