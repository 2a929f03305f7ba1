/* soft_impute_path.c - falling lambdas, each from the solution before; and one of them chosen by validation. */
#include <ermine/soft_impute.h>
#include <inttypes.h>
#include <math.h>

enum { RISEN = 3 }; /* values of lambda in a row whose validation error was above the least */
static const double rough =
    1e-4; /* gap of what is only on the way to a solution, or judged by held-out entries */

struct er_soft_impute_path er_soft_impute_path_default(void)
{
    return (struct er_soft_impute_path){.count = 20, .least = 0.01};
}

/* Of lambda_max, the i-th of a path. */
static double ratio_of(const struct er_soft_impute_path *path, int64_t i)
{
    return path->count > 1 ? pow(path->least, (double)i / (double)(path->count - 1)) : path->least;
}

/* The first `n` of a path. */
static enum er_status walk(const struct er_recovery *problem, const struct er_soft_impute_options *options,
                           const struct er_soft_impute_path *path, int64_t n, er_soft_impute_seen *seen,
                           void *ctx, struct er_factored *x, struct er_soft_impute_state *state,
                           struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    double largest = 0;
    bool going = true;
    if (path->count < 1 || !(path->least >= 1e-12 && path->least <= 1))
        return er_fail(err, ER_E_USAGE,
                       "soft-impute: a path of %" PRId64
                       " values down to %g of the largest: at least 1, 1e-12 to 1",
                       path->count, path->least);
    enum er_status status = er_soft_impute_largest(problem, options->seed, &largest, pool, err);
    if (status == ER_OK && !(largest > 0))
        status = er_fail(err, ER_E_INPUT, "soft-impute: all observed entries are 0, there is no path");
    for (int64_t i = 0; status == ER_OK && going && i < n; i++) {
        status = er_soft_impute(problem, options, ratio_of(path, i) * largest, x, state, pool, progress, err);
        if (status == ER_OK && seen) going = seen(ctx, state, x);
    }
    return status;
}

enum er_status er_soft_impute_along(const struct er_recovery *problem,
                                    const struct er_soft_impute_options *options,
                                    const struct er_soft_impute_path *path, er_soft_impute_seen *seen,
                                    void *ctx, struct er_factored *x, struct er_soft_impute_state *state,
                                    struct er_pool *pool, const struct er_progress *progress,
                                    struct er_error *err)
{
    return walk(problem, options, path, path->count, seen, ctx, x, state, pool, progress, err);
}

struct validation {
    const struct er_sparse *held;
    struct er_pool *pool;
    double least;
    int64_t at, best;
    enum er_status status;
    struct er_error *err;
};

static bool see(void *ctx, const struct er_soft_impute_state *state, const struct er_factored *x)
{
    struct validation *v = ctx;
    double error = (double)NAN;
    (void)state;
    v->status = er_factored_error(x, v->held, &error, v->pool, v->err);
    if (error < v->least) {
        v->least = error;
        v->best = v->at;
    }
    v->at++;
    return v->status == ER_OK && v->at - 1 - v->best < RISEN;
}

enum er_status er_soft_impute_chosen(const struct er_recovery *problem,
                                     const struct er_soft_impute_options *options,
                                     const struct er_soft_impute_path *path, double share, uint64_t seed,
                                     struct er_soft_impute_choice *choice, struct er_factored *x,
                                     struct er_soft_impute_state *state, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_error *err)
{
    struct er_recovery part = {0};
    struct er_soft_impute_options roughly = *options;
    struct er_factored tried = {0};
    struct er_soft_impute_state unused;
    struct validation v = {.pool = pool, .least = (double)INFINITY, .err = err};
    enum er_status status = er_recovery_hold_out(problem, share, seed, &part, err);
    v.held = &part.test;
    roughly.gap = fmax(roughly.gap, rough);
    if (status == ER_OK)
        status = walk(&part, &roughly, path, path->count, see, &v, &tried, &unused, pool, progress, err);
    if (status == ER_OK) status = v.status;
    er_factored_clear(&tried);
    er_recovery_clear(&part);
    if (status == ER_OK)
        status = walk(problem, &roughly, path, v.best + 1, NULL, NULL, x, state, pool, progress, err);
    if (status == ER_OK)
        status = er_soft_impute(problem, options, state->lambda, x, state, pool, progress, err);
    if (status == ER_OK) *choice = (struct er_soft_impute_choice){ratio_of(path, v.best), v.least, v.best};
    return status;
}
